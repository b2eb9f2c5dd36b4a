"""What every bus promises, the same for each: at least once, in order, nothing silently lost."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared import postgres
from shared.bus import Unheard
from shared.events import Envelope
from shared.storage import EVERYTHING, inbox_waiting
from shared.testing import eventually
from shared.testing.broker import empty_queues
from shared.testing.carriers import Listener, LocalListener, RabbitListener, grounds, is_away
from shared.testing.databases import Databases
from shared.testing.listener.toy import history, thing_done

PAUSED = 'millrun_consumption_paused{service="listener",source="toy"} 1.0'
BUSES = ["local", pytest.param("rabbit", marks=pytest.mark.rabbit)]


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """Return a PostgreSQL that may be stopped at any time and keeps what it said it keeps."""
    folder = Path(tempfile.mkdtemp(prefix="millrun-"))
    started = postgres.start(folder / "postgres")
    yield started
    started.stop(immediately=True)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def all_databases(server: postgres.Server) -> Databases:
    return Databases(server.superuser_url)


@pytest.fixture(params=BUSES)
def listener(
    request: pytest.FixtureRequest, all_databases: Databases, tmp_path: Path
) -> Iterator[Listener]:
    """Return a listener that hears nothing yet, on each kind of bus."""
    for databases in all_databases.lent():
        if request.param == "local":
            one: Listener = LocalListener(*grounds(databases, tmp_path))
        else:
            url = request.getfixturevalue("broker").url
            empty_queues(url)
            one = RabbitListener(*grounds(databases, tmp_path), url)
        yield one
        one.stop()


def test_events_of_an_aggregate_arrive_in_order_and_once(listener: Listener) -> None:
    listener.start()
    told = history(aggregates=20, events_each=30)
    for start in range(0, len(told), 100):
        listener.offer(told[start : start + 100])
    eventually(lambda: len(listener.heard) >= 600)
    _insist_on_order_and_once(listener.heard, told)


def test_what_is_published_again_happens_once(listener: Listener) -> None:
    listener.start()
    told = history(aggregates=3, events_each=10)
    for _ in range(3):
        listener.offer(told)
    listener.offer([thing_done("things/last", 1)])
    eventually(lambda: ("things/last", 1) in listener.heard)
    _insist_on_order_and_once(listener.heard, [*told, thing_done("things/last", 1)])


def test_an_event_ahead_of_its_turn_waits_for_it(listener: Listener) -> None:
    listener.start()
    first, second, third = history(aggregates=1, events_each=3)
    listener.offer([third, second])
    listener.offer([first])
    eventually(lambda: len(listener.heard) == 3)
    assert [sequence for _, sequence in listener.heard] == [1, 2, 3]


def test_nothing_is_lost_when_the_consumer_dies_before_the_bus_knows_it_stored(
    listener: Listener,
) -> None:
    listener.will_die()
    listener.start()
    told = history(aggregates=5, events_each=20)
    listener.offer(told)
    listener.revive()
    eventually(lambda: len(listener.heard) >= 100)
    listener.offer([thing_done("things/last", 1)])
    eventually(lambda: ("things/last", 1) in listener.heard)
    _insist_on_order_and_once(listener.heard, [*told, thing_done("things/last", 1)])


def test_a_failing_reaction_holds_up_its_aggregate_and_no_other(listener: Listener) -> None:
    listener.settings.broken.touch()
    listener.start()
    listener.offer([thing_done("things/bad", 1, note="fails"), thing_done("things/bad", 2)])
    listener.offer([thing_done("things/good", 1)])
    eventually(lambda: listener.heard == [("things/good", 1)])
    eventually(lambda: _failed(listener, "things/bad", 1))
    listener.settings.broken.unlink()
    eventually(lambda: len(listener.heard) == 3)
    assert listener.heard[1:] == [("things/bad", 1), ("things/bad", 2)]


def test_a_reaction_that_keeps_failing_is_buried_with_its_reason(listener: Listener) -> None:
    listener.settings.broken.touch()
    listener.start()
    listener.offer([thing_done("things/bad", 1, note="fails")])
    eventually(lambda: _failed(listener, "things/bad", 1))
    _hurry(listener, attempts_made=11)
    eventually(lambda: _state(listener, "things/bad", 1) == ("DEAD", 12))
    with listener.database.transaction(EVERYTHING, read_only=True) as tx:
        assert "told to fail" in tx.scalars(sa.select(inbox_waiting.c.error)).one()


def test_what_nobody_hears_is_refused_and_not_lost(listener: Listener) -> None:
    listener.start()
    stranger = Envelope(type="millrun.elsewhere.v1.ThingDone", aggregate="x", sequence=1, data={})
    with pytest.raises(Unheard, match="elsewhere"):
        listener.bus.publish([stranger])
    listener.offer([thing_done("things/1", 1)])
    eventually(lambda: listener.heard == [("things/1", 1)])


def test_a_database_that_goes_away_only_delays(listener: Listener, server: postgres.Server) -> None:
    listener.start()
    told = history(aggregates=5, events_each=40)
    listener.offer(told[:50])
    eventually(lambda: len(listener.heard) >= 50)
    server.stop(immediately=True)
    assert is_away(listener.database)
    if isinstance(listener, RabbitListener):
        listener.offer(told[50:])
        eventually(lambda: _paused(listener))
        assert listener.waits_for == ["database"]
        assert "ok" in listener.ask("/livez"), "started again it would find none either"
    postgres.start(server.folder)
    listener.offer(told[50:])
    eventually(lambda: len(listener.heard) >= 200)
    _insist_on_order_and_once(listener.heard, told)
    with listener.database.transaction(EVERYTHING, read_only=True) as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(inbox_waiting)) == 0


def test_stopping_finishes_what_is_in_hand(listener: Listener) -> None:
    listener.start()
    told = history(aggregates=10, events_each=200)
    listener.offer(told)
    eventually(lambda: listener.heard)
    listener.stop()
    _insist_on_order_and_once(listener.heard, told[: len(listener.heard)])
    if isinstance(listener, RabbitListener):
        listener.start()
        eventually(lambda: len(listener.heard) >= 2000)
    _insist_on_order_and_once(listener.heard, told)


def _insist_on_order_and_once(heard: list[tuple[str, int]], told: list[Envelope]) -> None:
    assert sorted(heard) == sorted((each.aggregate, each.sequence) for each in told)
    for aggregate in {aggregate for aggregate, _ in heard}:
        sequences = [sequence for name, sequence in heard if name == aggregate]
        assert sequences == sorted(sequences)


def _state(listener: Listener, aggregate: str, sequence: int) -> tuple[str, int] | None:
    columns = inbox_waiting.c.state, inbox_waiting.c.attempts
    this = (inbox_waiting.c.aggregate == aggregate) & (inbox_waiting.c.sequence == sequence)
    with listener.database.transaction(EVERYTHING, read_only=True) as tx:
        row = tx.execute(sa.select(*columns).where(this)).one_or_none()
    return (row.state, row.attempts) if row else None


def _failed(listener: Listener, aggregate: str, sequence: int) -> bool:
    """Whether it failed, once or more: it is tried again a second later, seen or not."""
    return (_state(listener, aggregate, sequence) or ("", 0))[0] == "FAILED"


def _hurry(listener: Listener, attempts_made: int) -> None:
    """Let the next attempt be due now, as if so many had been made before."""
    change = sa.update(inbox_waiting).values(attempts=attempts_made, due_at=sa.func.now())
    with listener.database.transaction(EVERYTHING) as tx:
        tx.execute(change)


def _paused(listener: RabbitListener) -> bool:
    return PAUSED in listener.ask("/metrics")
