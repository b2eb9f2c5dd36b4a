"""The console with doubles behind it, and one of the vendor's people signed in."""

from collections.abc import Callable, Iterator

import pytest
from millrun.authorization.v1.account_pb2 import Account, Role, Space
from millrun.authorization.v1.authorization_pb2 import ListStaffResponse, Session

from services.console.app import application
from services.console.settings import ConsoleSettings
from shared.ids import new_id
from shared.testing.answering import Answering
from shared.testing.pages import Browser, listening
from shared.testing.serving import standing_in

SERVICES = (
    "authorization",
    "catalog",
    "contract",
    "fulfillment",
    "notification",
    "operations",
    "ordering",
    "payment",
)
ME = "accounts/lin"
COLLEAGUE = "accounts/ana"
ACME = Space(enterprise="enterprises/acme", display_name="Acme", roles=[Role.BUYER])


class Office(Answering):
    """Wei Lin of the vendor, with the roles the test gives; what the services answer."""

    def __init__(self) -> None:
        super().__init__(SERVICES)
        self.begin()

    def begin(self) -> None:
        """Forget everything a test set or asked, and who was signed in."""
        self.asked = []
        self.roles = list[Role.ValueType]()
        self.spaces: list[Space] = []
        self.deputy_of: list[str] = []
        self.secret = str(new_id())
        self.answers = {"ExchangeSession": self._session, "SignIn": self._session}
        self.answers["ListStaff"] = ListStaffResponse(
            accounts=[
                Account(name=ME, display_name="Wei Lin", staff_roles=[Role.BUSINESS_MANAGER]),
                Account(name=COLLEAGUE, display_name="Ana D.", staff_roles=[Role.PROJECT_MANAGER]),
            ]
        )

    def _session(self, _: object) -> Session:
        vendor = Space(display_name="Millrun", roles=self.roles, deputy_of=self.deputy_of)
        spaces = self.spaces or [vendor]
        session = Session(
            account=Account(name=ME, email="lin@millrun.example", display_name="Wei Lin"),
            spaces=spaces,
            space=spaces[0],
            session_secret=self.secret,
            access_token="token",
        )
        session.expire_time.GetCurrentTime()
        session.expire_time.seconds += 300
        return session


As = Callable[..., Browser]


@pytest.fixture(scope="session")
def furnished() -> Office:
    """Return the office all tests use, one after the other: a console takes a while to start."""
    return Office()


@pytest.fixture(scope="session")
def peers(furnished: Office) -> Iterator[dict[str, str]]:
    """Return where everything behind the console answers."""
    with standing_in() as answer:
        yield answer(*furnished.doubles())


@pytest.fixture(scope="session")
def console(peers: dict[str, str]) -> Iterator[str]:
    """Return the origin of the console."""
    settings = ConsoleSettings(peers=peers, portal_url="https://portal.example")
    with listening(application(settings)) as origin:
        yield origin


@pytest.fixture
def office(furnished: Office) -> Office:
    """Return everything behind the console, as nobody asked it anything yet."""
    furnished.begin()
    return furnished


@pytest.fixture
def stranger(console: str, office: Office) -> Iterator[Browser]:
    """Return a browser in which nobody is signed in."""
    with Browser(console) as browser:
        yield browser


@pytest.fixture
def lin(stranger: Browser, office: Office) -> As:
    """Return what signs Wei Lin in with some roles: `lin(Role.FINANCE)` is a browser."""

    def with_roles(*roles: "Role.ValueType") -> Browser:
        office.roles = list(roles)
        sign_in(stranger)
        return stranger

    return with_roles


def sign_in(browser: Browser) -> None:
    """Sign Wei Lin in."""
    arrived = browser.fill("/sign-in", email="lin@millrun.example", password="correct horse")
    assert arrived.url.path != "/sign-in", arrived.text
