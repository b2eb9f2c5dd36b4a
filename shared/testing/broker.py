"""A real RabbitMQ for tests: the one at AMQP_URL, else a private node for the length of the run.

Without one the tests that need it fail, with a sentence; `BUS=local` leaves them out on purpose.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import broker as brokers
from shared.broker_node import Node
from shared.rabbit import connect, prepare
from shared.testing.listener.toy import CONSUMER, SOURCE
from shared.topology import dead_queue, queue

LISTENERS_QUEUES = queue(CONSUMER, SOURCE), dead_queue(CONSUMER)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known that says what needs RabbitMQ."""
    config.addinivalue_line("markers", "rabbit: needs RabbitMQ; left out with BUS=local")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs RabbitMQ if, and only if, that was asked for."""
    if os.environ.get("BUS") != "local":
        return
    left_out = [item for item in items if item.get_closest_marker("rabbit")]
    items[:] = [item for item in items if not item.get_closest_marker("rabbit")]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def broker() -> Iterator[brokers.Broker]:
    """Return a RabbitMQ that answers, shared by the whole run."""
    folder = Path(tempfile.mkdtemp(prefix="millrun-broker-"))
    url = os.environ.get("AMQP_URL", "")
    with brokers.provide(folder, url=url, consumers=[CONSUMER]) as provided:
        yield provided
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """Return a private node that tests may stop, freeze and kill.

    Its queues are there and written down: RabbitMQ 3.10 takes about a second to note where the log
    of a new one is, and one that was cut off before stays without a leader for ever.
    """
    folder = Path(tempfile.mkdtemp(prefix="millrun-broker-"))
    node = Node(folder, brokers.installed() or brokers.install(), [CONSUMER])
    node.start()
    with node:
        empty_queues(node.url)
        node.stop()
        node.start()
        yield node
    shutil.rmtree(folder)


def forget_queues(url: str) -> None:
    """Remove the listener's queues, so that nobody hears anything on the broker at `url`."""
    connection = connect(url)
    for name in LISTENERS_QUEUES:
        connection.channel().queue_delete(name)
    connection.close()


def empty_queues(url: str) -> None:
    """Make sure that the listener's queues are there, and empty.

    They are not made anew: one that is new must not have its power cut (`node`).
    """
    prepare(url, CONSUMER, [SOURCE])
    connection = connect(url)
    for name in LISTENERS_QUEUES:
        connection.channel().queue_purge(name)
    connection.close()
