"""What nobody can ask about any more is forgotten; what somebody can, is not."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from shared import pruning
from shared.inbox import Inbox
from shared.pruning import prune
from shared.requests import claim
from shared.service import Runtime
from shared.storage import EVERYTHING, NOTHING, Database, event_log, inbox, requests
from shared.testing import widgets
from shared.testing.databases import Databases
from shared.testing.widgets import heard

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def runtime(databases: Databases) -> Runtime:
    database = databases(widgets.service, tables=widgets.mapper.metadata)
    settings = widgets.service.settings()
    return Runtime(service=widgets.service, database=database, settings=settings, clients=None)


def count(database: Database, table: sa.Table) -> int:
    with database.transaction(EVERYTHING) as tx:
        return tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_requests_are_known_for_two_days(runtime: Runtime) -> None:
    for age in (timedelta(hours=47), timedelta(hours=49)):
        with time_machine.travel(NOW - age), runtime.database.transaction(NOTHING) as tx:
            claim(tx, caller="accounts/1", request_id=str(age), request_hash=b"")
    with time_machine.travel(NOW):
        assert prune(runtime) == 1
        assert prune(runtime) == 0
    assert count(runtime.database, requests) == 1


def test_events_heard_are_known_longer_than_any_replay(runtime: Runtime) -> None:
    assert pruning.INBOX_KEPT > pruning.EVENT_LOG_KEPT
    ages = {"young": timedelta(days=119), "old": timedelta(days=121)}
    for name, age in ages.items():
        with time_machine.travel(NOW - age):
            Inbox(runtime.database, widgets.reactions, "tests").receive([heard(name, 1)])
    with time_machine.travel(NOW):
        assert prune(runtime) == 1
    assert count(runtime.database, inbox) == 1


def test_what_still_waits_stays_known(runtime: Runtime) -> None:
    with time_machine.travel(NOW - timedelta(days=200)):
        Inbox(runtime.database, widgets.reactions, "tests").receive([heard("early", 2)])
    with time_machine.travel(NOW):
        assert prune(runtime) == 0


def test_events_told_are_kept_for_ninety_days_and_forgotten_a_little_at_a_time(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "AT_A_TIME", 2)
    rows = [
        {
            "event_id": heard("a", number).id,
            "enterprise": "acme",
            "aggregate": "a",
            "sequence": number,
            "type": "t",
            "body": {},
            "published_at": NOW - timedelta(days=age),
        }
        for number, age in enumerate([100, 95, 91, 89, 1], start=1)
    ]
    with runtime.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.insert(event_log), rows)
    with time_machine.travel(NOW):
        assert [prune(runtime) for _ in range(3)] == [2, 1, 0]
    assert count(runtime.database, event_log) == 2
