"""The process that answers: gRPC in real threads, the relay, the clocks.

With `shared.rpc` and `shared.clients` the only place that knows grpcio's server and channels.
"""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib import import_module

import grpc
import structlog
from grpc_health.v1 import health as grpc_health
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health_pb2 import HealthCheckResponse
from grpc_reflection.v1alpha import reflection

from shared import backlog, garbage, metrics, operations, tracing
from shared.bus import Bus
from shared.clients import MESSAGE_LIMIT, Clients
from shared.errors import Refusal
from shared.health import Health
from shared.health_rpc import Checks
from shared.outbox import Relay
from shared.pruning import prune
from shared.revocations import following
from shared.service import Clock, Runtime, Service
from shared.settings import ServiceSettings
from shared.signals import hearing
from shared.starting import PortTaken
from shared.storage import Database
from shared.ticking import Ticking
from shared.tokens import verifier

log = structlog.get_logger()

GRACE = 10.0
"""Seconds calls under way may take to end when the process stops."""

STOPPED_WITHIN = GRACE + 4
"""Seconds after which a process told to stop is gone, also if its database stands still."""

EXTRA_CONNECTIONS = 4
"""Database connections beside those of the answering threads: clocks, pages, the relay."""

HOUSEKEEPING = (Clock(every=3600, tick=prune),)
"""Clocks every service has."""


class Server:
    """A service that listens, and answers once it is started."""

    def __init__(self, runtime: Runtime, address: str = "") -> None:
        """Listen on `address`, else where the settings say; raises PortTaken."""
        address = address or runtime.settings.grpc_address
        threads = runtime.settings.threads
        # It must be kept: a server nobody refers to stops itself.
        self._grpc = grpc.server(
            ThreadPoolExecutor(threads, thread_name_prefix=runtime.service.name),
            maximum_concurrent_rpcs=4 * threads,
            options=[
                ("grpc.max_receive_message_length", MESSAGE_LIMIT),
                ("grpc.max_send_message_length", MESSAGE_LIMIT),
                ("grpc.so_reuseport", 0),
            ],
        )
        self.health = Health({"database": runtime.database.answers})
        self._checks = Checks(self.health)
        self._names = _host(self._grpc, self._checks, runtime)
        try:
            self.port = self._grpc.add_insecure_port(address)
        except RuntimeError:
            raise PortTaken(address) from None

    def start(self) -> None:
        """Begin to answer."""
        self._grpc.start()
        for name in ("", *self._names):
            self._checks.set(name, HealthCheckResponse.SERVING)

    def stop(self, grace: float = GRACE) -> None:
        """Take no more calls; return once those under way ended, `grace` seconds at most."""
        self._checks.enter_graceful_shutdown()
        self._grpc.stop(grace).wait()


def _host(server: grpc.Server, check: Checks, runtime: Runtime) -> list[str]:
    """Put the service and what every server has beside it on `server`; return its name."""
    import_module(runtime.service.api).register(server, runtime)
    operations.register(server, runtime)
    health_pb2_grpc.add_HealthServicer_to_server(check, server)
    package, name = runtime.service.events.DESCRIPTOR.package, runtime.service.name
    names = [f"{package}.{name.title()}Service"]
    hosted = [*names, operations.NAME, grpc_health.SERVICE_NAME, reflection.SERVICE_NAME]
    reflection.enable_server_reflection(hosted, server)
    return names


def runtime_of(
    service: Service, settings: ServiceSettings, clients: Clients, verb: str = ""
) -> Runtime:
    """Return what servicer and clocks of `service` are given; its database has to be closed.

    `verb` says to PostgreSQL which process of the service this is, if it has several.
    """
    database = Database(
        settings.database_url,
        name=service.name,
        verb=verb,
        events=service.events,
        settings=settings,
        pool_size=settings.threads + EXTRA_CONNECTIONS,
    )
    return Runtime(service=service, database=database, settings=settings, clients=clients)


@contextmanager
def working(runtime: Runtime, bus: Bus) -> Iterator[None]:
    """Do what a service does besides answering, for a block: carry its events, watch its clocks."""
    service, relay = runtime.service, Relay(runtime.database, bus)
    relay.start()
    try:
        with (
            backlog.watched(service.name, runtime.database),
            Ticking(runtime, (*service.clocks, *HOUSEKEEPING)),
        ):
            yield
    finally:
        relay.stop()


def run(service: Service, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way, and end the process."""
    from shared.rabbit import RabbitBus

    tracing.configure(service.name, settings.otlp_endpoint)
    with hearing(signal.SIGTERM, signal.SIGINT) as told, ExitStack() as stack:
        stack.callback(tracing.shutdown)
        clients = Clients({service.name: settings.grpc_address, **settings.peers})
        stack.callback(clients.close)
        runtime = runtime_of(service, settings, clients, verb="serve")
        stack.callback(runtime.database.close)
        bus = RabbitBus(settings.amqp_url)
        stack.callback(bus.close)
        server = Server(runtime)
        stack.enter_context(working(runtime, bus))
        stack.enter_context(following(clients, verifier(settings.keys).revocations))
        page = stack.enter_context(metrics.exposed(settings.metrics_address, server.health))
        server.start()
        garbage.settle()
        log.info("serving", port=server.port, metrics_port=page)
        look_around(service, settings)
        server.health.away()  # says in the log what is, before anybody asks
        told()
        log.info("stopping")
        end_within(STOPPED_WITHIN)
        server.stop()


def look_around(service: Service, settings: ServiceSettings) -> None:
    """Say in the log what is not mounted: else who needs it first is refused, and nobody else."""
    try:
        service.look(settings)
    except Exception as missing:
        fix = missing.remedy if isinstance(missing, Refusal) else ""
        log.error("something is missing", what=str(missing), fix=fix)


def end_within(seconds: float) -> None:
    """End this process then, whatever still hangs in it: what was not committed is asked again."""
    last = threading.Timer(seconds, os._exit, (1,))
    last.daemon = True
    last.start()
