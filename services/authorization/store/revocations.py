"""Whose access tokens ended before their time, counted so that no clock decides about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.authorization.store import tables
from shared.clock import now
from shared.prepared import Prepared
from shared.sql import named
from shared.tokens import LEEWAY, LIFETIME

MATTERS = timedelta(seconds=LIFETIME + 2 * LEEWAY)
"""So long after a revocation a token from before it could still be believed."""

# Every process asks for these twice a second.
_AFTER = Prepared(
    """
    select position, subject, space, revoked_at from revocations
    where revoked_at > %s order by position
    """,
    "timestamptz",
)
_COUNTED = sa.text("select last_value - (not is_called)::int from revocations_position_seq")


class Revocations:
    """What `shared.revocations` follows from every process."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, subject: str, space: str) -> None:
        """End the tokens `subject` has for `space`, or for every space if that is empty.

        Whoever is about to be given a token holds the same lock: either this waits until that
        token is made and then counts one more than it says, or it is made of what is true after.
        """
        self.hold(subject)
        row = {"subject": subject, "space": space, "revoked_at": now()}
        self._tx.execute(sa.insert(tables.revocations).values(row).inline())

    def hold(self, subject: str) -> None:
        """Let nobody else give `subject` a token, or end one, until this transaction is over."""
        key = sa.func.hashtextextended(subject, 0)
        self._tx.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))

    def counted(self) -> int:
        """Return how many there were: what a token made now has to say. Only while holding."""
        return self._tx.scalar(_COUNTED) or 0

    def after(self, at: datetime | None) -> Sequence[Any]:
        """Return those made after `at` that still matter, the oldest first."""
        since = max(filter(None, [at, now() - MATTERS]))
        return named(self._tx, _AFTER, (since,))

    def forget_old(self) -> int:
        """Forget those that matter no more; how many there were."""
        table = tables.revocations
        old = sa.delete(table).where(table.c.revoked_at <= now() - MATTERS)
        return len(self._tx.scalars(old.returning(table.c.position)).all())
