"""What an edge (portal or console) is launched with."""

from pydantic import Field

from shared.settings import ServiceSettings


class EdgeSettings(ServiceSettings):
    """Read once at launch, as `GATEWAY_…` or `CONSOLE_…`; the services are its peers."""

    address: str = "127.0.0.1:8080"
    """Where it listens."""

    public_url: str = ""
    """How people reach it, if not as `http://<address>`; with `https://` cookies are Secure."""

    hotline: str = "+86 400 000 0000"
    """The vendor's telephone number, on every page (R75)."""

    threads: int = Field(default=40, ge=1)
    """How many pages are made, and how many files are sent, at once."""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public URL."""
        return (self.public_url or f"http://{self.address}").rstrip("/")

    @property
    def is_secure(self) -> bool:
        """Whether people reach it through https."""
        return self.origin.startswith("https://")
