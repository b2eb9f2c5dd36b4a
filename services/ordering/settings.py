"""What ordering has to know besides what every service has to."""

from datetime import timedelta

from pydantic import Field
from sqlalchemy.orm import Session

from services.ordering.domain.duplicates import Likeness
from services.ordering.domain.review import Usual
from services.ordering.domain.rules import Caps
from services.ordering.domain.words import Purpose
from shared.settings import ServiceSettings
from shared.storage import settings_of
from shared.vendor import Vendor


class OrderingSettings(ServiceSettings):
    """How much may be ordered at once, and what the vendor usually agrees to."""

    trial_quantity_limit: int = Field(default=1000, ge=1)
    """The most units a line for trial production may have."""

    usual_deposit_percent: int = Field(default=30, ge=1, le=100)
    """How much of the total is due before production, if the business manager says nothing (A2)."""

    usual_validity_days: int = Field(default=30, ge=1)
    """How long a customer can sign, if the business manager says nothing."""

    intention_days: int = Field(default=14, ge=1)
    """How long a purchase intention waits for somebody to act before it expires."""

    duplicate_days: int = Field(default=30, ge=0)
    """For how long an order is compared with later ones (R15); 0 compares none."""

    duplicate_percent: int = Field(default=20, ge=0, le=100)
    """By how much the quantities of two orders that look alike may differ, in hundredths."""

    vendor: Vendor = Field(default_factory=Vendor)

    @property
    def caps(self) -> Caps:
        """The most units a line may have, by purpose."""
        return {Purpose.TRIAL_PRODUCTION: self.trial_quantity_limit}

    @property
    def usual(self) -> Usual:
        """The terms that are not named when a price is confirmed."""
        return Usual(
            deposit_percent=self.usual_deposit_percent,
            validity=timedelta(days=self.usual_validity_days),
        )

    @property
    def likeness(self) -> Likeness:
        """What makes an order look like an earlier one."""
        return Likeness(timedelta(days=self.duplicate_days), self.duplicate_percent)

    @property
    def patience(self) -> timedelta:
        """How long a purchase intention waits."""
        return timedelta(days=self.intention_days)


def ours(tx: Session) -> OrderingSettings:
    """Return what ordering was launched with."""
    settings = settings_of(tx)
    assert isinstance(settings, OrderingSettings)
    return settings
