"""What somebody may order for: a role's limits, and an authorization's within them (R19, A9)."""

from collections.abc import Iterable
from enum import Enum

from services.authorization.domain.errors import BadGrantRole, PurposeNotOfRole
from shared.caller import Role


class Purpose(Enum):
    """Why something is ordered (R4); the names are those of the protos."""

    DEBUGGING = "debugging"
    RND_SAMPLE = "an R&D sample"
    TRIAL_PRODUCTION = "trial production"
    MASS_PRODUCTION = "mass production"


OPEN_TO: dict[Role, frozenset[Purpose]] = {
    Role.BUYER: frozenset(Purpose) - {Purpose.DEBUGGING},
    Role.RND: frozenset(Purpose),
}
"""What each role an authorization can give may order for; debugging modules are for R&D only."""


def insist_open_to(role: Role, purposes: Iterable[Purpose]) -> frozenset[Purpose]:
    """Return `purposes` if `role` may order for each; BadGrantRole, PurposeNotOfRole."""
    if role not in OPEN_TO:
        raise BadGrantRole
    asked = frozenset(purposes)
    for purpose in sorted(asked - OPEN_TO[role], key=lambda each: each.value):
        raise PurposeNotOfRole(purpose=purpose.value, role=role.value)
    return asked


def in_order(purposes: Iterable[Purpose]) -> tuple[Purpose, ...]:
    """Return purposes in the one order they are told in: as a product grows up."""
    given = frozenset(purposes)
    return tuple(purpose for purpose in Purpose if purpose in given)
