"""What was ordered, frozen and signed: rows are added, never changed (R14, I2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.errors import RevisionNotFound
from services.ordering.domain.purchase_order import Snapshot
from services.ordering.passport_keys import signer
from services.ordering.settings import ours
from services.ordering.store.tables import order_snapshots
from shared.prepared import Prepared
from shared.sql import later


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """A revision of an order as it is kept."""

    enterprise: str
    order_id: UUID
    revision: int
    digest: str
    content: bytes
    signature: str
    key_id: str
    reason: str
    frozen_by: str
    """Who submitted it or asked for the change; empty if that was not kept yet."""

    frozen_at: datetime


def freeze(tx: Session, snapshot: Snapshot) -> None:
    """Sign a snapshot and keep it: one statement, and no other is needed for it."""
    signing = signer(ours(tx).passport_keys)
    row = (
        snapshot.enterprise,
        snapshot.order_id,
        snapshot.revision,
        snapshot.digest,
        snapshot.content,
        signing.sign(snapshot.content),
        signing.key_id,
        snapshot.reason,
        snapshot.by,
    )
    later(tx, _FREEZE, row)


def frozen(tx: Session, key: tuple[str, UUID], revision: int | None, *, order: str) -> Frozen:
    """Return one revision, the latest for None; else RevisionNotFound."""
    asked = _of(key).order_by(order_snapshots.c.revision.desc()).limit(1)
    if revision is not None:
        asked = asked.where(order_snapshots.c.revision == revision)
    for row in tx.execute(asked):
        return Frozen(**row._mapping)
    raise RevisionNotFound(order=order, revision="" if revision is None else revision)


def all_frozen(tx: Session, key: tuple[str, UUID]) -> Sequence[Frozen]:
    """Return every revision of an order, the first one first."""
    rows = tx.execute(_of(key).order_by(order_snapshots.c.revision))
    return [Frozen(**row._mapping) for row in rows]


def frozen_as(tx: Session, digest: str) -> tuple[Frozen, bool] | None:
    """Return what has this digest, and whether it is the latest of its order; else None."""
    for row in tx.execute(sa.select(order_snapshots).where(order_snapshots.c.digest == digest)):
        found = Frozen(**row._mapping)
        latest = frozen(tx, (found.enterprise, found.order_id), None, order="")
        return found, latest.revision == found.revision
    return None


def _of(key: tuple[str, UUID]) -> "sa.Select[tuple[object, ...]]":
    enterprise, order_id = key
    return (
        sa.select(order_snapshots)
        .where(order_snapshots.c.enterprise == enterprise)
        .where(order_snapshots.c.order_id == order_id)
    )


_FREEZE = Prepared(
    """
    insert into order_snapshots
    (enterprise, order_id, revision, digest, content, signature, key_id, reason,
        frozen_by, frozen_at)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s, now())
    """,
    *("text", "uuid", "int", "text", "bytea", "text", "text", "text", "text"),
)
