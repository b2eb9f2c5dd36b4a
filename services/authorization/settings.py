"""What authorization is told besides what every service is told."""

from datetime import timedelta
from pathlib import Path
from typing import cast

from pydantic import Field
from sqlalchemy.orm import Session

from shared.caller import Role
from shared.inspection.settings import UploadSettings
from shared.storage import settings_of


class AuthorizationSettings(UploadSettings):
    """`keys` must hold the private key here too: authorization is who signs access tokens."""

    vendor_name: str = "Millrun"
    """What the space of the vendor's own people is called."""

    verified_addresses: bool = False
    """Whether an account may act anywhere, and found an enterprise, only once its address is
    verified. Off as long as no mail can be sent (`NOTIFICATION_CHANNELS`)."""

    two_step_for: frozenset[Role] = frozenset()
    """Roles that need two-step sign-in, as `["business_manager", "finance", "administrator"]`;
    without it an account acts nowhere it has one of them."""

    provider_issuer: str = ""
    """An OpenID Connect provider people may sign in with, as `https://id.example.com/realms/acme`;
    the built-in accounts stay. Its redirect addresses are `<portal>/sign-in/provider/back` and
    `<console>/sign-in/provider/back`."""

    provider_name: str = "Single sign-on"
    """What people call it: the button says *Sign in with …*."""

    provider_client_id: str = ""
    provider_client_secret: str = Field(default="", repr=False)
    provider_client_secret_file: Path | None = None
    """A file with the secret, instead of the secret."""

    provider_verifies_mail: bool = False
    """Whether an address counts as verified of which the provider says nothing: only for one whose
    addresses are its own organisation's, such as Entra ID with one tenant."""

    provider_groups_claim: str = "groups"
    provider_roles: dict[str, Role] = Field(default_factory=dict)
    """Which of the vendor's roles a group gives, as `{"millrun-finance": "finance"}`, for accounts
    that sign in with the provider only; asked for at each sign-in."""

    @property
    def provider_secret(self) -> str:
        """The client secret, from wherever it is; OSError if its file cannot be read."""
        file = self.provider_client_secret_file
        return file.read_text().strip() if file else self.provider_client_secret

    session_idle: timedelta = timedelta(hours=12)
    """A session nobody used for so long is over; in the environment as ISO 8601, `PT12H`."""

    session_lifetime: timedelta = timedelta(days=7)
    """A session is over so long after the sign-in, however much it is used."""

    certification_validity: timedelta = timedelta(days=365)
    """How long a certification is good, unless the certifier says otherwise; `P365D`."""

    certification_reminder: timedelta = timedelta(days=30)
    """How long before its end an enterprise is reminded of it, and may ask for it anew."""

    partner_secret_overlap: timedelta = timedelta(hours=1)
    """How long a partner system's secret still works after it got another one; `PT1H`."""


def ours(tx: Session) -> AuthorizationSettings:
    """Return what authorization was told."""
    return cast(AuthorizationSettings, settings_of(tx))
