"""What an edge (portal or console) is launched with."""

from functools import cached_property

from pydantic import Field

from shared.settings import Place, ServiceSettings
from shared.web.network import Network, networks


class EdgeSettings(ServiceSettings):
    """Read once at launch, as `GATEWAY_…` or `CONSOLE_…`; the services are its peers."""

    address: Place = "127.0.0.1:8080"
    """Where it listens."""

    public_url: str = ""
    """How people reach it, if not as `http://<address>`; with `https://` cookies are Secure."""

    hotline: str = "+86 400 000 0000"
    """The vendor's telephone number, on every page (R75)."""

    trusted_proxies: str = ""
    """Networks of the proxies in front, as `10.0.0.0/8, fd00::/8`: they alone may say, in
    `X-Forwarded-For`, whose request it is."""

    threads: int = Field(default=40, ge=1)
    """How many pages are made, and how many files are sent, at once."""

    @cached_property
    def proxies(self) -> tuple[Network, ...]:
        """The networks of `trusted_proxies`; ValueError if one is none."""
        return networks(self.trusted_proxies)

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public URL."""
        return (self.public_url or f"http://{self.address}").rstrip("/")

    @property
    def is_secure(self) -> bool:
        """Whether people reach it through https."""
        return self.origin.startswith("https://")
