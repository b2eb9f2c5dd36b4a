"""One way in, one way to answer, one way to refuse, over a real channel and a real database."""

import hashlib
from typing import Any, cast

import grpc
import pytest
import sqlalchemy as sa
import structlog
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from millrun.authorization.v1.authorization_pb2 import SignInRequest

from shared.caller import Role
from shared.errors import (
    Disallowed,
    Forbidden,
    Malformed,
    NotFound,
    Outdated,
    Unauthenticated,
    Unavailable,
)
from shared.faults import ChangedMeanwhile, refusal_of
from shared.ids import new_id
from shared.legibility import insist_on_straight_texts
from shared.metrics import registry
from shared.pieces import LARGEST
from shared.rpc import Servicer, undecided
from shared.service import Runtime
from shared.status import PeerFailed
from shared.storage import EVERYTHING, Database, outbox
from shared.testing.callers import Token, caller
from shared.testing.crowds import at_once
from shared.testing.serving import Served
from shared.testing.statements import statements
from shared.tests.probe.contract import pb, pb_grpc

BUYER = caller(Role.BUYER)


@pytest.fixture
def notes(probe: Served) -> Any:
    return probe.stub(pb_grpc.ProbeServiceStub, as_=BUYER)


def create(notes: Any, text: str = "hello", **more: Any) -> Any:
    request = pb.CreateNoteRequest(parent="enterprises/acme", note=pb.Note(text=text), **more)
    return notes.CreateNote(request)


def events_told(database: Database) -> list[str]:
    with database.transaction(EVERYTHING) as tx:
        return [row.body["trace"] for row in tx.execute(sa.select(outbox))]


def test_what_a_command_stored_a_query_shows(notes: Any) -> None:
    made = create(notes)
    assert made.etag == "1"
    assert notes.GetNote(pb.GetNoteRequest(name=made.name)) == made


def test_nobody_signed_in_is_refused(probe: Served) -> None:
    with pytest.raises(Unauthenticated) as refused:
        create(probe.stub(pb_grpc.ProbeServiceStub))
    assert refused.value.reason == "NOT_SIGNED_IN"


def test_the_role_is_checked_before_anything_else(probe: Served) -> None:
    finance = probe.stub(pb_grpc.ProbeServiceStub, as_=caller(Role.FINANCE))
    with pytest.raises(Forbidden) as refused:
        finance.CreateNote(pb.CreateNoteRequest())
    assert refused.value.facts == {"allowed": "buyer", "roles": "finance"}


def test_a_public_rpc_takes_a_stale_token_for_nobody(probe: Served) -> None:
    assert (
        probe.stub(pb_grpc.ProbeServiceStub, as_="stale")
        .Greet(pb.GreetRequest())
        .text.startswith("nobody ")
    )
    assert (
        probe.stub(pb_grpc.ProbeServiceStub, as_=BUYER)
        .Greet(pb.GreetRequest())
        .text.startswith(BUYER.account)
    )


def test_every_required_field_that_is_missing_is_named(notes: Any) -> None:
    note = pb.Note(labels=[pb.Label(key="a", weight=1), pb.Label(key="b")])
    with pytest.raises(Malformed) as refused:
        notes.CreateNote(pb.CreateNoteRequest(note=note))
    assert refused.value.facts["fields"] == "parent, note.text, note.labels[1].weight"


def test_a_command_adds_three_statements_to_its_own(notes: Any, probe_database: Database) -> None:
    """The claim, the answer and the outbox; a query adds none (performance 3)."""
    create(notes, request_id=str(new_id()))
    with statements(probe_database) as asked:
        made = create(notes, request_id=str(new_id()))
    assert [" ".join(each.lower().replace("(", " ").split()[:3]) for each in asked] == [
        "insert into requests",
        "insert into notes",
        "update requests set",
        "insert into outbox",
    ]
    with statements(probe_database) as asked:
        notes.GetNote(pb.GetNoteRequest(name=made.name))
    assert len(asked) == 1


def test_a_foreign_note_is_as_missing_as_one_that_never_was(probe: Served, notes: Any) -> None:
    made = create(notes)
    others = probe.stub(pb_grpc.ProbeServiceStub, as_=caller(Role.BUYER, enterprise="other"))
    missing = made.name[:-12] + "000000000000"
    answers = []
    for name in (made.name, missing):
        with pytest.raises(NotFound) as refused:
            others.GetNote(pb.GetNoteRequest(name=name))
        answers.append(str(refused.value).replace(name, "…"))
    assert answers[0] == answers[1]


def test_a_refusal_says_why_to_people_and_machines(probe: Served, token: Token) -> None:
    with grpc.insecure_channel(probe.address) as channel, pytest.raises(grpc.RpcError) as refused:
        pb_grpc.ProbeServiceStub(channel).CreateNote(
            pb.CreateNoteRequest(parent="enterprises/acme", note=pb.Note(text="rude heck")),
            metadata=[("authorization", f"Bearer {token(BUYER)}")],
        )

    status = rpc_status.from_call(cast(grpc.Call, refused.value))
    info = error_details_pb2.ErrorInfo()
    status.details[0].Unpack(info)
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert status.message == 'The note says "heck", and that is not allowed.'
    assert (info.reason, info.domain) == ("NOTE_TOO_RUDE", "probe.millrun")
    assert dict(info.metadata) == {"word": "heck", "fix": "Leave heck out."}


def test_a_refused_command_leaves_nothing(notes: Any, probe_database: Database) -> None:
    with pytest.raises(Disallowed):
        create(notes, "rude heck")
    assert events_told(probe_database) == []


def test_a_bug_of_ours_tells_nothing_about_itself(probe: Served, token: Token) -> None:
    with (
        grpc.insecure_channel(probe.address) as channel,
        pytest.raises(grpc.RpcError) as failed,
        structlog.testing.capture_logs() as logs,
    ):
        pb_grpc.ProbeServiceStub(channel).CreateNote(
            pb.CreateNoteRequest(parent="enterprises/acme", note=pb.Note(text="broken")),
            metadata=[("authorization", f"Bearer {token(BUYER)}")],
        )
    assert failed.value.code() is grpc.StatusCode.INTERNAL
    assert failed.value.details() == "Something went wrong on our side."
    assert "recipe" not in str(failed.value.trailing_metadata())
    assert ["recipe" in str(each["exc_info"]) for each in logs if each["event"] == "failed"] == [
        True
    ]


def test_a_bug_of_ours_is_one_for_our_clients_too(notes: Any) -> None:
    with pytest.raises(PeerFailed):
        create(notes, "broken")


def test_a_stale_etag_is_refused(notes: Any) -> None:
    made = create(notes)
    with pytest.raises(Outdated) as refused:
        notes.ChangeNote(pb.ChangeNoteRequest(name=made.name, text="x", etag="99"))
    assert refused.value.remedy.startswith("Read it again")


def test_of_two_who_change_at_once_one_is_told(probe: Served) -> None:
    notes = probe.stub(pb_grpc.ProbeServiceStub, as_=BUYER)
    made = create(notes)
    outcomes = at_once(
        lambda n: (
            notes.ChangeNote(pb.ChangeNoteRequest(name=made.name, text=str(n), etag=made.etag)).text
        ),
        4,
    )
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert refused
    assert all(isinstance(each, Outdated) for each in refused)
    assert len(refused) == 3
    stored = notes.GetNote(pb.GetNoteRequest(name=made.name)).text
    assert stored in outcomes


def test_who_names_no_version_is_not_told_that_somebody_was_faster(probe: Served) -> None:
    notes = probe.stub(pb_grpc.ProbeServiceStub, as_=BUYER)
    made = create(notes)
    outcomes = at_once(
        lambda n: notes.ChangeNote(pb.ChangeNoteRequest(name=made.name, text=str(n))).text, 3
    )
    assert sorted(outcomes) == ["0", "1", "2"]
    assert notes.GetNote(pb.GetNoteRequest(name=made.name)).etag == "4"


def test_of_two_who_take_the_same_name_one_is_told(notes: Any) -> None:
    name = "01900000-0000-7000-8000-000000000001"
    note = pb.Note(name=name, text="mine")
    request = pb.CreateNoteRequest(parent="enterprises/acme", note=note)
    notes.CreateNote(request)
    with pytest.raises(Outdated) as refused:
        notes.CreateNote(request)
    assert refused.value.reason == ChangedMeanwhile().reason


def test_a_value_postgresql_cannot_hold_is_the_callers_mistake(notes: Any) -> None:
    with pytest.raises(Malformed) as refused:
        create(notes, "nul \x00 byte")
    assert refused.value.reason == "NOT_STORABLE"


def test_a_text_without_end_is_named_and_not_kept(notes: Any) -> None:
    assert create(notes, "字" * 5000).text
    for text in ("字" * 5001, "x" * 100_000):
        with pytest.raises(Malformed) as refused:
            create(notes, text)
        assert refused.value.reason == "TEXT_TOO_LONG"
        assert refused.value.facts == {"field": "note.text", "most": "5000"}


@pytest.mark.parametrize("turning", "\u061c\u200e\u200f\u202a\u202e\u2066\u2069")
def test_a_text_that_could_be_shown_as_another_is_not_kept(notes: Any, turning: str) -> None:
    with pytest.raises(Malformed, match="turns the direction") as refused:
        create(notes, f"Acme {turning}dtL")
    assert refused.value.facts == {"field": "note.text"}
    assert create(notes, "“小组” عكا 👩\u200d🏭").text


def test_a_password_is_nobodys_reading() -> None:
    insist_on_straight_texts(SignInRequest(email="a@b.example", password="\u202eabc"))


def test_a_text_no_index_holds_is_the_callers_mistake() -> None:
    class TooLarge(Exception):
        sqlstate = "54000"

    refused = refusal_of(sa.exc.OperationalError("INSERT", {}, TooLarge()))
    assert refused is not None
    assert refused.reason == "NOT_STORABLE"


def test_a_database_without_room_is_away_for_now() -> None:
    class DiskFull(Exception):
        sqlstate = "53100"

    refused = refusal_of(sa.exc.OperationalError("INSERT", {}, DiskFull()))
    assert refused is not None
    assert (refused.reason, isinstance(refused, Unavailable)) == ("DATABASE_AWAY", True)


def test_a_query_cannot_change_anything(notes: Any) -> None:
    with pytest.raises(PeerFailed):
        notes.Greet(pb.GreetRequest(whom="everybody"))


def test_a_download_comes_in_chunks(notes: Any) -> None:
    made = create(notes, "0123456789")
    chunks = list(notes.DownloadNote(pb.GetNoteRequest(name=made.name)))
    assert b"".join(chunk.data for chunk in chunks) == b"0123456789" * 100_000
    assert max(len(chunk.data) for chunk in chunks) == 256 * 1024
    assert {chunk.content_type for chunk in chunks} == {"text/plain"}


def test_a_download_is_refused_like_anything_else(notes: Any) -> None:
    with pytest.raises(NotFound):
        list(notes.DownloadNote(pb.GetNoteRequest(name="enterprises/acme/notes/7")))


def test_an_upload_arrives_whole_and_is_kept_once(notes: Any) -> None:
    made, content = create(notes), b"a page " * 800_000
    attached = pb.AttachToNoteRequest(name=made.name, content=content, request_id="one")
    kept = notes.AttachToNote(attached)

    assert kept.text == f"hello {len(content)} {hashlib.sha256(content).hexdigest()}"
    assert notes.AttachToNote(attached) == kept
    assert notes.GetNote(pb.GetNoteRequest(name=made.name)) == kept


def test_an_upload_that_is_too_large_or_empty_is_refused(notes: Any) -> None:
    made = create(notes)
    with pytest.raises(Malformed, match="20 MiB at most"):
        notes.AttachToNote(pb.AttachToNoteRequest(name=made.name, content=bytes(LARGEST + 1)))
    with pytest.raises(Malformed, match="content"):
        notes.AttachToNote(pb.AttachToNoteRequest(name=made.name))


def test_nobody_uploads_who_may_not(probe: Served) -> None:
    finance = probe.stub(pb_grpc.ProbeServiceStub, as_=caller(Role.FINANCE))
    with pytest.raises(Forbidden):
        finance.AttachToNote(pb.AttachToNoteRequest(content=b"x" * 9_000_000))


def test_pages_follow_one_another_newest_first(notes: Any) -> None:
    names = sorted(create(notes, str(index)).name for index in range(5))
    first = notes.ListNotes(pb.ListNotesRequest(page_size=3))
    rest = notes.ListNotes(pb.ListNotesRequest(page_size=3, page_token=first.next_page_token))
    assert [note.name for note in [*first.notes, *rest.notes]] == names[::-1]
    assert rest.next_page_token == ""


@pytest.mark.parametrize("asked", [{"page_token": "x"}, {"page_size": -1}], ids=str)
def test_a_page_that_cannot_be_is_refused(notes: Any, asked: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        notes.ListNotes(pb.ListNotesRequest(**asked))


def test_an_event_says_who_caused_it_in_which_trace(
    probe: Served, token: Token, probe_database: Database
) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with grpc.insecure_channel(probe.address) as channel:
        pb_grpc.ProbeServiceStub(channel).CreateNote(
            pb.CreateNoteRequest(parent="enterprises/acme", note=pb.Note(text="hello")),
            metadata=[("authorization", f"Bearer {token(BUYER)}"), ("traceparent", trace)],
        )
    assert events_told(probe_database) == [trace]


def test_every_outcome_is_timed(notes: Any) -> None:
    def count(method: str, code: str) -> float:
        labels = {"service": "probe", "method": method, "code": code}
        return registry.get_sample_value("millrun_rpc_seconds_count", labels) or 0

    well, badly = count("CreateNote", "OK"), count("CreateNote", "FAILED_PRECONDITION")
    create(notes)
    with pytest.raises(Disallowed):
        create(notes, "rude heck")
    assert count("CreateNote", "OK") == well + 1
    assert count("CreateNote", "FAILED_PRECONDITION") == badly + 1


def test_no_servicer_can_leave_open_who_may_call(probe: Served) -> None:
    class Forgetful(Servicer, pb_grpc.ProbeServiceServicer):  # type: ignore[misc]
        pass

    runtime: Runtime = probe.runtime
    assert "CreateNote" in undecided(Forgetful)
    with pytest.raises(TypeError, match="who may call AttachToNote, ChangeNote, CreateNote"):
        Forgetful(runtime)
