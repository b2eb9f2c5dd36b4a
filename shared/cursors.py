"""How far the events of each aggregate have come in.

Whoever moves a cursor, or what waits behind it, holds the lock on it until the transaction ends.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shared.clock import now
from shared.events import Envelope
from shared.prepared import Prepared
from shared.sql import Heard, later, run

Key = tuple[str, str]
"""An aggregate: the service it belongs to and its name there."""


@dataclass
class Cursor:
    """Events up to `sequence` have been applied; `waiting` others have come and have not."""

    sequence: int
    waiting: int


def key_of(envelope: Envelope) -> Key:
    """Return the aggregate in whose order `envelope` stands."""
    return envelope.source, envelope.aggregate


def take(tx: Session, envelopes: Sequence[Envelope]) -> tuple[list[Envelope], dict[Key, Cursor]]:
    """Return those of `envelopes` never heard before, and the cursors of their aggregates.

    From now on they were heard; the cursors are the transaction's till its end.
    """
    fresh: set[str] = set()
    # In one order everywhere, so that two who heard the same wait for each other only one way.
    by_id = {each.id: each for each in sorted(envelopes, key=lambda each: each.id)}
    hear(tx, by_id, heard=lambda rows: fresh.update(id_ for (id_,) in rows))
    cursors = lock(tx, {key_of(each) for each in envelopes})
    first = [by_id[id_] for id_ in dict.fromkeys(e.id for e in envelopes) if id_ in fresh]
    return first, {key_of(each): cursors[key_of(each)] for each in first}


def hear(tx: Session, ids: Iterable[str], *, heard: Heard | None = None) -> None:
    """Keep, with the next statement, that the events `ids` were heard; `heard` is told the new."""
    later(tx, _HEAR, {"ids": json.dumps(list(ids)), "now": now()}, heard=heard)


def lock(tx: Session, keys: Collection[Key]) -> dict[Key, Cursor]:
    """Return the cursors of `keys`, made where missing; they are the transaction's till its end."""
    if not keys:
        return {}
    rows = run(tx, _LOCK, (json.dumps(sorted(keys)),))
    return {(source, aggregate): Cursor(n, waiting) for source, aggregate, n, waiting in rows}


def save(tx: Session, cursors: Mapping[Key, Cursor]) -> None:
    """Store where `cursors` stand now."""
    if cursors:
        stand = [(*key, cursor.sequence, cursor.waiting) for key, cursor in cursors.items()]
        later(tx, _SAVE, (json.dumps(stand),))


# As the driver takes it: what SQLAlchemy adds to a text doubles what it costs, and each is run for
# every batch of every listener. Rows go as JSON: an array of fifty costs the driver six times that.
_HEAR = Prepared(
    """
    insert into inbox (event_id, received_at)
    select id::uuid, %(now)s from jsonb_array_elements_text(%(ids)s) as t (id)
    on conflict do nothing
    returning event_id::text
    """,
    ids="jsonb",
    now="timestamptz",
)

_LOCK = Prepared(
    """
    insert into inbox_cursors as c (source, aggregate, sequence, waiting)
    select k->>0, k->>1, 0, 0 from jsonb_array_elements(%s) as k
    on conflict (source, aggregate) do update set waiting = c.waiting
    returning source, aggregate, sequence, waiting
    """,
    "jsonb",
)

# They are all there, but so they are found by their key, also by a plan made when there were few.
_SAVE = Prepared(
    """
    insert into inbox_cursors as c (source, aggregate, sequence, waiting)
    select k->>0, k->>1, (k->>2)::bigint, (k->>3)::int from jsonb_array_elements(%s) as k
    on conflict (source, aggregate)
    do update set sequence = excluded.sequence, waiting = excluded.waiting
    """,
    "jsonb",
)
