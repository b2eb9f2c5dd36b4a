"""What the contract service has to know besides what every service has to."""

from pydantic import Field

from shared.settings import ServiceSettings
from shared.vendor import Vendor


class ContractSettings(ServiceSettings):
    """Who the contracts are with."""

    vendor: Vendor = Field(default_factory=Vendor)
