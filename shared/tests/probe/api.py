"""A servicer that uses every decorator as a service does."""

import hashlib
import time
from typing import Any
from uuid import UUID

import grpc
import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import call
from shared.caller import ANY_ROLE, Caller, Role
from shared.documents import Document
from shared.ids import new_id
from shared.paging import Page, page
from shared.rpc import ANYBODY, Servicer, command, download, query, upload
from shared.service import Runtime
from shared.storage import EVERYTHING
from shared.tests.probe.contract import pb, pb_grpc
from shared.tests.probe.store import Note, NoteChanged, NoteCreated, NoteTooRude, note_named, notes

asked_of_peer: list[float] = []
"""Seconds every question to the peer took."""


def note_message(note: Note) -> Any:
    return pb.Note(name=note.name, text=note.text, etag=note.etag)


def notes_message(found: Page[Note]) -> Any:
    return pb.ListNotesResponse(
        notes=[note_message(note) for note in found.items], next_page_token=found.next_token
    )


def greeting(caller: Caller) -> Any:
    return pb.Note(text=f"{caller.account or 'nobody'} {call.current().trace_id}")


class Probe(Servicer, pb_grpc.ProbeServiceServicer):  # type: ignore[misc]
    def ask_peer(self, request: Any, caller: Caller) -> str:
        if request.note.text != "ask":
            return ""
        started = time.monotonic()
        try:
            answer = self.clients.of(pb_grpc.ProbeServiceStub, at="other").Greet(pb.GreetRequest())
        finally:
            asked_of_peer.append(time.monotonic() - started)
        return f" {answer.text}"

    @command(answer=note_message, allow=frozenset({Role.BUYER}), ask=ask_peer)
    def CreateNote(self, request: Any, tx: Session, caller: Caller, asked: str) -> Note:
        match request.note.text.split():
            case ["rude", word]:
                raise NoteTooRude(word=word)
            case ["broken"]:
                raise RuntimeError("the secret recipe is 42")
            case ["slow"]:
                tx.execute(sa.text("select pg_sleep(0.3)"))
        key = UUID(request.note.name) if request.note.name else new_id()
        note = Note(id=key, enterprise=caller.enterprise, text=request.note.text + asked)
        note.record(NoteCreated(note=note.name, text=note.text))
        tx.add(note)
        return note

    def look_at(self, request: Any, caller: Caller) -> str:
        return f"{len(request.content)} {hashlib.sha256(request.content).hexdigest()}"

    @upload(answer=note_message, allow=frozenset({Role.BUYER}), ask=look_at)
    def AttachToNote(self, request: Any, tx: Session, caller: Caller, asked: str) -> Note:
        note = note_named(tx, request.name)
        note.text = f"{note.text} {asked}"
        return note

    @command(answer=note_message, allow=frozenset({Role.BUYER}))
    def ChangeNote(self, request: Any, tx: Session, caller: Caller) -> Note:
        note = note_named(tx, request.name)
        if request.etag and request.etag != note.etag:
            raise NoteChanged(note=note.name)
        note.text = request.text
        tx.execute(sa.text("select pg_sleep(0.05)"))
        return note

    @query(answer=note_message, allow=ANY_ROLE)
    def GetNote(self, request: Any, tx: Session, caller: Caller) -> Note:
        return note_named(tx, request.name)

    @query(answer=notes_message, allow=ANY_ROLE)
    def ListNotes(self, request: Any, tx: Session, caller: Caller) -> Page[Note]:
        return page(
            tx,
            sa.select(Note),
            key=notes.c.id,
            size=request.page_size,
            token=request.page_token,
        )

    @query(answer=greeting, allow=ANYBODY, scope=EVERYTHING)
    def Greet(self, request: Any, tx: Session, caller: Caller) -> Caller:
        if request.whom == "everybody":
            tx.add(Note(id=new_id(), enterprise="acme", text="by a query"))
            tx.flush()
        return caller

    @download(allow=ANY_ROLE)
    def DownloadNote(self, request: Any, tx: Session, caller: Caller) -> Document:
        note = note_named(tx, request.name)
        content = note.text.encode() * 100_000
        return Document(
            digest="", enterprise=note.enterprise, media_type="text/plain", content=content
        )


def register(server: grpc.Server, runtime: Runtime) -> None:
    pb_grpc.add_ProbeServiceServicer_to_server(Probe(runtime), server)
