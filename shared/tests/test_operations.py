"""What a service could not apply can be looked at, tried again, or given up."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from millrun.operations.v1 import operations_pb2 as pb
from millrun.operations.v1.operations_pb2_grpc import OperationsServiceStub

from shared.caller import Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound
from shared.events import Envelope
from shared.inbox import Inbox
from shared.storage import EVERYTHING, Database
from shared.tables import inbox_cursors, inbox_waiting
from shared.testing.callers import caller
from shared.testing.serving import Served
from shared.tests.probe.service import service

NOTE = "enterprises/acme/notes/7"


@pytest.fixture
def inbox(probe_database: Database) -> Inbox:
    return Inbox(probe_database, service.reactions, "probe")


@pytest.fixture
def operations(probe: Served) -> Any:
    return probe.stub(OperationsServiceStub, as_=caller(Role.PRODUCTION))


def heard(text: str, sequence: int = 1, note: str = NOTE) -> Envelope:
    return Envelope(
        type="millrun.probe.v1.NoteCreated",
        enterprise="acme",
        aggregate=note,
        sequence=sequence,
        data={"note": note, "text": text},
    )


def letters(operations: Any) -> list[pb.DeadLetter]:
    return list(operations.ListDeadLetters(pb.ListDeadLettersRequest()).dead_letters)


def applied(database: Database) -> int:
    with database.transaction(EVERYTHING) as tx:
        return tx.scalar(sa.select(inbox_cursors.c.sequence)) or 0


def bury(database: Database) -> None:
    with database.transaction(EVERYTHING) as tx:
        tx.execute(
            sa.update(inbox_waiting).where(inbox_waiting.c.state == "FAILED").values(state="DEAD")
        )


def test_a_failed_event_is_listed_with_its_reason(
    operations: Any, inbox: Inbox, probe_database: Database
) -> None:
    event = heard("indigestible")
    inbox.receive([event])
    (letter,) = letters(operations)
    assert letter.name == f"deadLetters/{event.id}"
    assert (letter.state, letter.attempts) == (pb.DeadLetter.FAILED, 1)
    assert (letter.event_type, letter.aggregate) == (event.type, NOTE)
    assert letter.enterprise == "enterprises/acme"
    assert "indigestible" in letter.error
    assert letter.data["text"] == "indigestible"
    assert letter.due_time.ToSeconds() > letter.event_time.ToSeconds() - 1

    bury(probe_database)
    (letter,) = letters(operations)
    assert letter.state == pb.DeadLetter.DEAD
    assert not letter.HasField("due_time")


def test_what_only_waits_behind_it_is_not_listed(operations: Any, inbox: Inbox) -> None:
    inbox.receive([heard("indigestible"), heard("fine", sequence=2)])
    assert len(letters(operations)) == 1


def test_given_up_it_lets_what_waits_behind_it_go_on(
    operations: Any, inbox: Inbox, probe_database: Database
) -> None:
    inbox.receive([heard("indigestible"), heard("fine", sequence=2)])
    bury(probe_database)
    (letter,) = letters(operations)
    operations.DiscardDeadLetter(pb.DiscardDeadLetterRequest(name=letter.name))
    inbox.retry_due()
    assert letters(operations) == []
    assert applied(probe_database) == 2


def test_replayed_it_is_tried_again_at_once(
    operations: Any, inbox: Inbox, probe_database: Database
) -> None:
    inbox.receive([heard("indigestible")])
    bury(probe_database)
    (letter,) = letters(operations)
    operations.ReplayDeadLetter(pb.ReplayDeadLetterRequest(name=letter.name))
    assert inbox.retry_due() == 1
    (again,) = letters(operations)
    assert (again.state, again.attempts) == (pb.DeadLetter.FAILED, 1)


def test_many_come_in_pages(operations: Any, inbox: Inbox) -> None:
    inbox.receive([heard("indigestible", note=f"enterprises/acme/notes/{n}") for n in range(5)])
    names, token = [], ""
    while True:
        page = operations.ListDeadLetters(pb.ListDeadLettersRequest(page_size=2, page_token=token))
        names += [letter.name for letter in page.dead_letters]
        token = page.next_page_token
        if not token:
            break
    assert len(set(names)) == 5
    assert names == sorted(names)


@pytest.mark.parametrize("name", [f"deadLetters/{UUID(int=7)}", "deadLetters/7"])
def test_one_that_is_not_there_is_not_found(operations: Any, name: str) -> None:
    with pytest.raises(NotFound):
        operations.ReplayDeadLetter(pb.ReplayDeadLetterRequest(name=name))


def test_a_mistyped_name_is_refused(operations: Any) -> None:
    with pytest.raises(Malformed):
        operations.DiscardDeadLetter(pb.DiscardDeadLetterRequest(name="letters/7"))


@pytest.mark.parametrize("role", [Role.BUYER, Role.ADMINISTRATOR, Role.CERTIFIER])
def test_customers_and_certifiers_have_no_business_there(probe: Served, role: Role) -> None:
    stub = probe.stub(OperationsServiceStub, as_=caller(role))
    with pytest.raises(Forbidden):
        stub.ListDeadLetters(pb.ListDeadLettersRequest())


def test_who_tells_of_no_changes_says_so(probe: Served) -> None:
    """What it answers says itself that it holds only now."""
    with pytest.raises(Disallowed) as refused:
        probe.stub(OperationsServiceStub).ListInvalidations(pb.ListInvalidationsRequest())
    assert (refused.value.reason, refused.value.facts) == (
        "NOTHING_IS_REMEMBERED",
        {"service": "probe"},
    )
