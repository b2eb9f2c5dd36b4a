"""Who may order what, for which purpose, how many: one table (R24, R41, A9)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.ordering.domain.errors import PurposeNotForLicenses, PurposeNotOffered
from services.ordering.domain.words import Family, FirmwareState, Lifecycle, Purpose
from shared.caller import Role
from shared.errors import Disallowed, Forbidden


class OnlyForDevelopers(Forbidden):  # R19
    """Product {pid} is ordered for {purpose} by R&D personnel only."""

    fix = "Have somebody of your R&D order it, or order an R&D sample."


class DevelopmentCompleted(Disallowed):
    """Product {pid} is in {lifecycle}: {purpose} is ordered only while it is developed."""

    fix = "Order it for trial production, or have its administrator return it to development."


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

    def for_licenses(self) -> "Rule":
        """Return what it asks of codes: a licence has its minimum for every purpose."""
        return replace(self, packed=True)


_BULK = frozenset({Role.BUYER, Role.RND})

_DEVELOPING = frozenset({Lifecycle.DEVELOPMENT})
_TRUSTED = frozenset({FirmwareState.BETA, FirmwareState.RELEASED})

RULES: dict[Purpose, Rule] = {
    Purpose.DEBUGGING: Rule(
        roles=frozenset({Role.RND}), lifecycles=_DEVELOPING, firmware=_TRUSTED, packed=False
    ),
    Purpose.RND_SAMPLE: Rule(roles=_BULK, lifecycles=_DEVELOPING, firmware=_TRUSTED, packed=False),
    Purpose.TRIAL_PRODUCTION: Rule(
        roles=_BULK,
        lifecycles=frozenset({Lifecycle.TRIAL_PRODUCTION, Lifecycle.MASS_PRODUCTION}),
        firmware=_TRUSTED,
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
    """Refuse with PurposeNotOffered or PurposeNotForLicenses what cannot be ordered here."""
    if purpose not in RULES:
        raise PurposeNotOffered(purpose=purpose.value)
    if family is Family.LICENSE and Lifecycle.DEVELOPMENT in RULES[purpose].lifecycles:
        raise PurposeNotForLicenses(purpose=purpose.value)
