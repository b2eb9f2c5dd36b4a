"""What of a service's answers does not hold any more, told to whoever remembers them.

Triggers of the tables an answer was read from write it down, in the transaction that changes them
(`shared.migrations.operations.invalidate`), so that no command can forget to. Whoever remembers
answers asks for what is new since it asked before (`shared.answers`). What is new is told by
PostgreSQL's own numbers of transactions: everything a moment did not see yet has a number that is
not below the lowest one under way then, whenever it commits.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from millrun.operations.v1.operations_pb2 import ListInvalidationsResponse
from millrun.operations.v1.validity_pb2 import Invalidation, Validity
from sqlalchemy.orm import Session

from shared.clock import now
from shared.errors import Disallowed, Malformed
from shared.prepared import Prepared
from shared.sql import run
from shared.wire import time_message

KEPT = timedelta(hours=1)
"""Longer than anybody goes without asking and still remembers."""

MOST = 1000
"""So many changes at once are told as one of everything."""

LENGTH = 8
"""Bytes of a digest. Two names that share one only have an answer asked for once more."""


class NothingIsRemembered(Disallowed):
    """Answers of the {service} service hold only now."""

    fix = "Ask it each time."


class NoSuchToken(Malformed):
    """This page token is not one of this list's."""

    fix = "Send the token for the next page of the answer before, or none."


def table(metadata: sa.MetaData) -> sa.Table:
    """Return the table of a service that tells, as `metadata` knows it."""
    return sa.Table(
        "invalidations",
        metadata,
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("transaction", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.LargeBinary, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("invalidations_by_transaction", "transaction"),
    )


@dataclass(frozen=True)
class Told:
    """What changed since somebody asked before."""

    rows: Collection[tuple[Any, ...]]
    """Position and subject of each; of everything the position is 0."""

    token: str


_NOW = Prepared("select pg_snapshot_xmin(pg_current_snapshot())::text")
_SINCE = Prepared(
    """
    select pg_snapshot_xmin(pg_current_snapshot())::text, position, subject
    from (values (1)) as always left join invalidations on transaction >= %s
    order by position limit %s
    """,
    "bigint",
    "bigint",
)


def since(tx: Session, token: str) -> Told:
    """Return what changed since `token` was given; nothing, and a token, if that is empty.

    One statement. Raises NoSuchToken.
    """
    if not token:
        ((given,),) = run(tx, _NOW)
        return Told((), given)
    if not (token.isascii() and token.isdecimal() and int(token) < 2**63):
        raise NoSuchToken()
    rows = run(tx, _SINCE, (int(token), MOST + 1))
    told = [row[1:] for row in rows if row[1] is not None]
    return Told(told if len(told) <= MOST else [(0, b"")], rows[0][0])


def message_of(told: Told) -> ListInvalidationsResponse:
    """Return what changed as a message."""
    return ListInvalidationsResponse(
        invalidations=[Invalidation(position=at, subject=what) for at, what in told.rows],
        next_page_token=told.token,
    )


def subject_of(name: str) -> bytes:
    """Return what stands for `name`: nobody who asks what changed is told names."""
    return hashlib.sha256(name.encode()).digest()[:LENGTH]


def validity_of(names: Collection[str], until: datetime | None = None) -> Validity:
    """Return that an answer about `names` holds while nothing of them changes, `until` then."""
    return Validity(
        subjects=[subject_of(name) for name in sorted(set(names))], expire_time=time_message(until)
    )


_FORGET = sa.text(
    "delete from invalidations where position in ("
    " select position from invalidations where told_at < :before order by position limit :most)"
    " returning position"
)


def forget(tx: Session, most: int) -> int:
    """Forget what nobody asks for any more, `most` of it; return how much."""
    return len(tx.execute(_FORGET, {"before": now() - KEPT, "most": most}).all())
