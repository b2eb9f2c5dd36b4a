"""Pages over a real gRPC channel; behind it, instead of authorization, two people it knows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.empty_pb2 import Empty
from grpc_status import rpc_status
from millrun.authorization.v1.account_pb2 import Account, Revocation, Role, Space
from millrun.authorization.v1.authorization_pb2 import ListRevocationsResponse, Session
from millrun.authorization.v1.authorization_pb2_grpc import (
    AuthorizationServiceServicer,
    add_AuthorizationServiceServicer_to_server,
)
from starlette.applications import Starlette

from shared.clients import Clients
from shared.errors import Refusal, Unauthenticated
from shared.status import status_of
from shared.testing.pages import Browser, listening
from shared.tokens import TokenRevoked
from shared.web import text
from shared.web.app import application
from shared.web.settings import EdgeSettings
from shared.web.site import Admit
from shared.web.tests import demo
from shared.web.translations import folders


class WrongPassword(Unauthenticated):
    """Address or password is wrong."""

    fix = "Try again, or ask for a new password."


ACME = Space(
    enterprise="enterprises/acme",
    display_name="Acme Smart Home",
    roles=[Role.BUYER],
    certified=True,
)
BORA = Space(
    enterprise="enterprises/bora", display_name="Bora Electronics", roles=[Role.ADMINISTRATOR]
)
SPACES = {"chen@acme.example": [ACME], "li@acme.example": [ACME, BORA]}


class Authorization(AuthorizationServiceServicer):
    """Knows Chen, who has one space, and Li, who has two; remembers what it was asked."""

    def __init__(self) -> None:
        self.lifetime = 300
        self.rotates = False
        self.metadata: dict[str, str] = {}
        self.exchanged = 0
        self.ended: set[str] = set()
        self.revoked: list[Revocation] = []

    def SignIn(self, request: Any, context: Any) -> Session:
        spaces = SPACES.get(request.email)
        if not spaces or request.password != "correct horse":
            refuse(context, WrongPassword())
        return self._session(f"secret-of-{request.email}", spaces or [], "")

    def ExchangeSession(self, request: Any, context: Any) -> Session:
        self.exchanged += 1
        secret = request.session_secret.partition("#")[0]
        spaces = SPACES.get(secret.removeprefix("secret-of-"))
        if spaces is None or secret in self.ended:
            refuse(context, WrongPassword())
        session = self._session(secret, spaces or [], request.space)
        session.access_token += f"#{self.exchanged}"
        if self.rotates:
            session.session_secret += f"#{self.exchanged}"
        return session

    def GetAccount(self, request: Any, context: Any) -> Account:
        """Believe no token but the newest."""
        self.metadata = dict(context.invocation_metadata())
        if not self.metadata["authorization"].endswith(f"#{self.exchanged}"):
            refuse(context, TokenRevoked())
        return Account(display_name="Newest")

    def ListRevocations(self, request: Any, context: Any) -> ListRevocationsResponse:
        return ListRevocationsResponse(revocations=self.revoked)

    def SignOut(self, request: Any, context: Any) -> Empty:
        self.ended.add(request.session_secret)
        return Empty()

    def _session(self, secret: str, spaces: list[Space], space: str) -> Session:
        email = secret.removeprefix("secret-of-")
        name = email.partition("@")[0].capitalize()
        session = Session(
            account=Account(name=f"accounts/{name}", email=email, display_name=f"{name} Example"),
            spaces=spaces,
            space=next((each for each in spaces if each.enterprise == space), spaces[0]),
            session_secret=secret,
            access_token=f"token-of-{email}",
        )
        session.expire_time.GetCurrentTime()
        session.expire_time.seconds += self.lifetime
        return session


def refuse(context: Any, refusal: Refusal) -> None:
    """Answer a call with a refusal, as every service does."""
    context.abort_with_status(rpc_status.to_status(status_of(refusal, "authorization.millrun")))


@pytest.fixture
def authorization() -> Authorization:
    """Return who answers in place of authorization."""
    return Authorization()  # type: ignore[abstract]


@pytest.fixture
def clients(authorization: Authorization) -> Iterator[Clients]:
    """Return stubs that reach it."""
    server = grpc.server(ThreadPoolExecutor(2))
    add_AuthorizationServiceServicer_to_server(authorization, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    found = Clients({"authorization": f"127.0.0.1:{port}"})
    yield found
    found.close()
    server.stop(None)


@pytest.fixture
def app(clients: Clients) -> Starlette:
    """Return an edge with the demo pages."""
    return edge(clients)


def edge(clients: Clients, admit: Admit = lambda visitor: None, **settings: Any) -> Starlette:
    """Return an edge with the demo pages and other settings."""
    return application(
        title="Portal",
        settings=EdgeSettings(**settings),
        clients=clients,
        pages=[demo.pages],
        admit=admit,
    )


def sign_in(browser: Browser, name: str = "chen") -> httpx.Response:
    """Sign in as Chen or Li."""
    return browser.fill("/sign-in", email=f"{name}@acme.example", password="correct horse")


@pytest.fixture
def browser(app: Starlette) -> Iterator[Browser]:
    """Return a browser on that edge, with nobody signed in."""
    with listening(app) as origin, Browser(origin) as found:
        yield found


@pytest.fixture
def chinese() -> Iterator[None]:
    """Have what is said be said in Chinese."""
    text.load(folders())
    token = text.language.set("zh")
    yield
    text.language.reset(token)
