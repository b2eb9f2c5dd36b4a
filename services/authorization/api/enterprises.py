"""Enterprises, their certification and their members over gRPC."""

from millrun.authorization.v1 import authorization_pb2 as pb
from sqlalchemy.orm import Session

from services.authorization import queries
from services.authorization.commands import enterprises
from services.authorization.domain.certification import Certification
from services.authorization.domain.enterprise import Enterprise
from services.authorization.domain.membership import Membership
from services.authorization.settings import AuthorizationSettings
from services.authorization.store import Certifications, Enterprises
from services.authorization.wire import (
    certification_message,
    certifications_message,
    enterprise_message,
    enterprises_message,
    kinds_from,
    membership_message,
    memberships_message,
    nothing,
    roles_from,
    state_from,
)
from shared.caller import ANY_ROLE, STAFF_ROLES, Caller, Role
from shared.documents import Document
from shared.inspection import asking
from shared.paging import Page
from shared.rpc import SIGNED_IN, Servicer, command, download, query, upload
from shared.storage import EVERYTHING, Scope
from shared.wire import time_from

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
CERTIFIER = frozenset({Role.CERTIFIER})


class EnterpriseRpcs(Servicer):
    """Which enterprises there are."""

    @command(answer=enterprise_message, allow=SIGNED_IN, scope=EVERYTHING)
    def CreateEnterprise(
        self, request: pb.CreateEnterpriseRequest, tx: Session, caller: Caller
    ) -> Enterprise:
        return enterprises.create_enterprise(
            tx,
            enterprise_id=request.enterprise_id,
            legal_name=request.enterprise.legal_name,
            kinds=kinds_from(request.enterprise.kinds),
            registration_no=request.enterprise.registration_no,
            address=request.enterprise.address,
            caller=caller,
        )

    @query(answer=enterprise_message, allow=ANY_ROLE)
    def GetEnterprise(
        self, request: pb.GetEnterpriseRequest, tx: Session, caller: Caller
    ) -> Enterprise:
        return Enterprises(tx).get(request.name)

    @query(answer=enterprises_message, allow=STAFF_ROLES)
    def ListEnterprises(
        self, request: pb.ListEnterprisesRequest, tx: Session, caller: Caller
    ) -> Page[Enterprise]:
        return queries.list_enterprises(
            tx,
            legal_name=request.legal_name,
            registration_no=request.registration_no,
            search=request.search,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=certification_message, allow=ADMINISTRATOR)
    def RequestCertification(
        self, request: pb.RequestCertificationRequest, tx: Session, caller: Caller
    ) -> Certification:
        return enterprises.request_certification(
            tx, parent=request.parent, registration_no=request.certification.registration_no
        )

    def _look_at(self, request: pb.AttachCertificationDocumentRequest, caller: Caller) -> str:
        """Look at the file, in no transaction: it may be hostile, and it takes its time."""
        assert isinstance(self.settings, AuthorizationSettings)
        with self.database.transaction(Scope.of(caller), read_only=True) as tx:
            Certifications(tx).get(request.name).insist_open()
        return asking.media_type(request.content, self.settings)

    @upload(answer=certification_message, allow=ADMINISTRATOR, ask=_look_at)
    def AttachCertificationDocument(
        self,
        request: pb.AttachCertificationDocumentRequest,
        tx: Session,
        caller: Caller,
        media_type: str,
    ) -> Certification:
        return enterprises.attach_document(
            tx,
            name=request.name,
            file_name=request.file_name,
            media_type=media_type,
            content=request.content,
        )

    @download(allow=ADMINISTRATOR | CERTIFIER)
    def DownloadCertificationDocument(
        self, request: pb.DownloadCertificationDocumentRequest, tx: Session, caller: Caller
    ) -> Document:
        return queries.certification_document(tx, name=request.name, digest=request.digest)

    @query(answer=certifications_message, allow=ANY_ROLE)
    def ListCertifications(
        self, request: pb.ListCertificationsRequest, tx: Session, caller: Caller
    ) -> Page[Certification]:
        return queries.list_certifications(
            tx,
            parent=request.parent,
            state=state_from(request.state),
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=certification_message, allow=CERTIFIER)
    def ApproveCertification(
        self, request: pb.ApproveCertificationRequest, tx: Session, caller: Caller
    ) -> Certification:
        return enterprises.approve_certification(
            tx,
            name=request.name,
            business_manager=request.business_manager,
            project_manager=request.project_manager,
            until=time_from(request.expire_time),
            etag=request.etag,
        )

    @command(answer=certification_message, allow=CERTIFIER)
    def RejectCertification(
        self, request: pb.RejectCertificationRequest, tx: Session, caller: Caller
    ) -> Certification:
        return enterprises.reject_certification(
            tx, name=request.name, reason=request.reason, etag=request.etag
        )

    @command(answer=membership_message, allow=ADMINISTRATOR)
    def CreateMembership(
        self, request: pb.CreateMembershipRequest, tx: Session, caller: Caller
    ) -> Membership:
        return enterprises.create_membership(
            tx,
            parent=request.parent,
            email=request.membership.email,
            roles=roles_from(request.membership.roles),
        )

    @command(answer=membership_message, allow=ADMINISTRATOR)
    def UpdateMembership(
        self, request: pb.UpdateMembershipRequest, tx: Session, caller: Caller
    ) -> Membership:
        return enterprises.update_membership(
            tx,
            name=request.membership.name,
            roles=roles_from(request.membership.roles),
            fields=request.update_mask.paths,
            etag=request.membership.etag,
        )

    @command(answer=nothing, allow=ADMINISTRATOR)
    def RemoveMembership(
        self, request: pb.RemoveMembershipRequest, tx: Session, caller: Caller
    ) -> None:
        return enterprises.remove_membership(tx, name=request.name, etag=request.etag)

    @query(answer=memberships_message, allow=ADMINISTRATOR | STAFF_ROLES)
    def ListMemberships(
        self, request: pb.ListMembershipsRequest, tx: Session, caller: Caller
    ) -> Page[Membership]:
        return queries.list_memberships(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )
