"""How what aggregates recorded gets into the outbox, in the transaction of their change."""

import json
from typing import Protocol

from sqlalchemy.orm import Session, SessionTransaction

from shared.domain import Aggregate
from shared.events import Envelope, seal
from shared.prepared import Prepared
from shared.sql import later


def tell(tx: Session, *aggregates: Aggregate) -> None:
    """Announce at commit what `aggregates` recorded.

    Only for aggregates whose rows are written by hand; the session finds its own. Write the row
    with its version first: the lock on it is what keeps the events of an aggregate in order.
    """
    for aggregate in aggregates:
        tx.info["told"] += [
            seal(
                recorded,
                sequence=sequence,
                of=aggregate,
                contract=tx.info["events"],
                actor=tx.info["actor"],
                trace=tx.info["trace"],
            )
            for sequence, recorded in aggregate.release_events()
        ]


class Keeper(Protocol):
    """Writes, by hand, what became of one aggregate in a transaction."""

    def write(self) -> None:
        """Store what changed since the last time, and tell what was recorded."""


def keep(tx: Session, name: str, keeper: Keeper) -> None:
    """Have `keeper` write the aggregate `name` when `tx` is flushed."""
    tx.info["kept"][name] = keeper


def kept(tx: Session, name: str) -> Keeper | None:
    """Return who keeps the aggregate `name` in `tx`, if it is at hand."""
    found: Keeper | None = tx.info["kept"].get(name)
    return found


def flush(tx: Session) -> None:
    """Write what changed so far, by hand and by the session."""
    for keeper in list(tx.info["kept"].values()):
        keeper.write()
    tx.flush()


def forget(tx: Session) -> None:
    """Let go of everything at hand: the next look is a new one."""
    tx.info["kept"].clear()
    tx.expunge_all()


def hear_recorded_events(tx: Session, *_: SessionTransaction | object) -> None:
    """Keep what was recorded before a flush lets go of the objects that recorded it."""
    tell(tx, *(each for each in [*tx.new, *tx.dirty, *tx.deleted] if isinstance(each, Aggregate)))


def write_told(tx: Session) -> bool:
    """Write the events told to the outbox; whether there were any.

    After the flush, not in it: by then every version row is locked, so that events of one
    aggregate get their positions in the order their transactions commit.
    """
    flush(tx)
    told: list[Envelope] = tx.info["told"]
    if told:
        letters = json.dumps([envelope.to_dict() for envelope in told])
        later(tx, _TELL, (letters,))
    return bool(told)


def notify(tx: Session) -> None:
    """Have whoever carries it in another process be woken by the commit."""
    later(tx, _NOTIFY, (CHANNEL,))


CHANNEL = "outbox"
"""What a relay listens to for what other processes commit."""

_NOTIFY = Prepared("select pg_notify(%s, '')", "text")

_TELL = Prepared(
    """
    insert into outbox (event_id, enterprise, aggregate, sequence, type, body)
    select (e->>'id')::uuid, e->>'enterprise', e->>'aggregate', (e->>'sequence')::bigint,
        e->>'type', e
    from jsonb_array_elements(%s) with ordinality as told (e, place) order by place
    """,
    "jsonb",
)
