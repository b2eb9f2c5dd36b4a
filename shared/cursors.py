"""How far the events of each aggregate have come in.

Whoever moves a cursor, or what waits behind it, holds the lock on it until the transaction ends.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shared.clock import now
from shared.events import Envelope
from shared.sql import Prepared, later, run

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


def first_heard(tx: Session, envelopes: Sequence[Envelope]) -> list[Envelope]:
    """Return those of `envelopes` never heard before; from now on they were."""
    by_id = {envelope.id: envelope for envelope in reversed(envelopes)}
    # In one order everywhere, so that two who heard the same wait for each other only one way.
    fresh = {id_ for (id_,) in run(tx, _HEAR, {"ids": sorted(by_id), "now": now()})}
    return [by_id[id_] for id_ in dict.fromkeys(e.id for e in envelopes) if id_ in fresh]


def lock(tx: Session, keys: Collection[Key]) -> dict[Key, Cursor]:
    """Return the cursors of `keys`, made where missing; they are the transaction's till its end."""
    if not keys:
        return {}
    rows = run(tx, _LOCK, _columns(sorted(keys)))
    return {(source, aggregate): Cursor(n, waiting) for source, aggregate, n, waiting in rows}


def save(tx: Session, cursors: Mapping[Key, Cursor]) -> None:
    """Store where `cursors` stand now."""
    if cursors:
        stand = [(*key, cursor.sequence, cursor.waiting) for key, cursor in cursors.items()]
        later(tx, _SAVE, _columns(stand, "sequences", "waiting"))


def _columns(rows: Sequence[tuple[object, ...]], *more: str) -> dict[str, list[object]]:
    """Return `rows` as one array a column, which is one parameter whatever their number."""
    names = ("sources", "aggregates", *more)
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


# As the driver takes it: what SQLAlchemy adds to a text doubles what it costs, and each is run for
# every batch of every listener.
_HEAR = Prepared(
    """
    insert into inbox (event_id, received_at)
    select unnest(%(ids)s::uuid[]), %(now)s
    on conflict do nothing
    returning event_id::text
    """,
    ids="uuid[]",
    now="timestamptz",
)

_LOCK = """
    insert into inbox_cursors as c (source, aggregate, sequence, waiting)
    select s, a, 0, 0 from unnest(%(sources)s::text[], %(aggregates)s::text[]) as k (s, a)
    on conflict (source, aggregate) do update set waiting = c.waiting
    returning source, aggregate, sequence, waiting
"""

_SAVE = Prepared(
    """
    update inbox_cursors as c set sequence = k.n, waiting = k.w
    from unnest(%(sources)s, %(aggregates)s, %(sequences)s, %(waiting)s) as k (s, a, n, w)
    where c.source = k.s and c.aggregate = k.a
    """,
    sources="text[]",
    aggregates="text[]",
    sequences="bigint[]",
    waiting="int[]",
)
