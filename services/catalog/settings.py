"""What catalog is told besides what every service is told."""

from pydantic import Field

from shared.settings import ServiceSettings


class CatalogSettings(ServiceSettings):
    """How the vendor sells, where nothing else was agreed."""

    currency: str = Field(default="CNY", pattern="[A-Z]{3}")
    """The ISO 4217 code of the currency customers buy in until another one is agreed with them."""
