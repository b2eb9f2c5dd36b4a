"""Authorizations, product associations and partner systems over gRPC."""

from millrun.authorization.v1 import authorization_pb2 as pb
from sqlalchemy.orm import Session

from services.authorization import queries
from services.authorization.commands import partner_secrets, partners, permissions, purchases
from services.authorization.commands.purchases import Checked
from services.authorization.commands.signing_in import SignedIn
from services.authorization.domain.association import ProductAssociation
from services.authorization.domain.authorization import Authorization
from services.authorization.domain.partner import PartnerClient
from services.authorization.wire import (
    association_message,
    associations_message,
    authorization_message,
    authorizations_message,
    enrolled_message,
    following_from,
    limits_from,
    partner_message,
    partners_message,
    purchase_message,
    purpose_from,
    role_from,
    session_message,
)
from shared import call
from shared.caller import ANY_ROLE, CUSTOMER_ROLES, Caller, Role
from shared.paging import Page
from shared.rpc import ANYBODY, Servicer, command, query
from shared.storage import NOTHING

Seen = tuple[ProductAssociation, Caller]
"""An association, and who looks at it."""

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
PROJECT_MANAGER = frozenset({Role.PROJECT_MANAGER})


def _proven(self: Servicer, request: pb.ExchangePartnerSecretRequest, caller: Caller) -> None:
    partner_secrets.prove_partner(
        self.database,
        name=request.name,
        secret=request.secret,
        network=call.current().network,
    )


class PermissionRpcs(Servicer):
    """Who may do what where."""

    @command(answer=authorization_message, allow=ADMINISTRATOR)
    def CreateAuthorization(
        self, request: pb.CreateAuthorizationRequest, tx: Session, caller: Caller
    ) -> Authorization:
        return permissions.create_authorization(
            tx,
            parent=request.parent,
            email=request.authorization.email,
            role=role_from(request.authorization.role),
            limits=limits_from(request.authorization),
        )

    @command(answer=authorization_message, allow=ADMINISTRATOR)
    def UpdateAuthorization(
        self, request: pb.UpdateAuthorizationRequest, tx: Session, caller: Caller
    ) -> Authorization:
        return permissions.update_authorization(
            tx,
            name=request.authorization.name,
            limits=limits_from(request.authorization),
            fields=request.update_mask.paths,
            etag=request.authorization.etag,
        )

    @query(answer=authorization_message, allow=CUSTOMER_ROLES)
    def GetAuthorization(
        self, request: pb.GetAuthorizationRequest, tx: Session, caller: Caller
    ) -> Authorization:
        return queries.get_authorization(tx, name=request.name, caller=caller)

    @query(answer=authorizations_message, allow=CUSTOMER_ROLES)
    def ListAuthorizations(
        self, request: pb.ListAuthorizationsRequest, tx: Session, caller: Caller
    ) -> Page[Authorization]:
        return queries.list_authorizations(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=authorization_message, allow=ADMINISTRATOR)
    def RevokeAuthorization(
        self, request: pb.RevokeAuthorizationRequest, tx: Session, caller: Caller
    ) -> Authorization:
        return permissions.revoke_authorization(tx, name=request.name, etag=request.etag)

    @command(answer=association_message, allow=PROJECT_MANAGER)
    def AssociateProduct(
        self, request: pb.AssociateProductRequest, tx: Session, caller: Caller
    ) -> Seen:
        association = permissions.associate_product(
            tx, parent=request.parent, product=request.product_association.product, caller=caller
        )
        return association, caller

    @command(answer=association_message, allow=ADMINISTRATOR)
    def ProposeAssociation(
        self, request: pb.ProposeAssociationRequest, tx: Session, caller: Caller
    ) -> Seen:
        association = permissions.propose_association(
            tx, parent=request.parent, product=request.product_association.product
        )
        return association, caller

    @command(answer=association_message, allow=ADMINISTRATOR)
    def AcceptAssociation(
        self, request: pb.AcceptAssociationRequest, tx: Session, caller: Caller
    ) -> Seen:
        association = permissions.accept_association(
            tx, name=request.name, etag=request.etag, caller=caller
        )
        return association, caller

    @command(answer=association_message, allow=ADMINISTRATOR)
    def DeclineAssociation(
        self, request: pb.DeclineAssociationRequest, tx: Session, caller: Caller
    ) -> Seen:
        association = permissions.decline_association(
            tx, name=request.name, etag=request.etag, caller=caller
        )
        return association, caller

    @query(answer=associations_message, allow=ANY_ROLE)
    def ListProductAssociations(
        self, request: pb.ListProductAssociationsRequest, tx: Session, caller: Caller
    ) -> Page[Seen]:
        return queries.list_product_associations(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        ).map(lambda association: (association, caller))

    @command(answer=association_message, allow=ADMINISTRATOR | PROJECT_MANAGER)
    def DissociateProduct(
        self, request: pb.DissociateProductRequest, tx: Session, caller: Caller
    ) -> Seen:
        association = permissions.dissociate_product(tx, name=request.name, etag=request.etag)
        return association, caller

    @command(answer=enrolled_message, allow=ADMINISTRATOR)
    def EnrollPartner(
        self, request: pb.EnrollPartnerRequest, tx: Session, caller: Caller
    ) -> tuple[PartnerClient, str]:
        return partners.enroll_partner(
            tx,
            parent=request.parent,
            display_name=request.partner_client.display_name,
            following=following_from(request.partner_client),
        )

    @command(answer=partner_message, allow=ADMINISTRATOR)
    def UpdatePartner(
        self, request: pb.UpdatePartnerRequest, tx: Session, caller: Caller
    ) -> PartnerClient:
        return partners.update_partner(
            tx,
            name=request.partner_client.name,
            display_name=request.partner_client.display_name,
            following=following_from(request.partner_client),
            fields=request.update_mask.paths,
            etag=request.partner_client.etag,
        )

    # Without a request id: a secret is never stored with an answer.
    @command(answer=enrolled_message, allow=ADMINISTRATOR)
    def RotatePartnerSecret(
        self, request: pb.RotatePartnerSecretRequest, tx: Session, caller: Caller
    ) -> tuple[PartnerClient, str]:
        return partners.rotate_partner_secret(tx, name=request.name, etag=request.etag)

    @query(answer=partners_message, allow=ADMINISTRATOR)
    def ListPartnerClients(
        self, request: pb.ListPartnerClientsRequest, tx: Session, caller: Caller
    ) -> Page[PartnerClient]:
        return queries.list_partner_clients(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=partner_message, allow=ADMINISTRATOR)
    def RevokePartner(
        self, request: pb.RevokePartnerRequest, tx: Session, caller: Caller
    ) -> PartnerClient:
        return partners.revoke_partner(tx, name=request.name, etag=request.etag)

    # The name says whose client it is: the transaction begins with nothing and sees only that.
    @command(answer=session_message, allow=ANYBODY, scope=NOTHING, ask=_proven)
    def ExchangePartnerSecret(
        self, request: pb.ExchangePartnerSecretRequest, tx: Session, caller: Caller, _: None
    ) -> SignedIn:
        return partner_secrets.exchange_partner_secret(tx, name=request.name, secret=request.secret)

    @command(answer=purchase_message, allow=CUSTOMER_ROLES)
    def CheckPurchase(
        self, request: pb.CheckPurchaseRequest, tx: Session, caller: Caller
    ) -> Checked:
        return purchases.check_purchase(
            tx,
            products=request.products,
            purpose=purpose_from(request.purpose),
            quantities=request.quantities,
            order=request.order,
            caller=caller,
        )
