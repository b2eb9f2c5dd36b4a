"""A service that answers, in tests: over a real channel, with doubles only for its peers."""

import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import grpc
import pytest
import structlog

from shared import clients, settings
from shared.caller import NOBODY, Caller
from shared.clients import Clients, as_caller
from shared.inspection.settings import UploadSettings
from shared.server import Server
from shared.service import Runtime, Service
from shared.storage import Database
from shared.testing.callers import Token
from shared.testing.waits import LONG

Stub = TypeVar("Stub")
Peer = Callable[..., dict[str, str]]
Serving = Callable[..., "Served"]


class Served:
    """A service that answers at `address`."""

    def __init__(self, runtime: Runtime, address: str, token: Token) -> None:
        self.runtime, self.address, self._token = runtime, address, token
        self.clients = Clients({runtime.service.name: address})

    def stub(self, stub: type[Stub], *, as_: Caller | str = NOBODY) -> Stub:
        """Return a stub that asks as `as_`, a caller or a token; what is refused is raised here.

        `served.stub(OrderingServiceStub, as_=caller(Role.BUYER)).SubmitOrder(request)`
        """
        token = as_ if isinstance(as_, str) else self._token(as_) if as_.is_known else ""
        asked = self.clients.of(stub, at=self.runtime.service.name)
        return cast(Stub, _Speaking(asked, token))


class _Speaking:
    """A stub on behalf of one caller."""

    def __init__(self, stub: object, token: str) -> None:
        self._stub, self._token = stub, token

    def __getattr__(self, method: str) -> Callable[[Any], Any]:
        def ask(request: Any) -> Any:
            with as_caller(self._token):
                answer = getattr(self._stub, method)(request)
                return iter(list(answer)) if isinstance(answer, Iterator) else answer

        return ask


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """Show tracebacks as they are; with all their variables they take seconds."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


@pytest.fixture
def serving(keys_folder: Path, token: Token, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """Return what serves a service over its database, until the test ends.

    `serving(service, database, peers=peer(CatalogDouble()), **settings)` is a `Served`. Neither
    relay nor clocks run: what a test announces stays in the outbox for it to look at.
    """
    for kind in (clients._Method, clients._StreamUnary):
        monkeypatch.setattr(kind, "patience", LONG)  # nothing here is away, but may be busy
    with ExitStack() as stack:

        def serve(
            service: Service,
            database: Database,
            *,
            peers: Mapping[str, str] | None = None,
            **given: object,
        ) -> Served:
            usual: dict[str, object] = {"keys": keys_folder, "peers": peers or {}}
            if issubclass(service.settings, UploadSettings):
                usual["upload_seconds"] = LONG
            told = settings.load(service.name, service.settings, {**usual, **given})
            asked = Clients(told.peers)
            runtime = Runtime(service=service, database=database, settings=told, clients=asked)
            server = Server(runtime, "127.0.0.1:0")
            server.start()
            served = Served(runtime, f"127.0.0.1:{server.port}", token)
            for end in (asked.close, served.clients.close, lambda: server.stop(1)):
                stack.callback(end)
            return served

        yield serve


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Return what answers in another service's place: `peers=peer(CatalogDouble())`."""
    with standing_in() as answer:
        yield answer


@contextmanager
def standing_in() -> Iterator[Peer]:
    """Yield what answers in another service's place, for a block.

    A double subclasses a generated servicer and answers what the test needs; given several, it
    serves them all. Returns where each is, by the name of its service.
    """
    with ExitStack() as stack:

        def answer(*doubles: object) -> dict[str, str]:
            found = {}
            for double in doubles:
                generated = _generated(type(double))
                server = grpc.server(ThreadPoolExecutor(4))
                module = sys.modules[generated.__module__]
                getattr(module, f"add_{generated.__name__}_to_server")(double, server)
                port = server.add_insecure_port("127.0.0.1:0")
                server.start()
                stack.callback(_stop, server)
                found[generated.__module__.split(".")[1]] = f"127.0.0.1:{port}"
            return found

        yield answer


def _stop(server: grpc.Server) -> None:
    server.stop(0).wait()


def _generated(double: type) -> type:
    return next(kind for kind in double.__mro__ if kind.__module__.endswith("_pb2_grpc"))
