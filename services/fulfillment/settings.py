"""What the fulfillment service has to know besides what every service has to."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from sqlalchemy.orm import Session

from shared.settings import ServiceSettings
from shared.storage import settings_of


class FulfillmentSettings(ServiceSettings):
    """How long a customer may take for the receipt, and what codes are sealed with."""

    receipt_days: int = Field(default=14, ge=1)
    """After so many days a dispatched shipment counts as received (transition 15)."""

    license_keys: Path = Path()
    """The folder with what licence codes are sealed with:
    `python -m services.fulfillment.license_keys FOLDER` makes it."""

    license_minutes: int = Field(default=15, ge=1)
    """For so long whoever opened codes can download them, also if a connection broke."""

    @property
    def license_patience(self) -> timedelta:
        """How long opened codes can be downloaded."""
        return timedelta(minutes=self.license_minutes)


def ours(tx: Session) -> FulfillmentSettings:
    """Return what fulfillment was launched with."""
    settings = settings_of(tx)
    assert isinstance(settings, FulfillmentSettings)
    return settings
