"""Accounts, enterprises and permissions to test with. Say only what the test is about."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.authorization.domain.account import Account
from services.authorization.domain.association import ProductAssociation
from services.authorization.domain.authorization import Authorization, Limits
from services.authorization.domain.certification import Certification
from services.authorization.domain.deputyship import Deputyship
from services.authorization.domain.enterprise import Enterprise, Kind
from services.authorization.domain.membership import Membership
from services.authorization.domain.partner import Following, PartnerClient
from services.authorization.domain.project import Project
from shared.caller import Caller, Role
from shared.clock import now

PLUG = "enterprises/acme/products/smart-plug"


def fixed_id(number: int) -> UUID:
    """Return an id that is the same in every run."""
    return UUID(f"0190a0a0-0000-7000-8000-{number:012d}")


def an_account(*, email: str = "kim@acme.example", **more: Any) -> Account:
    return Account.register(**{"email": email, "display_name": "Kim Vale", **more})


def a_manager(role: Role = Role.BUSINESS_MANAGER, **more: Any) -> Account:
    return an_account(**{"email": f"{role.value}@millrun.example", "staff_roles": [role], **more})


def a_deputyship(begins_at: datetime | None = None, **more: Any) -> Deputyship:
    absent = a_manager(display_name="Wei Lin")
    given = {
        "absent": absent,
        "deputy": a_manager(email="deputy@millrun.example", display_name="Ana Duarte"),
        "begins_at": begins_at or now(),
        "ends_at": (begins_at or now()) + timedelta(days=14),
        "by": Caller(account=absent.name),
    }
    return Deputyship.plan(**{**given, **more})


def a_project(**more: Any) -> Project:
    enterprise, manager = an_enterprise(), a_manager(Role.PROJECT_MANAGER)
    enterprise.certify(
        registration_no="HRB 12345",
        business_manager=a_manager(),
        project_manager=manager,
        until=IN_A_YEAR,
    )
    given = {
        "display_name": "Plugs",
        "project_manager": manager,
        "products": [PLUG],
        "by": Caller(account=manager.name),
    }
    return Project.begin(enterprise, **{**given, **more})


def an_enterprise(enterprise_id: str = "acme", *kinds: Kind, **more: Any) -> Enterprise:
    return Enterprise.create(
        **{
            "enterprise_id": enterprise_id,
            "legal_name": f"{enterprise_id.title()} Ltd",
            "kinds": kinds or (Kind.BRAND_OWNER,),
            **more,
        }
    )


IN_A_YEAR = datetime(2126, 1, 31, tzinfo=UTC)


def a_certification(enterprise: Enterprise | None = None) -> Certification:
    return Certification.request(enterprise or an_enterprise(), registration_no="HRB 12345")


def a_membership(account: Account | None = None, *roles: Role) -> Membership:
    return Membership.join("acme", account or an_account(), roles or (Role.BUYER,))


def an_authorization(
    account: Account | None = None, *, role: Role = Role.BUYER, **limits: Any
) -> Authorization:
    given = Limits(**{"products": (PLUG,), **limits})
    return Authorization.grant("acme", account or an_account(), role=role, limits=given)


def an_association() -> ProductAssociation:
    return ProductAssociation.associate(
        product=PLUG, owner=an_enterprise(), manufacturer=an_enterprise("maker", Kind.MANUFACTURER)
    )


def a_proposal() -> ProductAssociation:
    return ProductAssociation.propose(
        asked="enterprises/-/products/smart-plug",
        product=PLUG,
        owner=an_enterprise(),
        manufacturer=an_enterprise("maker", Kind.MANUFACTURER),
    )


def a_partner(secret: str = "open sesame") -> PartnerClient:
    following = Following.of(["ordering.order.*", "payment.payment.settled"], [PLUG])
    return PartnerClient.enroll("acme", display_name="Acme ERP", secret=secret, following=following)
