"""A value-added service on a line: what is done, and what it costs there (R22, R25)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal

from services.ordering.domain.purchase_order import PurchaseOrderLineService
from shared.errors import Malformed
from shared.money import HIGHEST_PRICE, Money


class BadServicePrice(Malformed):
    """{price} is not a price of {service} on line {line_no}."""

    fix = "Send 0 or more in {currency}, fees in whole coins, or nothing for the list price."


class ServicePriceNeedsReason(Malformed):
    """The prices of {service} on line {line_no} are not the list prices, and nobody said why."""

    fix = "Say why {service} on line {line_no} has other prices; the customer will read it."


class ServiceNotOnLine(Malformed):
    """Line {line_no} has no service {service}."""

    fix = "Read the order again, and send prices for the services on its lines."


@dataclass(frozen=True, kw_only=True)
class ServicePrice:
    """What the business manager asks for a service; None for what the list does."""

    line_no: int
    service: str
    unit_price: Money | None = None
    price_per_order: Money | None = None
    setup_fee: Money | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Charges:
    """What a service costs, part by part; None where there is no such charge."""

    unit_price: Decimal | None = None
    price_per_order: Decimal | None = None
    setup_fee: Decimal | None = None

    def total(self, currency: str, quantity: int) -> Money:
        """Return the sum: units rounded to the smallest coin once, together, and both fees."""
        pieces = (Money(currency, self.unit_price or Decimal(0)) * quantity).rounded()
        given = (fee for fee in (self.price_per_order, self.setup_fee) if fee is not None)
        return Money.total([pieces, *(Money(currency, fee).rounded() for fee in given)])


PARTS = tuple(field.name for field in fields(Charges))


@dataclass(frozen=True, kw_only=True)
class LineService:
    """A service as the catalogue sold it when the line was last filled; prices may be agreed on."""

    service: str
    """`valueAddedServices/…`."""

    display_name: str
    description: str
    minimum_quantity: int
    added_lead_time_days: int
    currency: str
    listed: Charges
    agreed: Charges
    """As listed until the business manager confirms another price."""

    price_reason: str = ""
    """Why they are not the list prices; for the vendor's people and the buyer to read."""

    setup_order_no: str = ""
    """The earlier order it was set up with, if that is why there is no setup fee."""

    def amount(self, quantity: int) -> Money:
        """Return what it costs on a line of `quantity`."""
        return self.agreed.total(self.currency, quantity)

    def at_list_price(self) -> LineService:
        """Return it with nothing agreed on."""
        return replace(self, agreed=self.listed, price_reason="")

    def relisted(self, now: LineService) -> LineService:
        """Return it with the list prices of `now`; prices that were agreed on stay."""
        if self.agreed == self.listed:
            return now.at_list_price()
        return replace(now, agreed=self.agreed, price_reason=self.price_reason)

    def confirmed(self, price: ServicePrice) -> LineService:
        """Return it at `price`; BadServicePrice, or ServicePriceNeedsReason off the list."""
        given = {part: self._part(price, part) for part in PARTS}
        agreed, reason = Charges(**given), price.reason.strip()
        if agreed == self.listed:
            return self.at_list_price()
        if not reason:
            raise ServicePriceNeedsReason(service=self.display_name, line_no=price.line_no)
        return replace(self, agreed=agreed, price_reason=reason)

    def _part(self, price: ServicePrice, part: str) -> Decimal | None:
        given: Money | None = getattr(price, part)
        listed: Decimal | None = getattr(self.listed, part)
        if given is None:
            return listed
        fine = part == "unit_price" or given == given.rounded()
        if given.currency != self.currency or not 0 <= given.amount <= HIGHEST_PRICE or not fine:
            raise BadServicePrice(
                price=given,
                service=self.display_name,
                line_no=price.line_no,
                currency=self.currency,
            )
        return None if listed is None and not given.amount else given.amount

    def part(self, charges: Charges, name: str) -> Money | None:
        """Return one part of `charges` as money; None where there is no such charge."""
        amount = getattr(charges, name)
        return None if amount is None else Money(self.currency, amount)

    def as_ordered(self, quantity: int, *, priced: bool) -> PurchaseOrderLineService:
        """Return it as other services need it; without prices for those who see none."""
        prices = {
            **{f"list_{part}": self.part(self.listed, part) for part in PARTS},
            **{part: self.part(self.agreed, part) for part in PARTS},
            "amount": self.amount(quantity),
        }
        return PurchaseOrderLineService(
            service=self.service,
            display_name=self.display_name,
            description=self.description,
            minimum_quantity=self.minimum_quantity,
            added_lead_time_days=self.added_lead_time_days,
            **prices if priced else {},
            price_reason=self.price_reason if priced else "",
            setup_order_no=self.setup_order_no if priced else "",
        )


def confirmed(services: tuple[LineService, ...], price: ServicePrice) -> tuple[LineService, ...]:
    """Return the services of a line with one of them at `price`; ServiceNotOnLine."""
    if price.service not in {each.service for each in services}:
        raise ServiceNotOnLine(line_no=price.line_no, service=price.service.rpartition("/")[2])
    return tuple(
        each.confirmed(price) if each.service == price.service else each for each in services
    )
