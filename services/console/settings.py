"""What the console is launched with."""

from shared.web.settings import EdgeSettings


class ConsoleSettings(EdgeSettings):
    """Read once at launch, as `CONSOLE_…`."""

    address: str = "127.0.0.1:8090"
    """Where it listens."""

    portal_url: str = ""
    """Where customers are sent who sign in here by mistake; the gateway's address if unset."""

    @property
    def portal(self) -> str:
        """The portal's address, as people reach it."""
        return self.portal_url or f"http://{self.peers.get('gateway', '127.0.0.1:8080')}"
