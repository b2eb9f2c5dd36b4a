"""Who may order what, for which purpose, how many: one table (R24, R41, A9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.ordering.domain.errors import (
    BadQuantity,
    DevelopmentNotCompleted,
    FamilyNotOffered,
    FirmwareNotAllowed,
    NotAuthorizedForProduct,
    ProductNotReleased,
    PurposeNotOffered,
    QuantityAboveLimit,
    QuantityBelowMinimum,
    QuantityNotPacked,
)
from services.ordering.domain.offer import Offer
from services.ordering.domain.words import Family, FirmwareState, Lifecycle, Purpose
from shared.caller import Role
from shared.quantities import nearest

Caps = Mapping[Purpose, int]
"""The most units a line may have, by purpose; no limit for a purpose that is not in it."""

MOST_UNITS = 10_000_000
"""No line is larger; beyond this it is a slip of the finger."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a purpose asks of a product and of who orders it."""

    roles: frozenset[Role]
    lifecycles: frozenset[Lifecycle]
    firmware: frozenset[FirmwareState]
    packed: bool
    """Whether the module's minimum quantity and packing unit apply."""


_BULK = frozenset({Role.BUYER, Role.RND})

RULES: dict[Purpose, Rule] = {
    Purpose.TRIAL_PRODUCTION: Rule(
        roles=_BULK,
        lifecycles=frozenset({Lifecycle.TRIAL_PRODUCTION, Lifecycle.MASS_PRODUCTION}),
        firmware=frozenset({FirmwareState.BETA, FirmwareState.RELEASED}),
        packed=False,
    ),
    Purpose.MASS_PRODUCTION: Rule(
        roles=_BULK,
        lifecycles=frozenset({Lifecycle.MASS_PRODUCTION}),
        firmware=frozenset({FirmwareState.RELEASED}),
        packed=True,
    ),
}
"""What can be ordered; a purpose that is not in it cannot be ordered here."""


def insist_offered(purpose: Purpose, family: Family) -> None:
    """Refuse with PurposeNotOffered or FamilyNotOffered what cannot be ordered here."""
    if purpose not in RULES:
        raise PurposeNotOffered(purpose=purpose.value)
    if family is not Family.HARDWARE_MODULE:
        raise FamilyNotOffered(family=family.value)


def insist_orderable(
    purpose: Purpose, offer: Offer, roles: frozenset[Role], quantity: int, caps: Caps
) -> None:
    """Refuse, naming the product, whatever the table does not allow."""
    rule = RULES[purpose]
    if rule.roles.isdisjoint(roles):
        raise NotAuthorizedForProduct(pid=offer.pid)
    if offer.lifecycle not in rule.lifecycles:
        facts = {"pid": offer.pid, "lifecycle": offer.lifecycle.value, "purpose": purpose.value}
        if offer.lifecycle is Lifecycle.DEVELOPMENT:
            raise DevelopmentNotCompleted(**facts)
        raise ProductNotReleased(**facts)
    if offer.firmware_state not in rule.firmware:
        raise FirmwareNotAllowed(
            pid=offer.pid,
            firmware=offer.firmware_version,
            state=offer.firmware_state.value if offer.firmware_state else "not chosen",
            purpose=purpose.value,
        )
    _insist_quantity(purpose, offer, quantity, caps, packed=rule.packed)


def _insist_quantity(
    purpose: Purpose, offer: Offer, quantity: int, caps: Caps, *, packed: bool
) -> None:
    facts: dict[str, Any] = {"pid": offer.pid, "quantity": quantity}
    if quantity < 1:
        raise BadQuantity(**facts)
    limit = caps.get(purpose, MOST_UNITS)
    if quantity > limit:
        raise QuantityAboveLimit(**facts, limit=limit, purpose=purpose.value)
    if packed:
        _insist_packed(offer, quantity, facts)


def _insist_packed(offer: Offer, quantity: int, facts: dict[str, Any]) -> None:
    unit = max(offer.packing_unit, 1)
    match nearest(quantity, minimum=offer.minimum_quantity, unit=unit):
        case (least,):
            raise QuantityBelowMinimum(**facts, minimum=least)
        case (below, above):
            raise QuantityNotPacked(**facts, packing_unit=unit, below=below, above=above)
