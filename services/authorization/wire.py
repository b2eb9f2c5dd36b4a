"""Accounts, enterprises and permissions in and out of protobuf."""

from collections.abc import Iterable
from typing import Any

from google.protobuf.empty_pb2 import Empty
from millrun.authorization.v1 import (
    account_pb2,
    authorization_pb2,
    enterprise_pb2,
    grant_pb2,
    project_pb2,
    sign_in_pb2,
)
from millrun.ordering.v1 import order_pb2
from sqlalchemy import Row

from services.authorization.commands.purchases import Checked
from services.authorization.commands.signing_in import Challenged, SignedIn
from services.authorization.domain.account import Account, in_order
from services.authorization.domain.association import ProductAssociation
from services.authorization.domain.authorization import Authorization, Limits
from services.authorization.domain.certification import Certification, State
from services.authorization.domain.deputyship import Deputyship
from services.authorization.domain.enterprise import Enterprise, Kind
from services.authorization.domain.errors import BadKind, BadPurpose, BadRole
from services.authorization.domain.membership import Membership
from services.authorization.domain.partner import Following, PartnerClient
from services.authorization.domain.project import Project
from services.authorization.domain.purchase import Lack, Verdict
from services.authorization.domain.purpose import Purpose
from services.authorization.domain.purpose import in_order as purposes_in_order
from services.authorization.domain.session import SignInSession
from services.authorization.domain.space import Space
from services.authorization.explaining import Explained
from services.authorization.provider import Question
from services.authorization.settings import AuthorizationSettings
from shared.caller import Caller, Role
from shared.clock import now
from shared.invalidations import validity_of
from shared.paging import Page
from shared.revoked import digest_of
from shared.wire import time_from, time_message

_ROLES: dict[int, Role] = {account_pb2.Role.Value(role.name): role for role in Role}
_PURPOSES: dict[int, Purpose] = {order_pb2.Purpose.Value(each.name): each for each in Purpose}
_KINDS: dict[int, Kind] = {enterprise_pb2.Enterprise.Kind.Value(kind.name): kind for kind in Kind}


def role_from(number: int) -> Role:
    """Read a role; BadRole if it is none."""
    if number not in _ROLES:
        raise BadRole
    return _ROLES[number]


def roles_from(numbers: Iterable[int]) -> frozenset[Role]:
    """Read roles; BadRole if one of them is none."""
    return frozenset(map(role_from, numbers))


def purpose_from(number: int) -> Purpose | None:
    """Read what something is ordered for; None for nothing said; BadPurpose if it is none."""
    if number and number not in _PURPOSES:
        raise BadPurpose
    return _PURPOSES.get(number)


def purposes_from(numbers: Iterable[int]) -> frozenset[Purpose]:
    """Read what may be ordered for; BadPurpose if one of it is nothing known."""
    given = list(numbers)
    if not set(given) <= set(_PURPOSES):
        raise BadPurpose
    return frozenset(_PURPOSES[number] for number in given)


def kinds_from(numbers: Iterable[int]) -> frozenset[Kind]:
    """Read what an enterprise does; BadKind if one of it is nothing known."""
    given = list(numbers)
    if not set(given) <= set(_KINDS):
        raise BadKind
    return frozenset(_KINDS[number] for number in given)


def state_from(number: "enterprise_pb2.Certification.State.ValueType") -> State | None:
    """Read where a certification shall stand; None for wherever."""
    return None if not number else State[enterprise_pb2.Certification.State.Name(number)]


def limits_from(message: grant_pb2.Authorization) -> Limits:
    """Read how far an authorization shall go; BadPurpose, BadTime."""
    return Limits(
        products=tuple(message.products),
        purposes=purposes_from(message.purposes),
        cap=message.quantity_cap or None,
        expires_at=time_from(message.expire_time),
    )


def following_from(message: grant_pb2.PartnerClient) -> Following:
    """Read what a partner system may follow; ScopeTooLarge."""
    return Following.of(message.event_types, message.products)


def nothing(_: object) -> Empty:
    """Answer that it is done."""
    return Empty()


def role_messages(roles: Iterable[Role]) -> "list[account_pb2.Role.ValueType]":
    """Return roles in the one order they are shown in."""
    return [account_pb2.Role.Value(role.name) for role in in_order(roles)]


def kind_messages(kinds: Iterable[Kind]) -> "list[enterprise_pb2.Enterprise.Kind.ValueType]":
    """Return what an enterprise does in the one order it is shown in."""
    return sorted(enterprise_pb2.Enterprise.Kind.Value(kind.name) for kind in kinds)


def account_message(account: Account) -> account_pb2.Account:
    return account_pb2.Account(
        name=account.name,
        email=account.email,
        display_name=account.display_name,
        phone=account.phone,
        staff_roles=role_messages(account.staff_roles),
        create_time=time_message(account.registered_at),
        etag=account.etag,
        verify_time=time_message(account.verified_at),
        two_step_time=time_message(account.two_step_at),
        provider=account.provider,
    )


def options_message(settings: AuthorizationSettings) -> sign_in_pb2.SignInOptions:
    name = settings.provider_name if settings.provider_issuer else ""
    return sign_in_pb2.SignInOptions(provider=name)


def question_message(asked: tuple[Question, str]) -> sign_in_pb2.ProviderQuestion:
    question, url = asked
    return sign_in_pb2.ProviderQuestion(url=url, state=question.state)


def enrollment_message(enrollment: tuple[str, str]) -> sign_in_pb2.TwoStepEnrollment:
    secret, uri = enrollment
    return sign_in_pb2.TwoStepEnrollment(secret=secret, uri=uri)


def recovery_codes_message(codes: list[str]) -> sign_in_pb2.RecoveryCodes:
    return sign_in_pb2.RecoveryCodes(codes=codes)


def session_message(signed_in: SignedIn | Challenged) -> authorization_pb2.Session:
    if isinstance(signed_in, Challenged):
        return authorization_pb2.Session(challenge=signed_in.secret)
    who = signed_in.who
    return authorization_pb2.Session(
        account=account_message(who)
        if isinstance(who, Account)
        else account_pb2.Account(name=who.name, display_name=who.display_name),
        spaces=map(space_message, signed_in.spaces),
        space=space_message(signed_in.space),
        name=signed_in.session,
        needs=sorted(sign_in_pb2.Need.Value(need.name) for need in signed_in.needs),
        session_secret=signed_in.secret,
        access_token=signed_in.token,
        expire_time=time_message(signed_in.expires_at),
    )


def sign_in_message(session: SignInSession) -> account_pb2.SignInSession:
    return account_pb2.SignInSession(
        name=session.name,
        device=session.device,
        network=session.network,
        create_time=time_message(session.opened_at),
        last_use_time=time_message(session.used_at),
    )


def sign_ins_message(page: Page[SignInSession]) -> account_pb2.ListSessionsResponse:
    return account_pb2.ListSessionsResponse(
        sessions=map(sign_in_message, page.items), next_page_token=page.next_token
    )


def revocations_message(rows: Iterable[Row[Any]]) -> authorization_pb2.ListRevocationsResponse:
    return authorization_pb2.ListRevocationsResponse(
        revocations=[
            account_pb2.Revocation(
                digest=digest_of(row.subject, row.space),
                position=row.position,
                create_time=time_message(row.revoked_at),
            )
            for row in rows
        ]
    )


def space_message(space: Space) -> account_pb2.Space:
    return account_pb2.Space(
        enterprise=space.name,
        display_name=space.display_name,
        roles=role_messages(space.roles),
        certified=space.certified,
        deputy_of=sorted(space.deputy_of),
    )


def deputyship_message(deputyship: Deputyship) -> account_pb2.Deputyship:
    return account_pb2.Deputyship(
        name=deputyship.name,
        absent=deputyship.absent,
        absent_display_name=deputyship.absent_display_name,
        deputy=deputyship.deputy,
        deputy_display_name=deputyship.deputy_display_name,
        begin_time=time_message(deputyship.begins_at),
        end_time=time_message(deputyship.ends_at),
        state=account_pb2.Deputyship.State.Value(deputyship.state.name),
        create_time=time_message(deputyship.created_at),
        etag=deputyship.etag,
    )


def deputyships_message(page: Page[Deputyship]) -> authorization_pb2.ListDeputyshipsResponse:
    return authorization_pb2.ListDeputyshipsResponse(
        deputyships=map(deputyship_message, page.items), next_page_token=page.next_token
    )


def enterprise_message(enterprise: Enterprise) -> enterprise_pb2.Enterprise:
    manager, project = enterprise.business_manager, enterprise.project_manager
    return enterprise_pb2.Enterprise(
        name=enterprise.name,
        legal_name=enterprise.legal_name,
        registration_no=enterprise.registration_no,
        address=enterprise.address,
        kinds=kind_messages(enterprise.kinds),
        certified=enterprise.is_certified,
        certification_expire_time=time_message(enterprise.certified_until),
        certification_due=enterprise.is_due,
        business_manager=manager.name if manager else "",
        business_manager_display_name=manager.display_name if manager else "",
        business_manager_email=manager.email if manager else "",
        project_manager=project.name if project else "",
        create_time=time_message(enterprise.created_at),
        etag=enterprise.etag,
    )


def project_message(project: Project) -> project_pb2.Project:
    return project_pb2.Project(
        name=project.name,
        display_name=project.display_name,
        project_manager=project.project_manager.name,
        project_manager_display_name=project.project_manager.display_name,
        products=project.products,
        state=project_pb2.Project.State.Value(project.state.name),
        enterprise_legal_name=project.enterprise_legal_name,
        create_time=time_message(project.created_at),
        etag=project.etag,
    )


def projects_message(page: Page[Project]) -> project_pb2.ListProjectsResponse:
    return project_pb2.ListProjectsResponse(
        projects=map(project_message, page.items), next_page_token=page.next_token
    )


def certification_message(certification: Certification) -> enterprise_pb2.Certification:
    return enterprise_pb2.Certification(
        name=certification.name,
        state=enterprise_pb2.Certification.State.Value(certification.state.name),
        legal_name=certification.legal_name,
        registration_no=certification.registration_no,
        reason=certification.reason,
        documents=[
            enterprise_pb2.CertificationDocument(
                digest=each.digest,
                file_name=each.file_name,
                media_type=each.media_type,
                size=each.size,
                create_time=time_message(each.attached_at),
            )
            for each in certification.proofs
        ],
        expire_time=time_message(certification.expires_at),
        create_time=time_message(certification.created_at),
        decide_time=time_message(certification.decided_at),
        etag=certification.etag,
    )


def membership_message(membership: Membership) -> enterprise_pb2.Membership:
    return enterprise_pb2.Membership(
        name=membership.name,
        account=membership.account,
        email=membership.email,
        display_name=membership.display_name,
        roles=role_messages(membership.roles),
        create_time=time_message(membership.created_at),
        etag=membership.etag,
    )


def authorization_message(authorization: Authorization) -> grant_pb2.Authorization:
    return grant_pb2.Authorization(
        name=authorization.name,
        account=authorization.account,
        email=authorization.email,
        display_name=authorization.display_name,
        role=account_pb2.Role.Value(authorization.role.name),
        products=authorization.products,
        state=grant_pb2.Authorization.State.Value(authorization.state.name),
        purposes=[
            order_pb2.Purpose.Value(each.name) for each in purposes_in_order(authorization.purposes)
        ],
        quantity_cap=authorization.cap or 0,
        used_quantity=authorization.used if authorization.cap else 0,
        expire_time=time_message(authorization.expires_at),
        create_time=time_message(authorization.created_at),
        etag=authorization.etag,
    )


def association_message(seen: tuple[ProductAssociation, Caller]) -> grant_pb2.ProductAssociation:
    """Return an association as somebody may see it."""
    association, caller = seen
    known = association.seen_by(caller)
    return grant_pb2.ProductAssociation(
        name=association.name,
        product=(association.product if known else "") or association.asked,
        owner=f"enterprises/{association.owner}" if known and association.owner else "",
        owner_legal_name=association.owner_legal_name if known else "",
        manufacturer_legal_name=association.manufacturer_legal_name,
        state=grant_pb2.ProductAssociation.State.Value(association.state.name),
        create_time=time_message(association.created_at),
        open_time=time_message(association.opened_at),
        etag=association.etag,
    )


def partner_message(client: PartnerClient) -> grant_pb2.PartnerClient:
    return grant_pb2.PartnerClient(
        name=client.name,
        display_name=client.display_name,
        state=grant_pb2.PartnerClient.State.Value(client.state.name),
        event_types=client.event_types,
        products=client.products,
        rotate_time=time_message(client.rotated_at),
        former_secret_expire_time=time_message(client.former_until),
        create_time=time_message(client.created_at),
        etag=client.etag,
    )


def enrolled_message(enrolled: tuple[PartnerClient, str]) -> grant_pb2.PartnerClient:
    """Return a new partner client with its secret: the only time anybody sees it."""
    client, secret = enrolled
    message = partner_message(client)
    message.secret = secret
    return message


def purchase_message(checked: Checked) -> authorization_pb2.CheckPurchaseResponse:
    """Answer what was found out; of rows, and without going through objects: it is asked a lot."""
    row = checked.enterprise
    manager, project = row.business_manager_id, row.project_manager_id
    until = row.certified_until
    certified = row.certified_at is not None and (until is None or until > now())
    return authorization_pb2.CheckPurchaseResponse(
        enterprise=enterprise_pb2.Enterprise(
            name=f"enterprises/{row.enterprise}",
            legal_name=row.legal_name,
            registration_no=row.registration_no,
            address=row.address,
            kinds=kind_messages(map(Kind, row.kinds)),
            certified=certified,
            certification_expire_time=time_message(row.certified_until),
            certification_due=not certified or row.ending_told,
            business_manager=f"accounts/{manager}" if manager else "",
            business_manager_display_name=row.business_manager_display_name or "",
            business_manager_email=row.business_manager_email or "",
            project_manager=f"accounts/{project}" if project else "",
            create_time=time_message(row.created_at),
            etag=str(row.version),
        ),
        verdicts=map(_verdict_message, checked.verdicts),
        project_managers=row.project_managers,
        validity=None if checked.about is None else validity_of(checked.about, checked.until),
    )


def explained_message(explained: Explained) -> authorization_pb2.ExplainPermissionResponse:
    """Answer why somebody may order or not."""
    return authorization_pb2.ExplainPermissionResponse(
        permission=purchase_message(explained.checked),
        administrators=explained.helpers.administrators,
        certification_pending=explained.helpers.certification_pending,
    )


def _verdict_message(verdict: Verdict) -> authorization_pb2.PurchaseVerdict:
    lack = "LACK_UNSPECIFIED" if verdict.lack is Lack.NOTHING else verdict.lack.name
    return authorization_pb2.PurchaseVerdict(
        product=verdict.product,
        visible=verdict.visible,
        roles=role_messages(verdict.roles),
        lack=authorization_pb2.PurchaseVerdict.Lack.Value(lack),
        remaining=verdict.remaining,
    )


def staff_message(page: Page[Account]) -> authorization_pb2.ListStaffResponse:
    return authorization_pb2.ListStaffResponse(
        accounts=map(account_message, page.items), next_page_token=page.next_token
    )


def enterprises_message(page: Page[Enterprise]) -> authorization_pb2.ListEnterprisesResponse:
    return authorization_pb2.ListEnterprisesResponse(
        enterprises=map(enterprise_message, page.items), next_page_token=page.next_token
    )


def certifications_message(
    page: Page[Certification],
) -> authorization_pb2.ListCertificationsResponse:
    return authorization_pb2.ListCertificationsResponse(
        certifications=map(certification_message, page.items), next_page_token=page.next_token
    )


def memberships_message(page: Page[Membership]) -> authorization_pb2.ListMembershipsResponse:
    return authorization_pb2.ListMembershipsResponse(
        memberships=map(membership_message, page.items), next_page_token=page.next_token
    )


def authorizations_message(
    page: Page[Authorization],
) -> authorization_pb2.ListAuthorizationsResponse:
    return authorization_pb2.ListAuthorizationsResponse(
        authorizations=map(authorization_message, page.items), next_page_token=page.next_token
    )


def associations_message(
    page: Page[tuple[ProductAssociation, Caller]],
) -> authorization_pb2.ListProductAssociationsResponse:
    return authorization_pb2.ListProductAssociationsResponse(
        product_associations=map(association_message, page.items),
        next_page_token=page.next_token,
    )


def partners_message(page: Page[PartnerClient]) -> authorization_pb2.ListPartnerClientsResponse:
    return authorization_pb2.ListPartnerClientsResponse(
        partner_clients=map(partner_message, page.items), next_page_token=page.next_token
    )
