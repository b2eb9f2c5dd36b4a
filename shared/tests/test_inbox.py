"""At least once delivered, once applied, in order per aggregate."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from google.protobuf.message import Message
from sqlalchemy.orm import Session

from shared import cursors, dead_letters, waiting
from shared.connections import is_away
from shared.events import Envelope
from shared.inbox import Inbox, Reactions
from shared.prepared import Prepared
from shared.sql import run
from shared.storage import EVERYTHING, NOTHING, Database, Scope, outbox
from shared.testing import widgets
from shared.testing.databases import Databases
from shared.testing.statements import statements
from shared.testing.widgets import Widget, effects, heard, note_effect

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def database(databases: Databases) -> Database:
    return databases(widgets.service, tables=widgets.mapper.metadata)


class Refusing:
    """A reaction that notes its effect and refuses some events after that."""

    def __init__(self) -> None:
        self.refused: set[tuple[str, int]] = set()
        self.tried: list[tuple[str, int]] = []

    def __call__(self, tx: Session, event: Message, envelope: Envelope) -> None:
        this = (envelope.aggregate.rpartition("/")[2], envelope.sequence)
        self.tried.append(this)
        note_effect(tx, event, envelope)
        if this in self.refused:
            raise ValueError(f"cannot bear {this}")


@pytest.fixture
def reaction() -> Refusing:
    return Refusing()


@pytest.fixture
def inbox(database: Database, reaction: Refusing) -> Inbox:
    reactions = Reactions()
    reactions.to_all(widgets.events)(reaction)
    return Inbox(database, reactions, "tests")


def applied(database: Database) -> list[tuple[str, int]]:
    """What had an effect, in the order it had."""
    with database.transaction(EVERYTHING) as tx:
        rows = tx.execute(sa.select(effects).order_by(effects.c.position)).all()
    return [(row.aggregate.rpartition("/")[2], row.sequence) for row in rows]


def counts(database: Database) -> tuple[int, int, int]:
    """How many are parked, failed and dead."""
    with database.transaction(NOTHING) as tx:
        found = dead_letters.counts(tx)
    return found["PARKED"], found["FAILED"], found["DEAD"]


def test_what_comes_in_order_is_applied_in_order(inbox: Inbox) -> None:
    inbox.receive([heard("a", 1)])
    inbox.receive([heard("b", 1), heard("a", 2), heard("a", 3), heard("b", 2)])
    assert applied(inbox.database) == [("a", 1), ("b", 1), ("a", 2), ("a", 3), ("b", 2)]


def test_what_comes_again_is_applied_once(inbox: Inbox) -> None:
    made, painted = heard("a", 1), heard("a", 2)
    inbox.receive([made, made, painted])
    inbox.receive([painted, made])
    inbox.receive([made])
    assert applied(inbox.database) == [("a", 1), ("a", 2)]


def test_what_waits_or_failed_and_comes_again_only_goes_on_waiting(
    inbox: Inbox, reaction: Refusing
) -> None:
    reaction.refused = {("b", 1)}
    early, failed = heard("a", 2), heard("b", 1)
    with time_machine.travel(START, tick=False):  # else it is tried again after a second
        for _ in range(3):
            inbox.receive([early])
            inbox.receive([failed])
    assert reaction.tried == [("b", 1)]
    assert counts(inbox.database) == (1, 1, 0)
    with inbox.database.transaction(NOTHING) as tx:
        keys = [cursors.key_of(early), cursors.key_of(failed)]
        assert [cursor.waiting for cursor in cursors.lock(tx, keys).values()] == [1, 1]


def test_what_is_older_than_what_was_applied_is_ignored(inbox: Inbox) -> None:
    inbox.receive([heard("a", 1), heard("a", 2)])
    inbox.receive([heard("a", 1)])
    inbox.receive([heard("a", 2), heard("a", 3)])
    assert applied(inbox.database) == [("a", 1), ("a", 2), ("a", 3)]


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_what_comes_early_waits_for_its_turn(inbox: Inbox, at_once: int) -> None:
    mixed = [heard("a", number) for number in (3, 4, 2, 1)]
    for first in range(0, 4, at_once):
        inbox.receive(mixed[first : first + at_once])
    assert applied(inbox.database) == [("a", 1), ("a", 2), ("a", 3), ("a", 4)]
    assert counts(inbox.database) == (0, 0, 0)


def test_what_waits_delays_only_its_own_aggregate(inbox: Inbox) -> None:
    inbox.receive([heard("a", 2), heard("b", 1)])
    assert applied(inbox.database) == [("b", 1)]
    assert counts(inbox.database) == (1, 0, 0)


def test_two_services_may_call_different_things_the_same(inbox: Inbox) -> None:
    other = heard("a", 1, type="millrun.gadgets.v1.WidgetMade")
    inbox.receive([heard("a", 1), other, heard("a", 2)])
    assert applied(inbox.database) == [("a", 1), ("a", 2)]


def test_what_nobody_reacts_to_only_moves_the_cursor(database: Database) -> None:
    reactions = Reactions()
    reactions.to(widgets.events.WidgetPainted)(note_effect)
    Inbox(database, reactions, "tests").receive([heard("a", 1), heard("a", 2)])
    assert applied(database) == [("a", 2)]


def test_what_fails_leaves_nothing_behind_and_is_tried_again(
    inbox: Inbox, reaction: Refusing
) -> None:
    reaction.refused = {("a", 2)}
    with time_machine.travel(START, tick=False) as clock:
        inbox.receive([heard("a", 1), heard("a", 2), heard("a", 3), heard("b", 1)])
        assert applied(inbox.database) == [("a", 1), ("b", 1)]
        assert counts(inbox.database) == (1, 1, 0)
        assert inbox.retry_due() == 0
        reaction.refused = set()
        clock.shift(2)
        assert inbox.retry_due() == 2
    assert applied(inbox.database) == [("a", 1), ("b", 1), ("a", 2), ("a", 3)]
    assert counts(inbox.database) == (0, 0, 0)
    inbox.receive([heard("a", 4)])
    assert applied(inbox.database)[-1] == ("a", 4)


def test_the_reason_of_a_failure_is_kept(inbox: Inbox, reaction: Refusing) -> None:
    reaction.refused = {("a", 1)}
    event = heard("a", 1)
    inbox.receive([event])
    with inbox.database.transaction(NOTHING) as tx:
        (failed,) = dead_letters.waiting_events(tx, "FAILED")
    assert failed.error == "ValueError: cannot bear ('a', 1)"
    assert (failed.envelope, failed.attempts) == (event, 1)


def test_after_twelve_attempts_it_is_dead_and_the_pauses_grow(
    inbox: Inbox, reaction: Refusing
) -> None:
    reaction.refused = {("a", 1)}
    with time_machine.travel(START, tick=False) as clock:
        inbox.receive([heard("a", 1), heard("a", 2)])
        attempts_before = len(reaction.tried)
        pauses = []
        while not counts(inbox.database)[2]:
            with inbox.database.transaction(NOTHING) as tx:
                (failed,) = dead_letters.waiting_events(tx, "FAILED")
            pauses.append((failed.due_at - datetime.now(UTC)).total_seconds())
            clock.move_to(failed.due_at - timedelta(milliseconds=1))
            assert inbox.retry_due() == 0
            clock.move_to(failed.due_at)
            assert inbox.retry_due() == 1
        clock.shift(timedelta(days=1))
        assert inbox.retry_due() == 0
    assert len(reaction.tried) - attempts_before == waiting.ATTEMPTS - 1 == len(pauses)
    for number, pause in enumerate(pauses):
        assert 0.8 <= pause / min(300, 2**number) <= 1.2
    assert counts(inbox.database) == (1, 0, 1)


@pytest.fixture
def dead(inbox: Inbox, reaction: Refusing, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a dead event; another waits behind it."""
    monkeypatch.setattr(waiting, "ATTEMPTS", 1)
    reaction.refused = {("a", 1)}
    event = heard("a", 1)
    inbox.receive([event])
    inbox.receive([heard("a", 2)])
    assert counts(inbox.database) == (1, 0, 1)
    return event.id


def test_what_is_dead_can_be_replayed(inbox: Inbox, reaction: Refusing, dead: str) -> None:
    reaction.refused = set()
    with inbox.database.transaction(EVERYTHING) as tx:
        dead_letters.replay(tx, dead)
    assert inbox.retry_due() == 2
    assert applied(inbox.database) == [("a", 1), ("a", 2)]


def test_what_is_dead_can_be_passed_over(inbox: Inbox, dead: str) -> None:
    with inbox.database.transaction(EVERYTHING) as tx:
        dead_letters.discard(tx, dead)
    assert inbox.retry_due() == 1
    assert applied(inbox.database) == [("a", 2)]
    inbox.receive([heard("a", 1)])
    assert counts(inbox.database) == (0, 0, 0)


@pytest.mark.parametrize("deal", [dead_letters.replay, dead_letters.discard])
def test_only_what_failed_can_be_dealt_with(
    inbox: Inbox, deal: Callable[[Session, str], object]
) -> None:
    early = heard("a", 2)
    inbox.receive([early])
    for event_id in (early.id, "nonsense"):
        with (
            pytest.raises(dead_letters.DeadLetterNotFound),
            inbox.database.transaction(EVERYTHING) as tx,
        ):
            deal(tx, event_id)


def test_what_waits_is_listed_in_pages(inbox: Inbox) -> None:
    inbox.receive([heard(name, 2) for name in "abc"])
    with inbox.database.transaction(NOTHING) as tx:
        first = dead_letters.waiting_events(tx, limit=2)
        rest = dead_letters.waiting_events(tx, after=first[-1].envelope.id)
        assert dead_letters.waiting_events(tx, "DEAD") == []
    names = [each.envelope.aggregate[-1] for each in [*first, *rest]]
    assert sorted(names) == ["a", "b", "c"]
    assert len(first) == 2


def test_one_that_fails_does_not_take_others_of_its_batch_with_it(
    inbox: Inbox, reaction: Refusing
) -> None:
    reaction.refused = {("b", 1)}
    inbox.receive([heard("a", 1), heard("b", 1), heard("c", 1), heard("b", 2)])
    assert applied(inbox.database) == [("a", 1), ("c", 1)]
    assert counts(inbox.database) == (1, 1, 0)


def test_a_failure_among_those_that_waited_is_blamed_on_the_right_one(
    inbox: Inbox, reaction: Refusing
) -> None:
    inbox.receive([heard("a", 2), heard("a", 3)])
    reaction.refused = {("a", 2)}
    inbox.receive([heard("a", 1)])
    assert applied(inbox.database) == [("a", 1)]
    with inbox.database.transaction(NOTHING) as tx:
        (failed,) = dead_letters.waiting_events(tx, "FAILED")
    assert failed.envelope.sequence == 2


def test_what_cannot_be_read_is_dead_at_once(inbox: Inbox) -> None:
    inbox.receive([heard("a", 1, data={"widget": {"not": "a string"}})])
    assert counts(inbox.database) == (0, 0, 1)


def test_a_failure_at_commit_is_a_failure_like_any_other(database: Database, inbox: Inbox) -> None:
    def late(tx: Session, event: Message, envelope: Envelope) -> None:
        tx.add(Widget(envelope.aggregate, enterprise="acme"))
        tx.execute(sa.text("insert into outbox (event_id) values (null)"))

    reactions = Reactions()
    reactions.to_all(widgets.events)(late)
    Inbox(database, reactions, "tests").receive([heard("a", 1)])
    assert counts(database) == (0, 1, 0)
    with database.transaction(EVERYTHING) as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(widgets.widgets)) == 0


def test_a_reaction_sees_only_the_enterprise_of_its_event(database: Database) -> None:
    seen: dict[str, list[str]] = {}
    for enterprise in ("acme", "bolt"):
        with database.transaction(Scope(enterprise)) as tx:
            tx.add(Widget(f"of {enterprise}", enterprise))

    def look(tx: Session, event: Message, envelope: Envelope) -> None:
        found = tx.scalars(sa.select(Widget).order_by(widgets.widgets.c.widget))
        seen[envelope.enterprise] = [each.widget for each in found]

    reactions = Reactions()
    reactions.to(widgets.events.WidgetMade)(look)
    inbox = Inbox(database, reactions, "tests")
    inbox.receive([heard("x", 1, enterprise=each) for each in ("acme", "", "bolt")])
    assert seen == {"acme": ["of acme"], "": ["of acme", "of bolt"], "bolt": ["of bolt"]}


def test_a_reaction_finds_nothing_that_one_before_it_had_in_hand(database: Database) -> None:
    with database.transaction(Scope("bolt")) as tx:
        tx.add(Widget("of bolt", "bolt"))
    found: dict[str, Widget | None] = {}

    def look(tx: Session, event: Message, envelope: Envelope) -> None:
        found[envelope.enterprise] = tx.get(Widget, "of bolt")

    reactions = Reactions()
    reactions.to(widgets.events.WidgetMade)(look)
    inbox = Inbox(database, reactions, "tests")
    inbox.receive([heard("x", 1, enterprise=each) for each in ("bolt", "acme")])
    assert found["bolt"] is not None
    assert found["acme"] is None


def test_a_reaction_may_ask_to_see_everything(database: Database) -> None:
    seen: list[str] = []
    with database.transaction(Scope("bolt")) as tx:
        tx.add(Widget("of bolt", "bolt"))
    reactions = Reactions()

    @reactions.to(widgets.events.WidgetMade, everything=True)
    def look(tx: Session, event: Message, envelope: Envelope) -> None:
        seen.extend(tx.scalars(sa.select(widgets.widgets.c.widget)))

    Inbox(database, reactions, "tests").receive([heard("x", 1)])
    assert seen == ["of bolt"]


def test_what_a_reaction_tells_says_who_caused_it_all(database: Database) -> None:
    reactions = Reactions()

    @reactions.to(widgets.events.WidgetMade)
    def copy(tx: Session, event: Any, envelope: Envelope) -> None:
        tx.add(Widget(f"{event.widget} too", envelope.enterprise))

    Inbox(database, reactions, "tests").receive(
        [heard("a", 1, actor="accounts/1", trace="t1"), heard("b", 1, actor="accounts/2")]
    )
    with database.transaction(EVERYTHING) as tx:
        told = [Envelope.from_dict(body) for body in tx.scalars(sa.select(outbox.c.body))]
    assert [(each.data["widget"], each.actor, each.trace) for each in told] == [
        ("a too", "accounts/1", "t1"),
        ("b too", "accounts/2", ""),
    ]


def test_several_workers_apply_everything_once_and_in_order(
    database: Database, databases: Databases
) -> None:
    """Each hears everything, in another order, one by one or in batches."""
    events = [heard(name, number) for number in range(1, 16) for name in "abc"]

    def work(worker: int) -> None:
        inbox = Inbox(databases(widgets.service), widgets.reactions, f"worker {worker}")
        mine = events[worker * 7 :] + events[: worker * 7]
        size = (1, 4, 9)[worker]
        for first in range(0, len(mine), size):
            inbox.receive(mine[first : first + size])

    workers = [threading.Thread(target=work, args=(worker,)) for worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    Inbox(database, widgets.reactions, "sweep").retry_due()
    assert counts(database) == (0, 0, 0)
    for name in "abc":
        mine = [sequence for widget, sequence in applied(database) if widget == name]
        assert mine == list(range(1, 16))


def test_a_change_that_ran_into_another_is_made_again_without_blame(
    database: Database,
) -> None:
    attempts = []

    def unlucky(tx: Session, event: Message, envelope: Envelope) -> None:
        attempts.append(envelope.id)
        if len(attempts) < 3:
            tx.execute(sa.text("do $$ begin raise sqlstate '40P01'; end $$"))
        note_effect(tx, event, envelope)

    reactions = Reactions()
    reactions.to_all(widgets.events)(unlucky)
    Inbox(database, reactions, "tests").receive([heard("a", 1)])
    assert applied(database) == [("a", 1)]
    assert len(attempts) == 3


def test_a_database_that_is_away_is_not_the_events_fault(
    inbox: Inbox, databases: Databases
) -> None:
    away = databases.access("widgets").app_url.replace("host=", "host=/nowhere")
    settings = widgets.service.settings()
    with Database(away, name="widgets", events=widgets.events, settings=settings) as gone:
        for batch in ([heard("a", 1)], [heard("a", 1), heard("a", 2)]):
            with pytest.raises(sa.exc.OperationalError) as raised:
                Inbox(gone, inbox.reactions, "tests").receive(batch)
            assert is_away(raised.value)
    assert counts(inbox.database) == (0, 0, 0)


def test_a_connection_that_dies_during_a_reaction_burns_no_attempt(
    inbox: Inbox, database: Database
) -> None:
    def die(tx: Session, event: Message, envelope: Envelope) -> None:
        tx.execute(sa.text("select pg_terminate_backend(pg_backend_pid())"))

    reactions = Reactions()
    reactions.to_all(widgets.events)(die)
    event = heard("a", 1)
    with pytest.raises(sa.exc.OperationalError):
        Inbox(database, reactions, "tests").receive([event])
    assert counts(database) == (0, 0, 0)
    inbox.receive([event])
    assert applied(database) == [("a", 1)]


def test_a_batch_costs_few_statements(inbox: Inbox) -> None:
    bare = Inbox(inbox.database, Reactions(), "tests")
    inbox.receive([heard(f"w{number}", 1) for number in range(50)])
    with statements(inbox.database) as said:
        bare.receive([heard(f"w{number}", 2) for number in range(50)])
    assert len(said) == 3
    with statements(inbox.database) as said:
        inbox.receive([heard(f"w{number}", 3) for number in range(50)])
    assert len(said) == 3 + 1 + 50, "one more to see the enterprise, one for each effect"


@pytest.mark.parametrize("statement", [cursors._LOCK, cursors._SAVE])
def test_cursors_are_found_by_their_key_by_a_plan_made_when_there_were_none(
    database: Database, statement: Prepared
) -> None:
    with database.transaction(NOTHING) as tx:
        run(tx, statement.preparation)
        name = statement.name.decode()
        plan = run(tx, f"explain (costs off) execute {name}('[]')")
        run(tx, f"deallocate {name}")
    assert not [line for (line,) in plan if "Scan on inbox_cursors" in line]


def test_what_it_hears_follows_from_its_reactions() -> None:
    assert widgets.reactions.sources == {"widgets"}
    assert Reactions().sources == frozenset()
