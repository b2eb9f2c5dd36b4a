"""What was committed goes out, in order, whoever dies."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
import structlog

from shared.bus import NotCarried
from shared.events import Envelope
from shared.outbox import Backlog, Relay, backlog, pause, replay
from shared.storage import EVERYTHING, Database, Scope, event_log
from shared.testing import LONG, eventually, widgets
from shared.testing.databases import Databases
from shared.testing.widgets import Widget

ACME = Scope("acme")


class RecordingBus:
    """Takes everything, unless it is told to fail."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.batches: list[int] = []
        self.failures = 0
        self.failure: Exception = ConnectionError("the broker went away")
        self.may_go = threading.Event()
        self.may_go.set()

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        self.may_go.wait(LONG)
        if self.failures:
            self.failures -= 1
            raise self.failure
        self.taken += envelopes
        self.batches.append(len(envelopes))

    def close(self) -> None:
        """Nothing is open."""

    def has_taken(self, count: int) -> bool:
        return len(self.taken) == count

    @property
    def names(self) -> list[tuple[str, int]]:
        return [(each.aggregate.rpartition("/")[2], each.sequence) for each in self.taken]


@pytest.fixture
def database(databases: Databases) -> Database:
    return databases(widgets.service, tables=widgets.mapper.metadata)


@pytest.fixture
def bus() -> RecordingBus:
    return RecordingBus()


@contextmanager
def carrying(
    database: Database, bus: RecordingBus, poll: float = 0.02, gather: float = 0.0
) -> Iterator[Relay]:
    relay = Relay(database, bus, poll=poll, gather=gather)
    relay.start()
    try:
        yield relay
    finally:
        bus.may_go.set()
        relay.stop()


@pytest.mark.parametrize(
    ("failure", "is_a_bug"),
    [(NotCarried("the broker does not answer"), False), (LookupError("what is this"), True)],
    ids=["away", "bug"],
)
def test_why_it_is_interrupted_is_a_line_if_that_passes_by_itself(
    database: Database, bus: RecordingBus, failure: Exception, is_a_bug: bool
) -> None:
    bus.failures, bus.failure = 1, failure
    with structlog.testing.capture_logs() as logs, carrying(database, bus):
        make(database, "a")
        eventually(lambda: bus.has_taken(1))
    (told,) = (each for each in logs if each["event"] == "relay interrupted")
    assert told["cause"] == f"{type(failure).__name__}: {failure}"
    assert told["exc_info"] is is_a_bug


def make(database: Database, *names: str) -> None:
    for name in names:
        with database.transaction(ACME) as tx:
            tx.add(Widget(name))


def logged(database: Database) -> list[str]:
    with database.transaction(EVERYTHING) as tx:
        return [
            str(id_) for id_ in tx.scalars(sa.select(event_log.c.event_id).order_by("position"))
        ]


def test_what_is_committed_goes_out_in_order_and_is_logged(
    database: Database, bus: RecordingBus
) -> None:
    make(database, "a", "b")
    with carrying(database, bus):
        make(database, "c")
        eventually(lambda: len(logged(database)) == 3)
    assert bus.names == [("a", 1), ("b", 1), ("c", 1)]
    assert logged(database) == [each.id for each in bus.taken]
    assert backlog(database) == Backlog(0, 0.0)


def test_a_commit_wakes_it_at_once(database: Database, bus: RecordingBus) -> None:
    with carrying(database, bus, poll=3600):
        eventually(lambda: leaders(database) == 1)
        make(database, "a")
        eventually(lambda: bus.taken)


def test_what_is_committed_soon_after_a_batch_goes_out_together(
    database: Database, bus: RecordingBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = threading.Event()

    def rest(seconds: float) -> bool:
        return seconds == 2.0 and committed.wait(LONG)

    with carrying(database, bus, poll=3600, gather=2.0) as relay:
        eventually(lambda: leaders(database) == 1)
        monkeypatch.setattr(relay._over, "wait", rest)
        make(database, "a")
        eventually(lambda: bus.taken)
        make(database, "b", "c", "d")
        committed.set()
        eventually(lambda: len(bus.taken) == 4)
    assert bus.batches == [1, 3]


def test_a_commit_of_another_process_wakes_it_at_once(
    database: Database, databases: Databases, bus: RecordingBus
) -> None:
    with carrying(database, bus, poll=3600):
        eventually(lambda: leaders(database) == 1)
        for count, name in enumerate(("a", "b"), 1):
            make(databases(widgets.service), name)
            eventually(partial(bus.has_taken, count))


def test_what_another_process_commits_while_it_carries_is_not_missed(
    database: Database, databases: Databases, bus: RecordingBus
) -> None:
    with carrying(database, bus, poll=3600):
        bus.may_go.clear()
        make(database, "a")
        make(databases(widgets.service), "b")
        bus.may_go.set()
        eventually(lambda: len(bus.taken) == 2)


def test_it_finds_by_itself_what_nobody_carried_who_led(
    database: Database, databases: Databases, bus: RecordingBus
) -> None:
    lost = databases(widgets.service)
    lost.carried_by(Mock(leads=True))
    with carrying(database, bus) as relay:
        eventually(lambda: relay.leads)
        make(lost, "a")
        eventually(lambda: bus.taken)


def test_who_does_not_lead_wakes_who_does(
    database: Database, databases: Databases, bus: RecordingBus
) -> None:
    other = databases(widgets.service)
    with carrying(database, bus, poll=3600) as leader:
        eventually(lambda: leader.leads)
        with carrying(other, bus, poll=3600) as second:
            make(other, "a")
            eventually(lambda: bus.taken)
            assert not second.leads


def test_what_the_bus_did_not_take_stays_and_goes_out_later(
    database: Database, bus: RecordingBus
) -> None:
    bus.failures = 2
    make(database, "a", "b")
    assert backlog(database).events == 2
    with carrying(database, bus):
        eventually(lambda: backlog(database).events == 0)
    assert bus.names == [("a", 1), ("b", 1)]


def test_an_event_committed_late_is_not_passed_over(database: Database, bus: RecordingBus) -> None:
    """Its position is below one that went out before it was visible."""
    with carrying(database, bus):
        with database.transaction(ACME) as slow:
            slow.add(Widget("slow"))
            slow.flush()
            slow.execute(
                sa.text(
                    "insert into outbox (event_id, enterprise, aggregate, sequence,"
                    " type, body) values (gen_random_uuid(), 'acme', 'x/early', 1, 't',"
                    """ '{"type": "a.b.c.D", "aggregate": "x/early", "sequence": 1, "data": {}}')"""
                )
            )
            make(database, "quick")
            eventually(lambda: ("quick", 1) in bus.names)
        eventually(lambda: ("early", 1) in bus.names)
    assert bus.names[0] == ("quick", 1)


def test_of_two_relays_one_carries_and_the_other_takes_over(
    database: Database, databases: Databases, bus: RecordingBus
) -> None:
    other_bus, other_database = RecordingBus(), databases(widgets.service)
    with carrying(database, bus) as first:
        eventually(lambda: leaders(database) == 1)
        with carrying(other_database, other_bus):
            make(database, "a", "b")
            eventually(lambda: len(bus.taken) == 2)
            first.stop()
            make(database, "c")
            eventually(lambda: other_bus.taken)
    assert other_bus.names == [("c", 1)]
    assert bus.names == [("a", 1), ("b", 1)]


def test_a_leader_cut_off_from_the_database_sends_again_and_loses_nothing(
    database: Database, databases: Databases, bus: RecordingBus
) -> None:
    bus.may_go.clear()
    with carrying(database, bus):
        make(database, "a")
        eventually(lambda: leaders(database) == 1)
        cut = "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory'"
        with sa.create_engine(
            databases.superuser_url, poolclass=sa.NullPool
        ).connect() as superuser:
            superuser.execute(sa.text(cut))
        bus.may_go.set()
        eventually(lambda: backlog(database).events == 0)
    assert set(bus.names) == {("a", 1)}
    assert len(logged(database)) == 1


def test_events_of_one_aggregate_go_out_as_they_happened(
    database: Database, bus: RecordingBus
) -> None:
    make(database, "a")

    def paint() -> None:
        for _ in range(20):
            with database.transaction(ACME) as tx:
                tx.get_one(Widget, "a", with_for_update=True).paint("red")

    with carrying(database, bus):
        painters = [threading.Thread(target=paint) for _ in range(4)]
        for painter in painters:
            painter.start()
        for painter in painters:
            painter.join()
        eventually(lambda: len(bus.taken) == 81)
    assert bus.names == [("a", number) for number in range(1, 82)]


def test_what_was_told_can_be_told_again(database: Database, bus: RecordingBus) -> None:
    with carrying(database, bus):
        make(database, "a", "b", "c")
        eventually(lambda: len(logged(database)) == 3)
    again = RecordingBus()
    assert replay(database, again, after=1) == 2
    assert again.names == [("b", 1), ("c", 1)]
    assert replay(database, again, enterprise="bolt") == 0


def test_the_application_cannot_take_back_what_it_told(database: Database) -> None:
    for attempt in ("delete from outbox", "update outbox set type = ''", "delete from event_log"):
        with pytest.raises(sa.exc.ProgrammingError), database.transaction(ACME) as tx:
            tx.execute(sa.text(attempt))


def test_it_waits_longer_after_each_failure_but_not_for_ever() -> None:
    assert 0.05 <= pause(0) <= 0.1
    assert 2.5 <= pause(10) <= 5


def leaders(database: Database) -> int:
    held = "select count(*) from pg_locks where locktype = 'advisory' and granted"
    with database.transaction(EVERYTHING) as tx:
        return tx.scalar(sa.text(held)) or 0
