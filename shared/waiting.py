"""Events that were heard and wait for their turn.

An event waits because one before it is missing (PARKED), because its reaction failed and will be
tried again (FAILED), or because it failed too often (DEAD).
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.clock import now
from shared.cursors import Cursor, Key, hear, key_of, lock, save
from shared.events import Envelope
from shared.tables import inbox_cursors, inbox_waiting

ATTEMPTS = 12
"""How often a reaction is tried before a person has to look at it."""

LONGEST_PAUSE = 300
"""Seconds between two attempts, at most."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An event that waits, and why."""

    envelope: Envelope
    state: str
    """PARKED, FAILED or DEAD."""

    attempts: int
    error: str
    """What the last attempt said; empty for one that only waits for another."""

    due_at: datetime


def parked(tx: Session, keys: Collection[Key]) -> list[Envelope]:
    """Return the events of `keys` that wait only for those before them."""
    if not keys:
        return []
    these = sa.tuple_(inbox_waiting.c.source, inbox_waiting.c.aggregate).in_(list(keys))
    rows = tx.scalars(
        sa.select(inbox_waiting.c.envelope).where(these, inbox_waiting.c.state == "PARKED")
    )
    return [Envelope.from_dict(row) for row in rows]


def park(tx: Session, envelopes: Sequence[Envelope]) -> None:
    """Keep `envelopes`, which came before their turn."""
    if envelopes:
        rows = [_row(envelope, "PARKED", 0, "", now()) for envelope in envelopes]
        tx.execute(insert(inbox_waiting).on_conflict_do_nothing(), rows)


def next_due(tx: Session, key: Key) -> Envelope | None:
    """Return the event whose turn it is in `key`, if it waits and may be tried now."""
    mine = (inbox_waiting.c.source == key[0]) & (inbox_waiting.c.aggregate == key[1])
    found = tx.scalar(
        sa.select(inbox_waiting.c.envelope)
        .join(inbox_cursors, _its_turn())
        .where(mine, _may_be_tried())
    )
    return Envelope.from_dict(found) if found else None


def due(tx: Session, limit: int) -> list[Key]:
    """Return aggregates whose next event waits and may be tried now, longest waiting first."""
    rows = tx.execute(
        sa.select(inbox_waiting.c.source, inbox_waiting.c.aggregate)
        .join(inbox_cursors, _its_turn())
        .where(_may_be_tried())
        .order_by(inbox_waiting.c.due_at)
        .limit(limit)
    )
    return [(row.source, row.aggregate) for row in rows]


def fail(tx: Session, envelope: Envelope, error: str, *, hopeless: bool) -> Waiting | None:
    """Keep `envelope`, whose reaction failed, until its next attempt; None if applied by now."""
    cursor = lock(tx, [key_of(envelope)])[key_of(envelope)]
    if envelope.sequence <= cursor.sequence:
        return None
    hear(tx, [envelope.id])
    before = tx.scalar(
        sa.select(inbox_waiting.c.attempts).where(inbox_waiting.c.event_id == envelope.id)
    )
    if before is None:
        save(tx, {key_of(envelope): Cursor(cursor.sequence, cursor.waiting + 1)})
    attempts = (before or 0) + 1
    state = "DEAD" if hopeless or attempts >= ATTEMPTS else "FAILED"
    due_at = now() + timedelta(seconds=pause(attempts))
    row = _row(envelope, state, attempts, error, due_at)
    changed = {name: row[name] for name in ("state", "attempts", "error", "due_at")}
    tx.execute(
        insert(inbox_waiting)
        .values(row)
        .on_conflict_do_update(index_elements=["event_id"], set_=changed)
    )
    return Waiting(envelope=envelope, state=state, attempts=attempts, error=error, due_at=due_at)


def remove(tx: Session, ids: Collection[str]) -> int:
    """Forget that the events `ids` waited; return how many did."""
    if not ids:
        return 0
    gone = sa.delete(inbox_waiting).where(inbox_waiting.c.event_id.in_(ids))
    return len(tx.scalars(gone.returning(inbox_waiting.c.event_id)).all())


def pause(attempts: int) -> float:
    """Return how many seconds to wait after so many attempts: longer each time, never in step."""
    return min(LONGEST_PAUSE, 2.0 ** (attempts - 1)) * random.uniform(0.8, 1.2)  # noqa: S311 (no secret)


def _its_turn() -> sa.ColumnElement[bool]:
    return (
        (inbox_cursors.c.source == inbox_waiting.c.source)
        & (inbox_cursors.c.aggregate == inbox_waiting.c.aggregate)
        & (inbox_cursors.c.sequence + 1 == inbox_waiting.c.sequence)
    )


def _may_be_tried() -> sa.ColumnElement[bool]:
    failed = (inbox_waiting.c.state == "FAILED") & (inbox_waiting.c.due_at <= now())
    return (inbox_waiting.c.state == "PARKED") | failed


def _row(
    envelope: Envelope, state: str, attempts: int, error: str, due_at: datetime
) -> dict[str, object]:
    source, aggregate = key_of(envelope)
    return {
        "event_id": envelope.id,
        "source": source,
        "aggregate": aggregate,
        "sequence": envelope.sequence,
        "envelope": envelope.to_dict(),
        "state": state,
        "attempts": attempts,
        "error": error[:2000],
        "due_at": due_at,
        "received_at": now(),
    }
