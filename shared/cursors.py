"""How far the events of each aggregate have come in.

Whoever moves a cursor, or what waits behind it, holds the lock on it until the transaction ends.
"""

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
    later(tx, _HEAR, {"ids": list(ids), "now": now()}, heard=heard)


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
    select unnest(%(ids)s), %(now)s
    on conflict do nothing
    returning event_id::text
    """,
    ids="uuid[]",
    now="timestamptz",
)

_LOCK = Prepared(
    """
    insert into inbox_cursors as c (source, aggregate, sequence, waiting)
    select s, a, 0, 0 from unnest(%(sources)s::text[], %(aggregates)s::text[]) as k (s, a)
    on conflict (source, aggregate) do update set waiting = c.waiting
    returning source, aggregate, sequence, waiting
    """,
    sources="text[]",
    aggregates="text[]",
)

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
