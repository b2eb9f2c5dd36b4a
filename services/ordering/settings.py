"""What ordering has to know besides what every service has to."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from pydantic import Field
from sqlalchemy.orm import Session

from services.ordering.domain.duplicates import Likeness
from services.ordering.domain.liability import Percentages, Stage
from services.ordering.domain.review import Usual
from services.ordering.domain.rules import Caps
from services.ordering.domain.words import Party, Purpose
from shared.settings import ServiceSettings
from shared.storage import settings_of
from shared.vendor import Vendor


class OrderingSettings(ServiceSettings):
    """How much may be ordered at once, and what the vendor usually agrees to."""

    trial_quantity_limit: int = Field(default=1000, ge=1)
    """The most units a line for trial production may have."""

    sample_quantity_limit: int = Field(default=100, ge=1)
    """The most units a line for debugging or R&D samples may have."""

    license_contract: bool = False
    """Whether licences need a signed contract; debugging modules and samples never do."""

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

    passport_keys: Path = Path()
    """The folder with what order passports are signed with, and the public keys that prove them:
    `python -m services.ordering.passport_keys FOLDER` makes it."""

    cancel_signed_percent: int = Field(default=5, ge=0, le=100)
    """How much of the total a buyer owes who ends an order that is signed, in hundredths."""

    cancel_deposit_paid_percent: int = Field(default=10, ge=0, le=100)
    """How much they owe once the deposit is there, which bought material."""

    cancel_in_production_percent: int = Field(default=60, ge=0, le=100)
    """How much they owe once something is being made."""

    cancel_ready_percent: int = Field(default=100, ge=0, le=100)
    """How much they owe once something is finished."""

    buyer_days: int = Field(default=7, ge=1)
    """Within how many days a buyer acts, as agreed; later is overdue."""

    vendor_days: int = Field(default=2, ge=1)
    """Within how many days the vendor's managers and finance act."""

    vendor: Vendor = Field(default_factory=Vendor)

    @property
    def caps(self) -> Caps:
        """The most units a line may have, by purpose."""
        return {
            Purpose.DEBUGGING: self.sample_quantity_limit,
            Purpose.RND_SAMPLE: self.sample_quantity_limit,
            Purpose.TRIAL_PRODUCTION: self.trial_quantity_limit,
        }

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
    def validity(self) -> timedelta:
        """How long a customer can sign what was amended."""
        return timedelta(days=self.usual_validity_days)

    @property
    def percentages(self) -> Percentages:
        """What ending an order costs, by how far it is."""
        return {
            Stage.SIGNED: self.cancel_signed_percent,
            Stage.DEPOSIT_PAID: self.cancel_deposit_paid_percent,
            Stage.IN_PRODUCTION: self.cancel_in_production_percent,
            Stage.READY: self.cancel_ready_percent,
        }

    @property
    def agreed_times(self) -> Mapping[Party, timedelta]:
        """Within what time a party acts; production's is the lead time of the order."""
        vendor = timedelta(days=self.vendor_days)
        return {
            Party.BUYER: timedelta(days=self.buyer_days),
            Party.BUSINESS_MANAGER: vendor,
            Party.PROJECT_MANAGER: vendor,
            Party.FINANCE: vendor,
        }

    @property
    def patience(self) -> timedelta:
        """How long a purchase intention waits."""
        return timedelta(days=self.intention_days)


def ours(tx: Session) -> OrderingSettings:
    """Return what ordering was launched with."""
    settings = settings_of(tx)
    assert isinstance(settings, OrderingSettings)
    return settings
