"""Who of the vendor's people does whose work. All of it is used in the scope EVERYTHING only."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.authorization.domain.deputyship import Deputyship
from services.authorization.domain.errors import DeputyshipNotFound
from services.authorization.store import tables
from services.authorization.store.names import id_from
from shared.clock import now
from shared.names import parse

_TABLE = tables.deputyships


class Deputyships:
    """All deputyships there are."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, deputyship: Deputyship) -> None:
        self._tx.add(deputyship)

    def get(self, name: str) -> Deputyship:
        """Return the deputyship with this name; else DeputyshipNotFound."""
        missing = DeputyshipNotFound(deputyship=name)
        _, id_ = parse(Deputyship.PATTERN, name)
        found = self._tx.get(Deputyship, id_from(id_, missing))
        if found is None or found.name != name:
            raise missing
        return found

    def overlaps(self, absent_id: UUID, begins_at: datetime, ends_at: datetime) -> bool:
        """Whether somebody has a deputy already at any time between two moments.

        Whoever asks waits for others who ask about the same account.
        """
        key = sa.func.hashtextextended(f"deputies of {absent_id}", 0)
        self._tx.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
        mine = sa.select(_TABLE.c.id).where(_TABLE.c.absent_id == absent_id)
        within = mine.where(_TABLE.c.begins_at < ends_at, _TABLE.c.ends_at > begins_at)
        return self._tx.scalar(within.limit(1)) is not None

    def absent_for(self, deputy_id: UUID) -> frozenset[str]:
        """Return whose work an account does now, besides its own: `accounts/…`."""
        at = now()
        absent = sa.select(_TABLE.c.absent_id).where(
            _TABLE.c.deputy_id == deputy_id, _TABLE.c.begins_at <= at, _TABLE.c.ends_at > at
        )
        return frozenset(f"accounts/{id_}" for id_ in self._tx.scalars(absent))

    def turning(self, limit: int = 100) -> Sequence[Deputyship]:
        """Return some that began or are over, and of which that was not told; locked."""
        at = now()
        turned = sa.or_(
            sa.and_(~_TABLE.c.begun_told, _TABLE.c.begins_at <= at), _TABLE.c.ends_at <= at
        )
        return self._tx.scalars(
            sa.select(Deputyship)
            .where(~_TABLE.c.ended_told, turned)
            .order_by(_TABLE.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
