"""What the contract service has to know besides what every service has to."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from shared.inspection.settings import UploadSettings
from shared.vendor import Vendor


class ContractSettings(UploadSettings):
    """Who the contracts are with, how they look, and what they are sealed with."""

    vendor: Vendor = Field(default_factory=Vendor)

    seal: Path = Path()
    """The folder with `seal.key` and `seal.crt`, as PEM: the vendor's key, and its certificate with
    those that vouch for it. `python -m services.contract.seal_keys FOLDER` makes some to try with.
    """

    timestamp_url: str = ""
    """Who dates the seal (RFC 3161); empty for nobody, so that no network is needed."""

    template: Path = Path(__file__).parent / "templates"
    """The folder with `contract.typ`; the vendor's own, if it has one, is given the same facts."""

    language: Literal["auto", "en", "zh"] = "auto"
    """What contracts are written in; `auto`: Chinese if the buyer's name is, else English."""

    fonts: Path | None = None
    """A folder with fonts, besides those of the system."""
