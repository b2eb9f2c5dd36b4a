"""Codes sent to addresses. All of it is used in the scope EVERYTHING only."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.authorization.domain.one_time import GOOD_FOR, WINDOW, OneTimeCode, Purpose
from services.authorization.store import tables
from shared.clock import now

LEASE = timedelta(seconds=30)
"""So long one is being sent before somebody else tries."""


class Codes:
    """One a purpose and address, locked when it is got."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def of(self, email: str, purpose: Purpose) -> OneTimeCode:
        """Return what was asked for with an address; one that was never asked for is made."""
        first = OneTimeCode.first(email, purpose)
        columns = {c.name: getattr(first, c.name) for c in tables.one_time_codes.columns}
        self._tx.execute(insert(tables.one_time_codes).values(columns).on_conflict_do_nothing())
        return self._tx.get_one(OneTimeCode, (email, purpose), with_for_update=True)

    def known(self, email: str, purpose: Purpose) -> OneTimeCode | None:
        """Return what was asked for with an address, if anything was."""
        return self._tx.get(OneTimeCode, (email, purpose), with_for_update=True)

    def due(self) -> OneTimeCode | None:
        """Return one that has to be sent, and let nobody else send it for a while."""
        table = tables.one_time_codes
        found = self._tx.scalar(
            sa.select(OneTimeCode)
            .where(table.c.due_at <= now())
            .order_by(table.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if found:
            found.due_at = now() + LEASE
        return found

    def forget_old(self) -> int:
        """Forget those that can be used no more and count no more; how many there were."""
        table = tables.one_time_codes
        old = sa.delete(table).where(
            table.c.since <= now() - WINDOW, table.c.made_at <= now() - GOOD_FOR
        )
        return len(self._tx.scalars(old.returning(table.c.email)).all())
