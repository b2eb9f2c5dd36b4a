"""All services behind the portal, answered by doubles over real channels."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from importlib import import_module
from typing import Any

import grpc
import pytest
from google.protobuf.message_factory import GetMessageClass
from grpc_status import rpc_status
from millrun.authorization.v1.account_pb2 import Account, Role, Space
from millrun.authorization.v1.authorization_pb2 import Session

from services.gateway.app import application
from shared import pieces
from shared.errors import Refusal
from shared.ids import new_id
from shared.status import status_of
from shared.testing.pages import Browser, listening
from shared.web.settings import EdgeSettings

SERVICES = (
    "authorization",
    "catalog",
    "contract",
    "fulfillment",
    "notification",
    "ordering",
    "payment",
)
ACME = "enterprises/acme"
CHEN = "accounts/chen"


class House:
    """What each RPC answers: a message, a refusal, or a function of the request.

    What nobody set answers an empty message. Everything that was asked is kept.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget everything a test set or asked."""
        self.answers: dict[str, Any] = {"ExchangeSession": self._session, "SignIn": self._session}
        self.asked: list[tuple[str, Any]] = []
        self.roles = [Role.BUYER, Role.ADMINISTRATOR, Role.RND]
        self.spaces = [ACME]
        self.certified = True

    def request(self, method: str) -> Any:
        """Return what `method` was asked last."""
        return [request for asked, request in self.asked if asked == method][-1]

    def was_asked(self, method: str) -> int:
        """Return how often `method` was asked."""
        return sum(asked == method for asked, _ in self.asked)

    def doubles(self) -> Iterator[tuple[object, Callable[..., None]]]:
        """Yield who answers in place of each service, and what adds it to a server."""
        for name in SERVICES:
            module = import_module(f"millrun.{name}.v1.{name}_pb2")
            stubs = import_module(f"millrun.{name}.v1.{name}_pb2_grpc")
            service = next(iter(module.DESCRIPTOR.services_by_name.values()))
            servicer = getattr(stubs, f"{service.name}Servicer")
            methods = {each.name: self._answering(each) for each in service.methods}
            add = getattr(stubs, f"add_{service.name}Servicer_to_server")
            yield type(service.name, (servicer,), methods)(), add

    def _answering(self, method: Any) -> Callable[..., Any]:
        def answer(_: object, request: Any, context: Any) -> Any:
            self.asked.append((method.name, request))
            found = self.answers.get(method.name, GetMessageClass(method.output_type)())
            try:
                found = found(request) if callable(found) else found
                if isinstance(found, Refusal):
                    raise found
            except Refusal as refusal:
                context.abort_with_status(rpc_status.to_status(status_of(refusal, "a.millrun")))
            return found

        def stream(self: object, request: Any, context: Any) -> Any:
            yield from answer(self, request, context)

        def gather(self: object, messages: Any, context: Any) -> Any:
            return answer(self, pieces.together(messages), context)

        if method.client_streaming:
            return gather
        return stream if method.server_streaming else answer

    def _session(self, request: Any) -> Session:
        spaces = [
            Space(
                enterprise=name,
                display_name="Acme Smart Home",
                roles=self.roles,
                certified=self.certified,
            )
            for name in self.spaces
        ]
        first = spaces[0] if spaces else None
        session = Session(
            account=Account(name=CHEN, email="chen@acme.example", display_name="Chen Jie"),
            spaces=spaces,
            space=next((each for each in spaces if each.enterprise == request.space), first),
            session_secret=str(new_id()),
            access_token="token",
        )
        session.expire_time.GetCurrentTime()
        session.expire_time.seconds += 300
        return session


Portals = Callable[[str], str]
"""Returns the origin of a portal; for the name of a service, one for which nobody answers there."""


@pytest.fixture(scope="session")
def furnished() -> House:
    """Return the house all tests use, one after the other: a portal takes a second to start."""
    return House()


@pytest.fixture(scope="session")
def portals(furnished: House) -> Iterator[Portals]:
    """Return what gives portals, each started once."""
    server = grpc.server(ThreadPoolExecutor(16))
    for double, add in furnished.doubles():
        add(double, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    with ExitStack() as stack:

        @cache
        def portal(away: str) -> str:
            peers = {name: "127.0.0.1:1" if name == away else address for name in SERVICES}
            return stack.enter_context(listening(application(EdgeSettings(peers=peers))))

        yield portal
    server.stop(None).wait()


@pytest.fixture
def house(furnished: House) -> House:
    """Return all services, with Chen of Acme signed in who may do everything there."""
    furnished.begin()
    return furnished


@pytest.fixture
def away() -> str:
    """Return the service nobody answers for; a test names one with `parametrize`."""
    return ""


@pytest.fixture
def stranger(house: House, portals: Portals, away: str) -> Iterator[Browser]:
    """Return a browser in which nobody is signed in."""
    with Browser(portals(away)) as browser:
        yield browser


@pytest.fixture
def chen(stranger: Browser) -> Browser:
    """Return the browser in which Chen is signed in."""
    sign_in(stranger)
    return stranger


def sign_in(browser: Browser) -> None:
    """Sign Chen in, with the roles and spaces the house gives at this moment."""
    browser.fill("/sign-in", email="chen@acme.example", password="correct horse")
