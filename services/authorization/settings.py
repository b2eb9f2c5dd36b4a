"""What authorization is told besides what every service is told."""

from datetime import timedelta

from shared.settings import ServiceSettings


class AuthorizationSettings(ServiceSettings):
    """`keys` must hold the private key here too: authorization is who signs access tokens."""

    vendor_name: str = "Millrun"
    """What the space of the vendor's own people is called."""

    session_idle: timedelta = timedelta(hours=12)
    """A session nobody used for so long is over; in the environment as ISO 8601, `PT12H`."""

    session_lifetime: timedelta = timedelta(days=7)
    """A session is over so long after the sign-in, however much it is used."""
