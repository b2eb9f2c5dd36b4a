"""Everything in one process: for a laptop, for tests, for a first look.

The same outbox, inbox, reactions and clocks as anywhere; only the bus is a local one.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from shared.clients import Clients
from shared.inbox import Inbox
from shared.local import LocalBus
from shared.revocations import following
from shared.revoked import Revocations
from shared.server import Server, runtime_of, working
from shared.service import Clock, Runtime, Service
from shared.settings import ServiceSettings
from shared.ticking import Ticking
from shared.tokens import verifier

RETRY_EVERY = 0.5
"""Seconds between two looks for reactions whose time to be tried again has come."""


@contextmanager
def running(
    services: Iterable[Service], settings_of: Callable[[str], ServiceSettings]
) -> Iterator[dict[str, str]]:
    """Run every service over its own database and one local bus; yield their addresses by name.

    `settings_of(name)` are the settings of a service; where its peers are is found out here.
    """
    addresses: dict[str, str] = {}
    with ExitStack() as stack:
        bus = LocalBus()
        stack.callback(bus.close)
        clients = Clients(addresses)
        stack.callback(clients.close)
        runtimes = [_runtime(stack, each, settings_of(each.name), clients) for each in services]
        # All listen before any works, so that whoever asks first finds the others.
        servers = [Server(runtime) for runtime in runtimes]
        for runtime, server in zip(runtimes, servers, strict=True):
            addresses[runtime.service.name] = _address(runtime.settings.grpc_address, server.port)
        for runtime in runtimes:
            stack.enter_context(_listening(runtime, bus))
        for runtime in runtimes:
            stack.enter_context(working(runtime, bus))
        for server in servers:
            server.start()
            stack.callback(server.stop, 1.0)
        stack.enter_context(following(clients, *_revocations(runtimes)))
        yield addresses


def _runtime(
    stack: ExitStack, service: Service, settings: ServiceSettings, clients: Clients
) -> Runtime:
    runtime = runtime_of(service, settings, clients)
    stack.callback(runtime.database.close)
    return runtime


def _revocations(runtimes: Iterable[Runtime]) -> set[Revocations]:
    """Return what the verifiers here know: of one key set there is one."""
    return {verifier(runtime.settings.keys).revocations for runtime in runtimes}


@contextmanager
def _listening(runtime: Runtime, bus: LocalBus) -> Iterator[None]:
    """Let a service hear what it reacts to, and try again what failed, for a block."""
    service = runtime.service
    inbox = Inbox(runtime.database, service.reactions, service.name)
    bus.subscribe(inbox, service.reactions.sources)

    def retry_due(_: Runtime) -> int:
        return inbox.retry_due()

    with Ticking(runtime, (Clock(every=RETRY_EVERY, tick=retry_due),)):
        yield


def _address(wanted: str, port: int) -> str:
    return f"{wanted.rpartition(':')[0]}:{port}"
