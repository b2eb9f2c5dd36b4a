"""A RabbitMQ to use: the one given, else an installed one run privately, else installed first."""

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol, Self

from shared import debian
from shared.broker_node import Node

Say = Callable[[str], None]

PACKAGE = "rabbitmq-server"
_DEBIAN = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


class BrokerMissing(RuntimeError):
    """There is no RabbitMQ and none could be had; the message says what to do."""


class Broker(Protocol):
    """A RabbitMQ that answers at `url`."""

    url: str

    def stop(self) -> None:
        """End it, if it is ours."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Given:
    """A broker somebody else runs."""

    def __init__(self, url: str) -> None:
        self.url = url

    def stop(self) -> None:
        """Leave it as it is."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def provide(
    folder: Path, *, url: str = "", consumers: Iterable[str] = (), say: Say = lambda _: None
) -> Broker:
    """Return a running broker: at `url` if given, else a private node with its state in `folder`.

    `consumers` are the services whose queues get limits; a broker that was given has its own.
    Raises BrokerMissing if none is installed and none can be, BrokerFailed if it does not start.
    """
    if url:
        return Given(url)
    node = Node(folder, installed() or install(say), consumers)
    say("starting RabbitMQ")
    node.start()
    return node


def installed() -> Path | None:
    """Return the server script of an installed RabbitMQ, if there is one.

    Debian's /usr/sbin/rabbitmq-server insists on running as its own user; the script behind it
    does not.
    """
    found = _DEBIAN if os.access(_DEBIAN, os.X_OK) else shutil.which(PACKAGE)
    return Path(found) if found and shutil.which("epmd") else None


def install(say: Say = lambda _: None) -> Path:
    """Install RabbitMQ with apt-get, without letting it start a service of the machine."""
    if not debian.can_install():
        raise BrokerMissing(
            f"RabbitMQ is not installed. Install it ({PACKAGE} on Debian and Ubuntu), "
            "or set AMQP_URL to one that runs, or leave it out with BUS=local."
        )
    say("installing RabbitMQ with apt-get (about a minute)")
    if not debian.install(PACKAGE):
        raise BrokerMissing(
            f"RabbitMQ is not installed, and 'apt-get install {PACKAGE}' failed: "
            "run it by hand to see why, or set AMQP_URL, or leave it out with BUS=local."
        )
    program = installed()
    if program is None:
        raise BrokerMissing(f"{PACKAGE} was installed, but its server script is not where it was.")
    return program
