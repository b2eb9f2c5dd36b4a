"""What a person can do about events that a service could not apply."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import cursors, waiting
from shared.clock import now
from shared.cursors import Cursor, key_of
from shared.errors import NotFound
from shared.events import Envelope
from shared.tables import inbox_waiting
from shared.waiting import Waiting


class DeadLetterNotFound(NotFound):
    """No failed event {event_id} waits here."""

    fix = "List the dead letters again: somebody may have dealt with it already."


def waiting_events(tx: Session, *states: str, after: str = "", limit: int = 100) -> list[Waiting]:
    """Return events that wait in one of `states` (all when none is named), by id after `after`."""
    chosen = sa.select(inbox_waiting).order_by(inbox_waiting.c.event_id).limit(limit)
    if states:
        chosen = chosen.where(inbox_waiting.c.state.in_(states))
    if after:
        chosen = chosen.where(inbox_waiting.c.event_id > after)
    return [
        Waiting(
            envelope=Envelope.from_dict(row.envelope),
            state=row.state,
            attempts=row.attempts,
            error=row.error,
            due_at=row.due_at,
        )
        for row in tx.execute(chosen)
    ]


def counts(tx: Session) -> dict[str, int]:
    """Return how many events are PARKED, FAILED and DEAD."""
    found = sa.select(inbox_waiting.c.state, sa.func.count()).group_by(inbox_waiting.c.state)
    return {"PARKED": 0, "FAILED": 0, "DEAD": 0} | dict(tx.execute(found).tuples().all())


def replay(tx: Session, event_id: str) -> Envelope:
    """Have a failed or dead event tried again at the next tick; else DeadLetterNotFound."""
    envelope = _failed(tx, event_id)
    again = sa.update(inbox_waiting).where(inbox_waiting.c.event_id == event_id)
    tx.execute(again.values(state="FAILED", attempts=0, due_at=now()))
    return envelope


def discard(tx: Session, event_id: str) -> Envelope:
    """Pass over a failed or dead event, so that those behind it go on; else DeadLetterNotFound."""
    envelope = _failed(tx, event_id)
    key = key_of(envelope)
    cursor = cursors.lock(tx, [key])[key]
    if not waiting.remove(tx, [event_id]):
        raise DeadLetterNotFound(event_id=event_id)
    cursors.save(tx, {key: Cursor(envelope.sequence, cursor.waiting - 1)})
    return envelope


def _failed(tx: Session, event_id: str) -> Envelope:
    found = tx.scalar(
        sa.select(inbox_waiting.c.envelope).where(
            sa.cast(inbox_waiting.c.event_id, sa.Text) == event_id,
            inbox_waiting.c.state.in_(["FAILED", "DEAD"]),
        )
    )
    if found is None:
        raise DeadLetterNotFound(event_id=event_id)
    return Envelope.from_dict(found)
