"""Everything that must be so before a product can be ordered: each check once, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from services.ordering.domain.errors import (
    BadQuantity,
    DevelopmentNotCompleted,
    FirmwareNotAllowed,
    ModelMissing,
    NotAuthorizedForProduct,
    ProductNotReleased,
    QuantityAboveLimit,
    QuantityBelowMinimum,
    QuantityNotPacked,
)
from services.ordering.domain.line import OrderLine
from services.ordering.domain.offer import Assortment, Offer
from services.ordering.domain.rules import (
    MOST_UNITS,
    RULES,
    Caps,
    DevelopmentCompleted,
    OnlyForDevelopers,
    Rule,
    insist_offered,
)
from services.ordering.domain.words import Family, Lifecycle, Purpose
from shared.caller import Role
from shared.quantities import nearest


class Kind(Enum):
    """What is looked at; first what R27-R31 require."""

    CERTIFICATION = "certification"
    MODEL = "model"
    AUTHORIZATION = "authorization"
    DEVELOPMENT = "development"
    ASSOCIATION = "association"
    PURPOSE = "purpose"
    AUTHORIZED_PURPOSE = "authorized purpose"
    ROLE = "role"
    LIFECYCLE = "lifecycle"
    FIRMWARE = "firmware"
    QUANTITY = "quantity"
    CAP = "cap"
    MINIMUM = "minimum"
    PACKING = "packing"
    PRICE = "price"
    LICENSE_TYPE = "licence"


OF_MODULES = frozenset({Kind.FIRMWARE, Kind.PACKING})
OF_LICENSES = frozenset({Kind.LICENSE_TYPE})


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """A quantity of one product, or of codes for it, and all that is known about that."""

    purpose: Purpose
    quantity: int
    offer: Offer
    assortment: Assortment
    caps: Caps

    @property
    def rule(self) -> Rule:
        """What the purpose asks; KeyError for one that cannot be ordered here."""
        rule = RULES[self.purpose]
        return rule.for_licenses() if self.offer.license_type else rule

    @property
    def family(self) -> Family:
        """Whether the product itself is wanted or codes for it."""
        return Family.LICENSE if self.offer.license_type else Family.HARDWARE_MODULE

    @property
    def kinds(self) -> list[Kind]:
        """What is looked at, in the order it is read in: nothing of what does not concern it."""
        apart = OF_MODULES if self.offer.license_type else OF_LICENSES
        return [kind for kind in Kind if kind not in apart]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles the authorizations give for what is wanted."""
        return self.assortment.roles[self.offer.product]

    @property
    def facts(self) -> dict[str, object]:
        """What sentences about it name."""
        return {"pid": self.offer.pid, "quantity": self.quantity, "purpose": self.purpose.value}


def insist_orderable(purchase: Purchase) -> None:
    """Refuse, naming the product, whatever the table does not allow: the first of all CHECKS."""
    for insist in CHECKS.values():
        insist(purchase)


def insist_packed(
    line: OrderLine, quantity: int, *, purpose: Purpose, assortment: Assortment
) -> None:
    """Refuse of a line what a buyer could not order: the business manager may agree to it."""
    if quantity < 1:
        raise BadQuantity(quantity=quantity, pid=line.pid)
    if line.product not in assortment.offers:
        return
    offer = assortment.offer(line.product, line.license_type)
    wanted = Purchase(
        purpose=purpose, quantity=quantity, offer=offer, assortment=assortment, caps={}
    )
    CHECKS[Kind.MINIMUM](wanted)
    CHECKS[Kind.PACKING](wanted)


def _insist_granted(purchase: Purchase) -> None:
    offer, assortment = purchase.offer, purchase.assortment
    limited = offer.product in assortment.not_for_purpose or offer.product in assortment.remaining
    if not purchase.roles and not limited:
        raise NotAuthorizedForProduct(pid=offer.pid)


def _insist_role(purchase: Purchase) -> None:
    if purchase.rule.roles.isdisjoint(purchase.roles):
        if purchase.roles:
            raise OnlyForDevelopers(pid=purchase.offer.pid, purpose=purchase.purpose.value)
        raise NotAuthorizedForProduct(pid=purchase.offer.pid)


def _insist_developed(purchase: Purchase) -> None:
    lifecycle = purchase.offer.lifecycle
    if lifecycle is Lifecycle.DEVELOPMENT and lifecycle not in purchase.rule.lifecycles:
        raise DevelopmentNotCompleted(**_stage(purchase))


def _insist_released(purchase: Purchase) -> None:
    if purchase.offer.lifecycle not in purchase.rule.lifecycles:
        if Lifecycle.DEVELOPMENT in purchase.rule.lifecycles:
            raise DevelopmentCompleted(**_stage(purchase))
        raise ProductNotReleased(**_stage(purchase))


def _stage(purchase: Purchase) -> dict[str, object]:
    offer = purchase.offer
    facts = {"pid": offer.pid, "lifecycle": offer.lifecycle.value}
    return {**facts, "purpose": purchase.purpose.value}


def _insist_model(purchase: Purchase) -> None:
    if not purchase.offer.model:
        raise ModelMissing(pid=purchase.offer.pid)


def _insist_firmware(purchase: Purchase) -> None:
    offer = purchase.offer
    if offer.license_type:
        return  # Nothing is burnt.
    if offer.firmware_state not in purchase.rule.firmware:
        raise FirmwareNotAllowed(
            pid=offer.pid,
            firmware=offer.firmware_version,
            state=offer.firmware_state.value if offer.firmware_state else "not chosen",
            purpose=purchase.purpose.value,
        )


def _insist_quantity(purchase: Purchase) -> None:
    facts = {"pid": purchase.offer.pid, "quantity": purchase.quantity}
    if purchase.quantity < 1:
        raise BadQuantity(**facts)
    limit = purchase.caps.get(purchase.purpose, MOST_UNITS)
    if purchase.quantity > limit:
        raise QuantityAboveLimit(**facts, limit=limit, purpose=purchase.purpose.value)


def _insist_minimum(purchase: Purchase) -> None:
    match _nearest(purchase):
        case (least,):
            facts = {"pid": purchase.offer.pid, "quantity": purchase.quantity}
            raise QuantityBelowMinimum(**facts, minimum=least)


def _insist_packed(purchase: Purchase) -> None:
    match _nearest(purchase):
        case (below, above):
            facts = {"pid": purchase.offer.pid, "quantity": purchase.quantity}
            unit = purchase.offer.packing_unit
            raise QuantityNotPacked(**facts, packing_unit=unit, below=below, above=above)


def _nearest(purchase: Purchase) -> tuple[int, ...]:
    """Return which quantities would do instead; none if this one does."""
    if not purchase.rule.packed:
        return ()
    offer = purchase.offer
    unit = max(offer.packing_unit, 1)
    return nearest(purchase.quantity, minimum=offer.minimum_quantity, unit=unit)


CHECKS: dict[Kind, Callable[[Purchase], object]] = {
    Kind.ASSOCIATION: lambda each: each.assortment.offer(each.offer.product),
    Kind.LICENSE_TYPE: lambda each: each.assortment.insist_licensed(each.offer),
    Kind.PURPOSE: lambda each: insist_offered(each.purpose, each.family),
    Kind.AUTHORIZED_PURPOSE: lambda each: each.assortment.insist_for(each.offer, each.purpose),
    Kind.CAP: lambda each: each.assortment.insist_room(each.offer, each.quantity),
    Kind.AUTHORIZATION: _insist_granted,
    Kind.ROLE: _insist_role,
    Kind.DEVELOPMENT: _insist_developed,
    Kind.LIFECYCLE: _insist_released,
    Kind.MODEL: _insist_model,
    Kind.FIRMWARE: _insist_firmware,
    Kind.QUANTITY: _insist_quantity,
    Kind.MINIMUM: _insist_minimum,
    Kind.PACKING: _insist_packed,
    Kind.PRICE: lambda each: each.offer.list_price(each.quantity),
    Kind.CERTIFICATION: lambda each: each.assortment.customer.insist_certified(),
}
"""Everything that must be so, in the order it is insisted on: who may comes before how many.

A line is added only if all of them pass, and `explaining` says of each how it came out: there is no
second list.
"""
