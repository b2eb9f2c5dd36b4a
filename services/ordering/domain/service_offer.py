"""What the vendor does on top of a line, as the catalogue sells it now, and to whom (R22, R25)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.ordering.domain.line_service import Charges, LineService
from services.ordering.domain.words import Family, Purpose
from shared.errors import Disallowed, Malformed
from shared.money import Money

if TYPE_CHECKING:
    from services.ordering.domain.line import OrderLine
    from services.ordering.domain.offer import Assortment, PriceTier

PURPOSES = (Purpose.TRIAL_PRODUCTION, Purpose.MASS_PRODUCTION)
"""What an order must be for to have services at all (R22, R25)."""


class ServiceNotSold(Disallowed):
    """There is no value-added service {service} that can be ordered now."""

    fix = "Take it off the line, or choose another one of those shown with the product."


class ServiceOrderedTwice(Malformed):
    """The value-added service {service} is to be on line {line_no} twice."""

    fix = "Send each service once: it is done to every unit of the line."


class ServiceNotForPurpose(Disallowed):
    """{service} cannot be ordered for {purpose}; it can for {possible}."""

    fix = "Take it off the line, or put the product into an order for {possible}."


class ServiceNotForFamily(Disallowed):
    """{service} is done to hardware modules, not to {family}."""

    fix = "Take it off the line."


class ServiceNotForModule(Disallowed):
    """{service} cannot be done to {module}, the module of product {pid}."""

    fix = "Take it off line {line_no}, or choose one of those shown with the product."


class ServiceBelowMinimum(Disallowed):
    """{service} is done to quantities from {minimum} on, and line {line_no} has {quantity}."""

    fix = "Order {minimum} or more of product {pid}, or take {service} off line {line_no}."


class ServiceWithoutPrice(Disallowed):
    """There is no list price for {service}."""

    fix = "Ask your business manager for a price, or take it off line {line_no} for now."


class ServiceInAnotherCurrency(Disallowed):
    """{service} is sold in {currency}, and line {line_no} is in {line_currency}."""

    fix = "Ask your business manager for a price in {line_currency}."


@dataclass(frozen=True, kw_only=True)
class ServiceOffer:
    """What the catalogue says about one service, at the prices of whoever orders."""

    service: str
    """`valueAddedServices/…`."""

    display_name: str
    description: str = ""
    purposes: frozenset[Purpose]
    modules: Collection[str] = ()
    """The modules it is done to; every module if there are none."""

    minimum_quantity: int = 0
    added_lead_time_days: int = 0
    tiers: "tuple[PriceTier, ...]" = ()
    """What each unit costs, smallest quantity first; nothing if there are none."""

    price_per_order: Money | None = None
    setup_fee: Money | None = None
    """Once, the first time it is done for a product."""

    def on(self, line: "OrderLine", purpose: Purpose, *, set_up_with: str = "") -> LineService:
        """Return it on `line`, at the list price; refuses where it cannot be had.

        `set_up_with` is the number of an earlier order: the setup fee is asked for once.
        """
        self._insist_for(line, purpose)
        service = self._priced(line, "" if self.setup_fee is None else set_up_with)
        insist_enough(line, service)
        return service

    def _priced(self, line: "OrderLine", set_up_with: str) -> LineService:
        reached = [tier for tier in self.tiers if tier.from_quantity <= line.quantity]
        parts = {
            "unit_price": reached[-1].unit_price if reached else None,
            "price_per_order": self.price_per_order,
            "setup_fee": None if set_up_with else self.setup_fee,
        }
        self._insist_priced(line)
        given = {name: None if part is None else part.amount for name, part in parts.items()}
        listed = Charges(**given)
        return LineService(
            service=self.service,
            display_name=self.display_name,
            description=self.description,
            minimum_quantity=self.minimum_quantity,
            added_lead_time_days=self.added_lead_time_days,
            currency=line.currency,
            listed=listed,
            agreed=listed,
            setup_order_no=set_up_with,
        )

    def _insist_for(self, line: "OrderLine", purpose: Purpose) -> None:
        possible = [each for each in PURPOSES if each in self.purposes]
        if purpose not in possible:
            raise ServiceNotForPurpose(
                service=self.display_name,
                purpose=purpose.value,
                possible=" or ".join(each.value for each in possible) or "nothing",
            )
        if self.modules and line.module not in self.modules:
            raise ServiceNotForModule(
                service=self.display_name,
                module=line.module_display_name,
                pid=line.pid,
                line_no=line.line_no,
            )

    def _insist_priced(self, line: "OrderLine") -> None:
        fees = [fee for fee in (self.price_per_order, self.setup_fee) if fee is not None]
        asked = [*(tier.unit_price for tier in self.tiers), *fees]
        facts = {"service": self.display_name, "line_no": line.line_no}
        if not asked:
            raise ServiceWithoutPrice(**facts)
        for price in asked:
            if price.currency != line.currency:
                raise ServiceInAnotherCurrency(
                    **facts, currency=price.currency, line_currency=line.currency
                )


def insist_enough(line: "OrderLine", service: LineService) -> None:
    """Refuse with ServiceBelowMinimum a service that is not done to so few units."""
    if line.quantity < service.minimum_quantity:
        raise ServiceBelowMinimum(
            service=service.display_name,
            minimum=service.minimum_quantity,
            quantity=line.quantity,
            pid=line.pid,
            line_no=line.line_no,
        )


def chosen(
    line: "OrderLine",
    names: Sequence[str],
    *,
    purpose: Purpose,
    family: Family,
    assortment: "Assortment",
) -> tuple[LineService, ...]:
    """Return the services called `names` on `line`, each once, in that order."""
    insist_once(line, names)
    offers = [assortment.service(name) for name in names]
    if offers and family is not Family.HARDWARE_MODULE:
        raise ServiceNotForFamily(service=offers[0].display_name, family=family.value)
    return tuple(
        offer.on(line, purpose, set_up_with=assortment.set_up.get((line.product, name), ""))
        for offer, name in zip(offers, names, strict=True)
    )


def insist_once(line: "OrderLine", names: Sequence[str]) -> None:
    """Refuse with ServiceOrderedTwice what is named twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ServiceOrderedTwice(service=name.rpartition("/")[2], line_no=line.line_no)
        seen.add(name)
