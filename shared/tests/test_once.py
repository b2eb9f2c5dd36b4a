"""The same request is answered once, whatever happens to it on the way (architecture §5)."""

from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy.orm import Session

from shared.caller import Role
from shared.errors import Disallowed, Malformed, Unavailable
from shared.ids import new_id
from shared.once import earlier_answer, once
from shared.prepared import Prepared
from shared.requests import Repeated
from shared.sql import run
from shared.storage import EVERYTHING, NOTHING, Database, outbox, requests
from shared.testing.callers import caller
from shared.testing.crowds import at_once
from shared.testing.serving import Peer, Served, Serving
from shared.tests.probe.contract import pb, pb_grpc
from shared.tests.probe.service import service
from shared.tests.probe.store import notes as notes_table

BUYER = caller(Role.BUYER)


@pytest.fixture
def notes(probe: Served) -> Any:
    return probe.stub(pb_grpc.ProbeServiceStub, as_=BUYER)


def request(text: str = "hello", **more: Any) -> Any:
    return pb.CreateNoteRequest(
        **{"parent": "enterprises/acme", "note": pb.Note(text=text), "request_id": str(new_id())}
        | more
    )


def stored(database: Database) -> tuple[int, int, int]:
    """Return how many notes, events and claimed requests there are."""
    with database.transaction(EVERYTHING) as tx:
        notes, told, claimed = (
            tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in (notes_table, outbox, requests)
        )
    return notes, told, claimed


def test_twenty_at_once_have_one_effect_and_one_answer(
    notes: Any, probe_database: Database
) -> None:
    same = request("slow")
    answers = at_once(lambda _: notes.CreateNote(same), 20)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert len({answer.SerializeToString() for answer in answers}) == 1
    assert stored(probe_database) == (1, 1, 1)


def test_a_repeated_request_gets_the_first_answer(notes: Any) -> None:
    same = request()
    first = notes.CreateNote(same)
    notes.ChangeNote(pb.ChangeNoteRequest(name=first.name, text="changed since"))
    assert notes.CreateNote(same) == first


def test_a_repeated_request_is_answered_though_it_would_fail_now(
    notes: Any, probe_database: Database
) -> None:
    """What it would make is there, or it fails with its first statement, or is refused for that."""
    named = request(note=pb.Note(name=str(new_id()), text="hello"))
    assert notes.CreateNote(named) == notes.CreateNote(named)

    same, divided = request(), Prepared("select 1 / %s", "int")

    def ask(by: int) -> Message:
        with probe_database.transaction(NOTHING) as tx:
            return once(tx, BUYER, same, lambda: pb.Note(text=str(run(tx, divided, (by,)))))

    def refuse() -> None:
        with probe_database.transaction(NOTHING) as tx:
            once(tx, BUYER, same, lambda: told(tx))

    def told(tx: Session) -> Message:
        try:
            run(tx, divided, (0,))
        except sa.exc.DataError:
            raise Disallowed from None
        raise AssertionError("it was divided by nothing")

    first = ask(1)
    for again in (lambda: ask(0), refuse):
        with pytest.raises(Repeated):
            again()
    with probe_database.transaction(NOTHING) as tx:
        assert earlier_answer(tx, BUYER, same) == first


def test_a_different_request_under_the_same_id_is_refused(
    notes: Any, probe_database: Database
) -> None:
    same = request()
    notes.CreateNote(same)
    with pytest.raises(Disallowed) as refused:
        notes.CreateNote(request("something else", request_id=same.request_id))
    assert refused.value.reason == "REQUEST_ID_REUSED"
    assert stored(probe_database) == (1, 1, 1)


@pytest.mark.parametrize("text", ["rude heck", "broken", "nul \x00"])
def test_a_first_attempt_that_failed_can_be_made_again(
    notes: Any, probe_database: Database, text: str
) -> None:
    failing = request(text)
    with pytest.raises(Exception):  # noqa: B017, PT011
        notes.CreateNote(failing)
    assert stored(probe_database) == (0, 0, 0)
    notes.CreateNote(request(request_id=failing.request_id))
    assert stored(probe_database) == (1, 1, 1)


def test_whoever_waited_for_one_that_failed_succeeds(notes: Any, probe_database: Database) -> None:
    """The first takes a name that another note has; those behind it are none the worse."""
    taken = notes.CreateNote(request()).name.rpartition("/")[2]
    same = request(note=pb.Note(name=taken, text="slow"))
    answers = at_once(lambda _: notes.CreateNote(same), 3)
    assert {type(each).__name__ for each in answers} == {"Outdated"}
    assert stored(probe_database) == (1, 1, 1)


def test_two_callers_may_choose_the_same_id(
    probe: Served, notes: Any, probe_database: Database
) -> None:
    same = request()
    other = probe.stub(
        pb_grpc.ProbeServiceStub, as_=caller(Role.BUYER, account="accounts/somebody-else")
    )
    assert notes.CreateNote(same).name != other.CreateNote(same).name
    assert stored(probe_database) == (2, 2, 2)


def test_the_same_account_in_another_space_gets_no_answer_from_this_one(
    probe: Served, notes: Any
) -> None:
    same = request()
    elsewhere = caller(Role.BUYER, enterprise="other", account=BUYER.account)
    there = probe.stub(pb_grpc.ProbeServiceStub, as_=elsewhere).CreateNote(same)
    assert there.name.startswith("enterprises/other/")
    assert notes.CreateNote(same).name.startswith("enterprises/acme/")


def test_a_dry_run_answers_and_leaves_nothing(notes: Any, probe_database: Database) -> None:
    dry = request(validate_only=True)
    assert notes.CreateNote(dry).text == "hello"
    assert stored(probe_database) == (0, 0, 0)


def test_a_dry_run_is_refused_as_the_real_one_would_be(notes: Any) -> None:
    with pytest.raises(Disallowed):
        notes.CreateNote(request("rude heck", validate_only=True))


def test_after_a_dry_run_the_same_id_does_the_real_thing(
    notes: Any, probe_database: Database
) -> None:
    dry = request(validate_only=True)
    notes.CreateNote(dry)
    notes.CreateNote(request(request_id=dry.request_id))
    assert stored(probe_database) == (1, 1, 1)


@pytest.mark.parametrize("request_id", ["two words", "é", "x" * 129], ids=len)
def test_an_id_that_cannot_be_one_is_refused(notes: Any, request_id: str) -> None:
    with pytest.raises(Malformed) as refused:
        notes.CreateNote(request(request_id=request_id))
    assert refused.value.reason == "BAD_REQUEST_ID"


class Moody(pb_grpc.ProbeServiceServicer):  # type: ignore[misc]
    """A peer that answers well once and then is gone."""

    answers = 0

    def Greet(self, request: Any, context: Any) -> Any:
        Moody.answers += 1
        if Moody.answers > 1:
            context.abort(grpc.StatusCode.UNAVAILABLE, "gone")
        return pb.Note(text="well")


def test_a_repeated_request_is_answered_though_a_peer_would_now_refuse(
    serving: Serving, peer: Peer, probe_database: Database
) -> None:
    Moody.answers = 0
    elsewhere = peer(Moody())["probe"]
    served = serving(service, probe_database, peers={"other": elsewhere})
    notes = served.stub(pb_grpc.ProbeServiceStub, as_=BUYER)
    same = request("ask")
    first = notes.CreateNote(same)
    assert first.text == "ask well"
    assert notes.CreateNote(same) == first
    with pytest.raises(Unavailable) as refused:
        notes.CreateNote(request("ask"))
    assert refused.value.reason == "PEER_AWAY"
