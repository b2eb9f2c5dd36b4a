"""The words an order is described with; the names are those of the protos."""

from enum import Enum
from typing import Self


class Word(Enum):
    """A word that is also found by its name, as it is written where it is kept."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls.__members__.get(str(value))


class Purpose(Enum):
    """Why something is ordered; decides who may order it and how many (R4)."""

    DEBUGGING = "debugging"
    RND_SAMPLE = "an R&D sample"
    TRIAL_PRODUCTION = "trial production"
    MASS_PRODUCTION = "mass production"


class Family(Enum):
    """What kind of thing is ordered; one kind an order (R2, A12)."""

    HARDWARE_MODULE = "hardware modules"
    LICENSE = "licences"


class State(Enum):
    """The headline of an order: where it stands."""

    DRAFT = "a draft"
    INTENTION = "submitted"
    CONFIRMED = "confirmed"
    CONTRACT_SIGNED = "under contract"
    DEPOSIT_PAID = "ready for production"
    IN_PRODUCTION = "in production"
    READY_TO_SHIP = "ready to ship"
    PARTIALLY_SHIPPED = "partially shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


CLOSED = frozenset(
    {State.COMPLETED, State.REJECTED, State.EXPIRED, State.CANCELLED, State.REPLACED}
)
"""States nothing leads out of."""


class Party(Word):
    """Somebody an order can wait for."""

    BUYER = "the buyer"
    BUSINESS_MANAGER = "the business manager"
    PROJECT_MANAGER = "the project manager"
    FINANCE = "finance"
    PRODUCTION = "production"
    SYSTEM = "Millrun"


class Lifecycle(Enum):
    """How far the development of a product is, as the catalogue says."""

    DEVELOPMENT = "development"
    TRIAL_PRODUCTION = "trial production"
    MASS_PRODUCTION = "mass production"


class FirmwareState(Enum):
    """How far a firmware version is trusted, as the catalogue says."""

    BETA = "beta"
    RELEASED = "released"
    RETIRED = "retired"
