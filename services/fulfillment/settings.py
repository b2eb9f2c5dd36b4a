"""What the fulfillment service has to know besides what every service has to."""

from pydantic import Field

from shared.settings import ServiceSettings


class FulfillmentSettings(ServiceSettings):
    """How long a customer may take to say that the goods arrived."""

    receipt_days: int = Field(default=14, ge=1)
    """After so many days a dispatched shipment counts as received (transition 15)."""
