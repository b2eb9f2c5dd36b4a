"""The worker process: real, over a real broker and a real database, and not treated kindly."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from amqp import Message
from sqlalchemy import make_url

from shared.broker import Broker
from shared.broker_node import Node
from shared.letters import pack
from shared.rabbit import connect
from shared.storage import EVERYTHING
from shared.testing import eventually
from shared.testing.broker import empty_queues, forget_queues
from shared.testing.carriers import ROOT, RabbitListener, grounds
from shared.testing.databases import Databases
from shared.testing.frozen import standing_still
from shared.testing.listener.toy import CONSUMER, SOURCE, history, thing_done
from shared.topology import queue

pytestmark = pytest.mark.rabbit


@pytest.fixture
def listener(broker: Broker, databases: Databases, tmp_path: Path) -> Iterator[RabbitListener]:
    empty_queues(broker.url)
    one = RabbitListener(*grounds(databases, tmp_path), broker.url)
    yield one
    one.stop()


@pytest.fixture
def shaken(node: Node, databases: Databases, tmp_path: Path) -> Iterator[RabbitListener]:
    """Return a listener on a broker that may be killed."""
    empty_queues(node.url)
    one = RabbitListener(*grounds(databases, tmp_path), node.url)
    yield one
    one.stop()


def test_what_nobody_can_read_is_buried_with_a_reason_and_stops_nothing(
    listener: RabbitListener,
) -> None:
    listener.offer([thing_done("things/1", 1)])
    told = [thing_done("things/1", number) for number in (2, 3)]
    strange = {**vars(told[0]), "type": "millrun.toy.v2.ThingDone"}
    _put(listener, b"{broken", json.dumps([strange, vars(told[0])]).encode())
    listener.offer(told[1:])
    listener.start()
    eventually(lambda: listener.heard == [("things/1", number) for number in (1, 2, 3)])
    buried = listener.buried()
    assert [body for body, _ in buried] == [b"{broken", json.dumps([strange]).encode()]
    assert "not a list of envelopes" in buried[0][1]
    assert "none of millrun.toy.v1" in buried[1][1]
    assert 'millrun_events_buried_total{service="listener",source="toy"} 2.0' in listener.ask(
        "/metrics"
    )


def test_a_name_unknown_here_moves_its_aggregate_on(listener: RabbitListener) -> None:
    (letter,) = pack([thing_done("things/1", 1)])
    _put(listener, letter.message.body.replace(b"ThingDone", b"ThingPolished"))
    listener.offer([thing_done("things/1", 2)])
    listener.start()
    eventually(lambda: listener.heard == [("things/1", 2)])
    assert not listener.buried()


def test_it_is_well_and_says_how_long_events_took(listener: RabbitListener) -> None:
    listener.start()
    eventually(lambda: not listener.waits_for)
    listener.offer([thing_done("things/1", 1)])
    eventually(lambda: listener.heard)
    counted = 'millrun_event_seconds_count{service="listener",source="toy"} 1.0'
    eventually(lambda: counted in listener.ask("/metrics"))


def test_once_it_is_well_its_queues_hear_even_without_it(listener: RabbitListener) -> None:
    forget_queues(listener.url)
    listener.start()
    eventually(lambda: not listener.waits_for)
    listener.kill()
    listener.offer([thing_done("things/1", 1)])
    listener.start()
    eventually(lambda: listener.heard == [("things/1", 1)])


def test_it_takes_many_events_in_few_transactions(listener: RabbitListener) -> None:
    told = history(aggregates=100, events_each=20)
    listener.offer(told)
    listener.start()
    eventually(lambda: len(listener.heard) == len(told))
    transactions = sa.text("select count(distinct xmin::text) from effects")
    with listener.database.transaction(EVERYTHING, read_only=True) as tx:
        assert tx.scalars(transactions).one() < len(told) / 10


def test_killed_again_and_again_it_still_hears_everything_once(listener: RabbitListener) -> None:
    told = history(aggregates=10, events_each=300)
    listener.offer(told)
    for share in (1, 1000, 2000):
        listener.start()
        eventually(lambda share=share: len(listener.heard) >= share)  # type: ignore[misc]
        listener.kill()
    listener.start()
    eventually(lambda: len(listener.heard) >= len(told))
    _insist_on_order_and_once(listener, events=len(told))


def test_a_broker_killed_in_the_middle_loses_and_doubles_nothing(
    shaken: RabbitListener, node: Node
) -> None:
    shaken.start()
    told = history(aggregates=10, events_each=60)
    shaken.offer(told[:300])
    eventually(lambda: shaken.heard)
    node.kill()
    node.start()
    shaken.offer(told[300:])
    eventually(lambda: len(shaken.heard) >= 600)
    _insist_on_order_and_once(shaken, events=600)


def test_without_a_broker_it_stops_when_it_is_told_to_and_waits_when_it_is_started(
    shaken: RabbitListener, node: Node
) -> None:
    shaken.start()
    shaken.offer([thing_done("things/1", 1)])
    eventually(lambda: shaken.heard)
    node.stop()
    shaken.stop()
    shaken.start()
    eventually(lambda: shaken.waits_for == ["broker"])
    assert json.loads(shaken.ask("/livez")) == {"status": "ok"}
    assert "broker away" in [line["event"] for line in shaken.said]
    node.start()
    shaken.offer([thing_done("things/1", 2)])
    eventually(lambda: shaken.heard == [("things/1", 1), ("things/1", 2)])
    assert shaken.waits_for == []


def test_a_broker_that_lets_it_in_nowhere_is_named_without_its_password(
    listener: RabbitListener,
) -> None:
    right, listener.url = listener.url, f"{listener.url}-elsewhere"
    listener.start()

    def lost() -> list[dict[str, str]]:
        return [line for line in listener.said if line["event"] == "broker lost"]

    eventually(lost)
    listener.url = right
    assert "not found" in lost()[0]["error"] or "refused" in lost()[0]["error"]
    assert lost()[0]["broker"].endswith("-elsewhere")
    assert str(make_url(right).password) not in listener.log.read_text()
    eventually(lambda: listener.waits_for == ["broker"])


def test_while_its_database_stands_still_it_is_not_ready_and_need_not_be_started_again(
    listener: RabbitListener, databases: Databases
) -> None:
    listener.start()
    listener.offer([thing_done("things/1", 1)])
    eventually(lambda: listener.heard and not listener.waits_for)
    with standing_still(databases.superuser(CONSUMER)):
        eventually(lambda: listener.waits_for == ["database"])
        assert json.loads(listener.ask("/livez")) == {"status": "ok"}
        unready = [line for line in listener.said if line["event"] == "not ready"]
        assert unready[-1]["away"] == ["database"]
    listener.offer([thing_done("things/1", 2)])
    eventually(lambda: listener.heard == [("things/1", 1), ("things/1", 2)])
    eventually(lambda: not listener.waits_for)


def test_it_never_imports_grpc_and_must_be_imported_first() -> None:
    fine = "import shared.worker, sys; sys.exit('grpc' in sys.modules)"
    late = "import psycopg; import shared.worker"
    assert _python(fine).returncode == 0
    assert "must be imported before psycopg" in _python(late).stderr


def _python(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _put(listener: RabbitListener, *bodies: bytes) -> None:
    """Put something into the listener's queue that no bus of ours would publish."""
    connection = connect(listener.url)
    for body in bodies:
        connection.channel().basic_publish(
            Message(body, delivery_mode=2), routing_key=queue(CONSUMER, SOURCE)
        )
    connection.close()


def _insist_on_order_and_once(listener: RabbitListener, events: int) -> None:
    heard = listener.heard
    assert len(heard) == len(set(heard)) == events
    for aggregate in {aggregate for aggregate, _ in heard}:
        sequences = [sequence for name, sequence in heard if name == aggregate]
        assert sequences == sorted(sequences)
