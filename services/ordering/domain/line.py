"""A quantity of one product, and how far it is on its way."""

from dataclasses import dataclass
from decimal import Decimal

from services.ordering.domain.errors import BadPrice, PriceNeedsReason
from services.ordering.domain.line_service import LineService
from services.ordering.domain.offer import Offer
from services.ordering.domain.purchase_order import PurchaseOrderLine
from shared.money import HIGHEST_PRICE, Money


@dataclass(eq=False, kw_only=True)
class OrderLine:
    """One line of an order; everything but quantity and price is copied from the offer (R10)."""

    line_no: int
    product: str
    owner: str
    """Who owns the product, as `acme`."""

    quantity: int
    pid: str = ""
    display_name: str = ""
    model: str = ""
    module: str = ""
    module_display_name: str = ""
    firmware: str = ""
    firmware_version: str = ""
    firmware_digest: str = ""
    license_type: str = ""
    """Which codes are ordered for the product, as `licenseTypes/…`; empty for hardware modules."""

    license_type_display_name: str = ""
    lead_time_days: int = 0
    currency: str = ""
    list_price: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    """Of one unit, in `currency`: the list price until the business manager confirms another."""

    price_reason: str = ""
    """Why it is not the list price; for the vendor's people and the buyer to read."""

    finished_quantity: int = 0
    """How many units are finished and tested; of licences, how many codes are issued."""

    shipped_quantity: int = 0
    received_quantity: int = 0
    """How many units the buyer has; of licences, how many codes they opened."""

    services: tuple[LineService, ...] = ()
    """What the vendor does on top of it, each service once."""

    @property
    def list_unit_price(self) -> Money:
        """What one unit costs at this quantity by the list."""
        return Money(self.currency, self.list_price)

    @property
    def unit_price(self) -> Money:
        """What one unit costs."""
        return Money(self.currency, self.price)

    @property
    def amount(self) -> Money:
        """What the units cost, rounded to the smallest coin; without the services on top."""
        return (self.unit_price * self.quantity).rounded()

    @property
    def total(self) -> Money:
        """What the line costs, with the services on top."""
        done = (service.amount(self.quantity) for service in self.services)
        return Money.total([self.amount, *done])

    @property
    def on_top(self) -> list[str]:
        """The names of the services on top of it."""
        return [each.service for each in self.services]

    @property
    def lead_time(self) -> int:
        """How many days it takes to make, with the services on top."""
        return self.lead_time_days + sum(each.added_lead_time_days for each in self.services)

    @property
    def open_quantity(self) -> int:
        """How many units are yet to be shipped: shipped + open = ordered (I6)."""
        return self.quantity - self.shipped_quantity

    def copy(self, offer: Offer, quantity: int) -> None:
        """Order `quantity` of what the catalogue says now; the price is the list price again."""
        listed = offer.list_price(quantity)
        self.quantity = quantity
        self.pid, self.display_name, self.model = offer.pid, offer.display_name, offer.model
        self.module, self.module_display_name = offer.module, offer.module_display_name
        self.firmware, self.firmware_version = offer.firmware, offer.firmware_version
        self.firmware_digest, self.lead_time_days = offer.firmware_digest, offer.lead_time_days
        self.license_type = offer.license_type
        self.license_type_display_name = offer.license_type_display_name
        self.currency, self.list_price, self.price = listed.currency, listed.amount, listed.amount
        self.price_reason = ""

    def insist_price(self, price: Money, reason: str, *, listed: Decimal | None = None) -> None:
        """Refuse what is no price of one unit, or differs from the list without a reason."""
        countable = 0 < price.amount <= HIGHEST_PRICE and (price * self.quantity).rounded().amount
        if price.currency != self.currency or not countable:
            raise BadPrice(
                price=price, line_no=self.line_no, currency=self.currency, most=f"{HIGHEST_PRICE:,}"
            )
        usual = self.list_price if listed is None else listed
        if price.amount != usual and not reason.strip():
            raise PriceNeedsReason(line_no=self.line_no, listed=Money(self.currency, usual))

    def again(self, line_no: int) -> "OrderLine":
        """Return the same line as a new one, at the list price and with nothing done for it."""
        return OrderLine(
            line_no=line_no,
            product=self.product,
            owner=self.owner,
            quantity=self.quantity,
            pid=self.pid,
            display_name=self.display_name,
            model=self.model,
            module=self.module,
            module_display_name=self.module_display_name,
            firmware=self.firmware,
            firmware_version=self.firmware_version,
            firmware_digest=self.firmware_digest,
            license_type=self.license_type,
            license_type_display_name=self.license_type_display_name,
            lead_time_days=self.lead_time_days,
            currency=self.currency,
            list_price=self.list_price,
            price=self.list_price,
            services=tuple(each.at_list_price() for each in self.services),
        )

    def as_ordered(self, *, priced: bool) -> PurchaseOrderLine:
        """Return the line as other services need it; without prices for those who see none."""
        return PurchaseOrderLine(
            line_no=self.line_no,
            product=self.product,
            quantity=self.quantity,
            pid=self.pid,
            display_name=self.display_name,
            model=self.model,
            module=self.module,
            module_display_name=self.module_display_name,
            firmware=self.firmware,
            firmware_version=self.firmware_version,
            firmware_digest=self.firmware_digest,
            list_unit_price=self.list_unit_price if priced else None,
            unit_price=self.unit_price if priced else None,
            amount=self.amount if priced else None,
            services=tuple(each.as_ordered(self.quantity, priced=priced) for each in self.services),
            license_type=self.license_type,
            license_type_display_name=self.license_type_display_name,
        )
