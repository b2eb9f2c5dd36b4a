"""What other services answered about a customer and the products it wants to order."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.ordering.domain.errors import (
    AboveAuthorizedQuantity,
    CertificationEnded,
    EnterpriseNotCertified,
    LicenseTypeNotOffered,
    NoLicensePrice,
    NoListPrice,
    ProductNotFound,
    PurposeNotAuthorized,
)
from services.ordering.domain.service_offer import ServiceNotSold, ServiceOffer
from services.ordering.domain.words import Family, FirmwareState, Lifecycle, Purpose
from shared.caller import Role
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class PriceTier:
    """The list price of one unit from a quantity on."""

    from_quantity: int
    unit_price: Money


@dataclass(frozen=True, kw_only=True)
class License:
    """What the catalogue says about one kind of authorization code."""

    name: str
    """`licenseTypes/{sku}`."""

    display_name: str
    tiers: tuple[PriceTier, ...]
    """Smallest quantity first."""

    minimum_quantity: int
    lead_time_days: int

    @classmethod
    def unknown(cls, name: str) -> "License":
        """Return one nothing is known of but its name."""
        return cls(name=name, display_name="", tiers=(), minimum_quantity=1, lead_time_days=0)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the catalogue says about one product; the source of every line (R10)."""

    product: str
    pid: str
    display_name: str
    model: str
    owner: str
    """The bare id of the enterprise that owns it."""

    lifecycle: Lifecycle
    module: str
    module_display_name: str
    firmware: str
    firmware_version: str
    firmware_digest: str
    firmware_state: FirmwareState | None
    """None while no firmware was chosen."""

    tiers: tuple[PriceTier, ...]
    """Smallest quantity first."""

    minimum_quantity: int
    packing_unit: int
    lead_time_days: int
    license_type: str = ""
    """Which codes for the product are offered; empty where it is the product itself."""

    license_type_display_name: str = ""
    licenses: tuple[str, ...] = ()
    """The licence types that can be ordered for the product, by name."""

    def licensing(self, wanted: License) -> "Offer":
        """Return the offer of codes for the product: nothing is built, so nothing is copied."""
        return replace(
            self,
            module="",
            module_display_name="",
            firmware="",
            firmware_version="",
            firmware_digest="",
            firmware_state=None,
            tiers=wanted.tiers,
            minimum_quantity=wanted.minimum_quantity,
            packing_unit=1,
            lead_time_days=wanted.lead_time_days,
            license_type=wanted.name,
            license_type_display_name=wanted.display_name,
        )

    def of_codes(self, name: str, sold: Mapping[str, License]) -> "Offer":
        """Return the offer of the codes `name` for the product, if they are among what is `sold`.

        Of others nothing is known: they have no price.
        """
        wanted = sold.get(name) if name in self.licenses else None
        return self.licensing(wanted or License.unknown(name))

    def list_price(self, quantity: int) -> Money:
        """Return the list price of one unit when `quantity` are ordered.

        Refuses with NoListPrice, or NoLicensePrice.
        """
        reached = [tier for tier in self.tiers if tier.from_quantity <= quantity]
        if not reached and self.license_type:
            sku = self.license_type.rpartition("/")[2]
            raise NoLicensePrice(pid=self.pid, quantity=quantity, sku=sku)
        if not reached:
            raise NoListPrice(pid=self.pid, quantity=quantity)
        return reached[-1].unit_price


@dataclass(frozen=True, kw_only=True)
class Customer:
    """The ordering enterprise and its people at the vendor."""

    certified: bool
    certified_until: datetime | None = None
    """Until when the last certification was or is good; None if there is none, or no end to it."""

    legal_name: str
    business_manager: str
    business_manager_display_name: str
    business_manager_email: str
    project_manager: str

    def insist_certified(self) -> None:
        """Refuse with EnterpriseNotCertified or CertificationEnded unless it is certified (R27)."""
        if not self.certified and self.certified_until:
            day = f"{self.certified_until:%Y-%m-%d}"
            raise CertificationEnded(enterprise=self.legal_name, day=day)
        if not self.certified:
            raise EnterpriseNotCertified(enterprise=self.legal_name)


@dataclass(frozen=True)
class Basket:
    """What somebody wants to order: what for, and how many pieces of which product."""

    purpose: Purpose | None
    lines: Mapping[str, int]
    family: Family = Family.HARDWARE_MODULE
    services: bool = False
    """Whether there are value-added services on top of it."""

    def having(self, wanted: Iterable[tuple[str, int]]) -> "Basket":
        """Return one for the same, with these (product, quantity) in it.

        Licences of several types for one product count together.
        """
        lines: dict[str, int] = {}
        for product, quantity in wanted:
            lines[product] = lines.get(product, 0) + quantity
        return replace(self, lines=lines)


@dataclass(frozen=True, kw_only=True)
class Assortment:
    """What somebody may order now, of the products that were asked about."""

    customer: Customer
    offers: Mapping[str, Offer] = field(default_factory=dict)
    """By product name; a product that is not there does not exist for the customer."""

    licenses: Mapping[str, License] = field(default_factory=dict)
    """By name, those the offers name; none unless licences are ordered."""

    services: Mapping[str, ServiceOffer] = field(default_factory=dict)
    """By name, all services that are sold now; none if nobody wants one."""

    set_up: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By product and service, the number of the earlier order it was set up with."""

    project_managers: Mapping[str, str] = field(default_factory=dict)
    """By product name, who has its project in hand at the vendor; else the customer's manager."""

    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    """The roles the caller's authorizations give, by product name (R29)."""

    not_for_purpose: Collection[str] = frozenset()
    """Products that are open to the caller, but not for what is asked."""

    remaining: Mapping[str, int] = field(default_factory=dict)
    """Products of which too many are asked for, and how many the caller may still order."""

    @classmethod
    def unknown(cls) -> "Assortment":
        """Return what is known where nobody had to be asked: nothing."""
        nobody = Customer(
            certified=False,
            legal_name="",
            business_manager="",
            business_manager_display_name="",
            business_manager_email="",
            project_manager="",
        )
        return cls(customer=nobody)

    def project_manager(self, products: Iterable[str]) -> str:
        """Return who confirms the software of an order for `products` (R62).

        That is who has their project in hand; where that is not one for all of them, the
        customer's own project manager.
        """
        mine = self.customer.project_manager
        hands = {self.project_managers.get(product, mine) for product in products}
        return hands.pop() if len(hands) == 1 else mine

    def insist_authorized(self, offer: Offer, purpose: Purpose, quantity: int) -> None:
        """Refuse with PurposeNotAuthorized or AboveAuthorizedQuantity what is beyond the limits."""
        self.insist_for(offer, purpose)
        self.insist_room(offer, quantity)

    def insist_for(self, offer: Offer, purpose: Purpose) -> None:
        """Refuse with PurposeNotAuthorized what the authorizations are not for."""
        if offer.product in self.not_for_purpose:
            raise PurposeNotAuthorized(pid=offer.pid, purpose=purpose.value)

    def insist_room(self, offer: Offer, quantity: int) -> None:
        """Refuse with AboveAuthorizedQuantity what no cap has room for."""
        if offer.product in self.remaining:
            left = self.remaining[offer.product]
            raise AboveAuthorizedQuantity(pid=offer.pid, quantity=quantity, remaining=left)

    def service(self, name: str) -> ServiceOffer:
        """Return the service called `name`, else ServiceNotSold."""
        if name not in self.services:
            raise ServiceNotSold(service=name.rpartition("/")[2])
        return self.services[name]

    def offer(self, product: str, license_type: str = "") -> Offer:
        """Return the offer for `product`, or of codes for it.

        Refuses with ProductNotFound or LicenseTypeNotOffered.
        """
        wanted = self.wished(product, license_type)
        self.insist_licensed(wanted)
        return wanted

    def wished(self, product: str, license_type: str = "") -> Offer:
        """Return the same for what may not be offered: of codes nobody sells, what is known of any.

        Refuses with ProductNotFound.
        """
        offer = self._product(product)
        return offer.of_codes(license_type, self.licenses) if license_type else offer

    def insist_licensed(self, offer: Offer) -> None:
        """Refuse with LicenseTypeNotOffered codes that are not sold for the product."""
        name = offer.license_type
        if name and (name not in self.licenses or name not in offer.licenses):
            raise LicenseTypeNotOffered(sku=name.rpartition("/")[2], pid=offer.pid)

    def _product(self, product: str) -> Offer:
        offer = self.offers.get(product)
        if offer is None or product not in self.roles:
            raise ProductNotFound(product=product, pid=product.rpartition("/")[2])
        return offer
