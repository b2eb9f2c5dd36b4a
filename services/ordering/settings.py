"""What ordering has to know besides what every service has to."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path

from pydantic import Field, field_validator
from sqlalchemy.orm import Session

from services.ordering.domain.due import TASKS, Agreed
from services.ordering.domain.duplicates import Likeness
from services.ordering.domain.liability import Percentages, Stage
from services.ordering.domain.review import Usual
from services.ordering.domain.rules import Caps
from services.ordering.domain.words import Party, Purpose
from shared.inspection.settings import UploadSettings
from shared.storage import settings_of
from shared.vendor import Vendor

TASK_DAYS = {"start production": 3, "issue the invoice": 5}
"""What takes longer than its party usually needs."""


class OrderingSettings(UploadSettings):
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
    """Within how many days the vendor's managers and finance act, and production once it may."""

    task_days: dict[str, int] = Field(default_factory=lambda: dict(TASK_DAYS))
    """What is done within another time, as orders name it: `{"pay the deposit": 14}`."""

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
            Stage.CONFIRMED: 0,  # Nobody owes anything for what both sides have not signed.
            Stage.SIGNED: self.cancel_signed_percent,
            Stage.DEPOSIT_PAID: self.cancel_deposit_paid_percent,
            Stage.IN_PRODUCTION: self.cancel_in_production_percent,
            Stage.READY: self.cancel_ready_percent,
        }

    @field_validator("task_days")
    @classmethod
    def _known_tasks(cls, days: dict[str, int]) -> dict[str, int]:
        """Take only tasks there are, and at least a day for each."""
        unknown = sorted(days.keys() - TASKS)
        if unknown:
            raise ValueError(f"orders never wait for {unknown[0]!r}, only for: {sorted(TASKS)}")
        if any(each < 1 for each in days.values()):
            raise ValueError("everybody has at least one day")
        return TASK_DAYS | days

    @cached_property
    def agreed(self) -> Agreed:
        """Within what time things are done; goods are made within the lead time of the order."""
        vendor = timedelta(days=self.vendor_days)
        others = (Party.BUSINESS_MANAGER, Party.PROJECT_MANAGER, Party.FINANCE, Party.PRODUCTION)
        return Agreed(
            {Party.BUYER: timedelta(days=self.buyer_days), **dict.fromkeys(others, vendor)},
            {task: timedelta(days=days) for task, days in self.task_days.items()},
        )

    @property
    def patience(self) -> timedelta:
        """How long a purchase intention waits."""
        return timedelta(days=self.intention_days)


def ours(tx: Session) -> OrderingSettings:
    """Return what ordering was launched with."""
    settings = settings_of(tx)
    assert isinstance(settings, OrderingSettings)
    return settings
