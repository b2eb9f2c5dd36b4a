"""What the probe remembers: notes."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, registry

from shared.domain import Aggregate, Event
from shared.errors import Disallowed, NotFound, Outdated
from shared.names import enterprise_of
from shared.storage import aggregate_columns

mapper = registry()
notes = sa.Table(
    "notes",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    *aggregate_columns(),
)


class NoteNotFound(NotFound):
    """There is no note {note}."""

    fix = "Look at the list of notes."


class NoteTooRude(Disallowed):
    """The note says "{word}", and that is not allowed."""

    fix = "Leave {word} out."


class NoteChanged(Outdated):
    """The note {note} has changed since."""


@dataclass(frozen=True, kw_only=True)
class NoteCreated(Event):
    note: str
    text: str


class Note(Aggregate):
    def __init__(self, id: UUID, enterprise: str, text: str) -> None:
        self.id, self.enterprise, self.text = id, enterprise, text

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/notes/{self.id}"


mapper.map_imperatively(Note, notes, version_id_col=notes.c.version)


def note_named(tx: Session, name: str) -> Note:
    """Return a note the transaction may see; NoteNotFound, for a foreign one too."""
    try:
        found = tx.get(Note, UUID(name.rpartition("/")[2]))
    except ValueError:
        found = None
    if found is None or found.enterprise != enterprise_of(name):
        raise NoteNotFound(note=name)
    return found
