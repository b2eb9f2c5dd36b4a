"""Who sells here: the vendor's name, bank account and hotline, as contracts and pages show them.

Read once, with a service's settings, from `VENDOR_…`; a service that needs it has a field
`vendor: Vendor = Field(default_factory=Vendor)` in its settings class.
"""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Vendor(BaseSettings):
    """The vendor of the modules. The defaults are a sample, so that a first look has a seller."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="VENDOR_")

    legal_name: str = "Sample Modules Co., Ltd."
    """The name under which the vendor is registered and signs."""

    address: str = "1 Sample Road, Hangzhou 310000, China"

    registration_no: str = "SAMPLE-0000-0000"
    """The number under which the vendor is registered."""

    hotline: str = "+86 400 000 0000"
    """The telephone number on every order page (R75)."""

    bank_holder: str = "Sample Modules Co., Ltd."
    """Whose account transfers go to."""

    bank_name: str = "Sample Bank, Hangzhou Branch"

    bank_account: str = "0000 0000 0000 0000"
    """The account number or IBAN transfers go to (R70)."""

    bank_bic: str = "SAMPCNSHXXX"
    """The bank's BIC (ISO 9362)."""
