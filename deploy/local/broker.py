"""RabbitMQ: the one that is given, or one of our own."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from deploy.local.keeper import Keeper
from deploy.local.pids import alive
from deploy.local.progress import Progress
from deploy.local.state import State
from shared.errors import Unavailable

if TYPE_CHECKING:
    from shared.broker_node import Node

PATIENCE = 5.0
"""Seconds a broker that is given may take to answer."""


class NoBroker(Unavailable):
    """{words}"""


class BrokerAway(Unavailable):
    """No RabbitMQ answers at {where}, which AMQP_URL names."""

    fix = "Start it, correct AMQP_URL, or leave AMQP_URL empty to have one started here."


def broker(services: list[str], stack: ExitStack, state: State, progress: Progress) -> str:
    """Return where RabbitMQ answers; one of our own runs until `stack` closes.

    Refuses with NoBroker or BrokerAway.
    """
    given = os.environ.get("AMQP_URL", "")
    with progress.step("RabbitMQ"):
        if given:
            return _answering(given)
        return _own(services, stack, state, progress)


def _answering(url: str) -> str:
    from shared.rabbit import connect

    try:
        connect(url, patience=PATIENCE).close()
    except Exception as error:  # whatever the network or the broker said
        where = urlsplit(url)
        raise BrokerAway(where=f"{where.hostname}:{where.port}{where.path}") from error
    return url


def _own(services: list[str], stack: ExitStack, state: State, progress: Progress) -> str:
    from shared import broker as brokers
    from shared.broker_node import Node

    def say(words: str) -> None:
        progress.say(f"        {words}")

    try:
        found = brokers.provide(state.broker, consumers=services, say=say)
    except RuntimeError as error:  # BrokerMissing, BrokerFailed: sentences for whoever asked
        raise NoBroker(words=error) from None
    assert isinstance(found, Node)
    stack.enter_context(_kept(found, state, progress))
    return found.url


def _kept(node: Node, state: State, progress: Progress) -> Keeper:
    def start() -> int:
        if not alive(_pid(state)):
            node.kill()  # what is left of it: its name server may have survived
            node.start()
        return _pid(state)

    return Keeper("rabbitmq", state, progress, start=start, stop=node.stop)


def _pid(state: State) -> int:
    """Return the node's process id: the last one it writes down."""
    return int((state.broker / "pids").read_text().split()[-1])
