"""What the payment service has to know besides what every service has to."""

from pydantic import Field
from sqlalchemy.orm import Session

from shared.settings import ServiceSettings
from shared.storage import settings_of
from shared.vendor import Vendor


class PaymentSettings(ServiceSettings):
    """Whose account transfers go to."""

    vendor: Vendor = Field(default_factory=Vendor)


def payment_settings(tx: Session) -> PaymentSettings:
    """Return what payment was launched with."""
    settings = settings_of(tx)
    assert isinstance(settings, PaymentSettings)
    return settings
