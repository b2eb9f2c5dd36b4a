"""What happens to accounts, enterprises and permissions; field by field as in events.proto."""

from dataclasses import dataclass
from datetime import datetime

from services.authorization.domain.purpose import Purpose
from shared.caller import Role
from shared.domain import Event


@dataclass(frozen=True, kw_only=True)
class AccountRegistered(Event):
    """A person registered, or one of the vendor's own people was entered."""

    account: str
    email: str
    display_name: str
    phone: str
    staff_roles: tuple[Role, ...]


@dataclass(frozen=True, kw_only=True)
class AccountPasswordChanged(Event):
    """An account has another password; sessions opened with the one before ended."""

    account: str


@dataclass(frozen=True, kw_only=True)
class AccountAddressVerified(Event):
    """A person proved to read the address they registered with."""

    account: str


@dataclass(frozen=True, kw_only=True)
class AccountPhoneChanged(Event):
    """An account has another telephone number, or none any more."""

    account: str


@dataclass(frozen=True, kw_only=True)
class AccountTwoStepBegun(Event):
    """A code is asked for after an account's password from now on."""

    account: str


@dataclass(frozen=True, kw_only=True)
class AccountTwoStepEnded(Event):
    """No code is asked for after an account's password any more."""

    account: str


@dataclass(frozen=True, kw_only=True)
class AccountRecoveryCodesRenewed(Event):
    """An account has other recovery codes; the ones before count no more."""

    account: str


@dataclass(frozen=True, kw_only=True)
class AccountProviderLinked(Event):
    """A provider may say from now on that somebody is the person of an account."""

    account: str
    provider: str


@dataclass(frozen=True, kw_only=True)
class EnterpriseCreated(Event):
    """An enterprise was created; it is not certified yet."""

    enterprise: str
    legal_name: str


@dataclass(frozen=True, kw_only=True)
class EnterpriseCertified(Event):
    """An enterprise passed certification and got its people at the vendor (R27)."""

    enterprise: str
    legal_name: str
    business_manager: str
    project_manager: str
    expire_time: datetime


@dataclass(frozen=True, kw_only=True)
class EnterpriseCertificationEnding(Event):
    """The certification of an enterprise ends soon; it can be asked for anew."""

    enterprise: str
    legal_name: str
    expire_time: datetime | None


@dataclass(frozen=True, kw_only=True)
class EnterpriseCertificationEnded(Event):
    """The certification of an enterprise is over: it can order nothing new."""

    enterprise: str
    legal_name: str


@dataclass(frozen=True, kw_only=True)
class EnterpriseAssigned(Event):
    """An enterprise was given other people at the vendor; new orders go to them."""

    enterprise: str
    legal_name: str
    business_manager: str
    project_manager: str


@dataclass(frozen=True, kw_only=True)
class ProjectAssigned(Event):
    """A project was put into the hands of a project manager, or other products into it."""

    project: str
    display_name: str
    enterprise_legal_name: str
    account: str
    products: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProjectClosed(Event):
    """A project is over: its products are the customer's project manager's again."""

    project: str
    display_name: str
    enterprise_legal_name: str
    account: str


@dataclass(frozen=True, kw_only=True)
class DeputyshipPlanned(Event):
    """Somebody was named to do an absent manager's work."""

    deputyship: str
    account: str
    absent: str
    absent_display_name: str
    begin_time: datetime
    end_time: datetime


@dataclass(frozen=True, kw_only=True)
class DeputyshipBegun(Event):
    """A manager is absent from now on, and the deputy does their work."""

    deputyship: str
    account: str
    absent: str
    absent_display_name: str


@dataclass(frozen=True, kw_only=True)
class DeputyshipEnded(Event):
    """A manager is back, and the deputy does their work no more."""

    deputyship: str
    account: str
    absent: str
    absent_display_name: str


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Event):
    """An account became a member of an enterprise, or its roles changed."""

    enterprise: str
    account: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, kw_only=True)
class MemberLeft(Event):
    """An account is no member of an enterprise any more."""

    enterprise: str
    account: str


@dataclass(frozen=True, kw_only=True)
class CertificationRequested(Event):
    """An administrator asked for certification."""

    certification: str
    enterprise: str
    legal_name: str


@dataclass(frozen=True, kw_only=True)
class CertificationRejected(Event):
    """A certifier rejected a request."""

    certification: str
    enterprise: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AuthorizationGranted(Event):
    """An account may act in a space for named products (R48-R50)."""

    authorization: str
    account: str
    role: Role
    products: tuple[str, ...]
    purposes: tuple[Purpose, ...]
    quantity_cap: int
    expire_time: datetime | None


@dataclass(frozen=True, kw_only=True)
class AuthorizationChanged(Event):
    """An authorization was changed; everything is as it is from now on."""

    authorization: str
    account: str
    role: Role
    products: tuple[str, ...]
    purposes: tuple[Purpose, ...]
    quantity_cap: int
    expire_time: datetime | None


@dataclass(frozen=True, kw_only=True)
class AuthorizationExpired(Event):
    """The time of an authorization is over."""

    authorization: str
    account: str


@dataclass(frozen=True, kw_only=True)
class AuthorizationRevoked(Event):
    """An authorization was taken back (A23)."""

    authorization: str
    account: str


@dataclass(frozen=True, kw_only=True)
class ProductAssociated(Event):
    """A product was opened to a manufacturer (R76-R78)."""

    association: str
    product: str
    manufacturer: str
    owner: str
    owner_legal_name: str


@dataclass(frozen=True, kw_only=True)
class ProductDissociated(Event):
    """A product is no longer open to a manufacturer."""

    association: str
    product: str
    manufacturer: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class AssociationProposed(Event):
    """A manufacturer asks a brand owner to open a product to it (A22)."""

    association: str
    product: str
    manufacturer: str
    manufacturer_legal_name: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class AssociationDeclined(Event):
    """The brand owner did not open a product to a manufacturer that asked."""

    association: str
    product: str
    manufacturer: str


@dataclass(frozen=True, kw_only=True)
class AssociationWithdrawn(Event):
    """An association that was proposed is not asked for any more."""

    association: str
    product: str
    manufacturer: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class PartnerEnrolled(Event):
    """A partner system may follow an enterprise's events."""

    partner_client: str
    display_name: str
    event_types: tuple[str, ...]
    products: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PartnerChanged(Event):
    """A partner system may follow something else from now on."""

    partner_client: str
    display_name: str
    event_types: tuple[str, ...]
    products: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PartnerRotated(Event):
    """A partner system got another secret."""

    partner_client: str
    former_until: datetime


@dataclass(frozen=True, kw_only=True)
class PartnerRevoked(Event):
    """A partner system may no longer follow an enterprise's events."""

    partner_client: str
