"""Forgetting what nobody can ask about any more, a little at a time."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningDelete

from shared import invalidations
from shared.clock import now
from shared.service import Runtime
from shared.storage import EVERYTHING
from shared.tables import event_log, inbox, inbox_waiting, requests

REQUESTS_KEPT = timedelta(hours=48)
INBOX_KEPT = timedelta(days=120)
"""Longer than the event log, so that no replay is ever taken for news."""

EVENT_LOG_KEPT = timedelta(days=90)

AT_A_TIME = 5000


def prune(runtime: Runtime) -> int:
    """Forget old requests, events heard and told, invalidations; how much, to be called again."""
    present = now()
    with runtime.database.transaction(EVERYTHING) as tx:
        told = invalidations.forget(tx, AT_A_TIME) if runtime.service.remembered else 0
        return told + sum(
            len(tx.execute(forget).all())
            for forget in (
                _forget_requests(present - REQUESTS_KEPT),
                _forget_heard(present - INBOX_KEPT),
                _forget_told(present - EVENT_LOG_KEPT),
            )
        )


def _forget_requests(before: datetime) -> ReturningDelete[tuple[str]]:
    key = sa.tuple_(requests.c.caller, requests.c.request_id)
    old = sa.select(*key.clauses).where(requests.c.created_at < before).limit(AT_A_TIME)
    return sa.delete(requests).where(key.in_(old)).returning(requests.c.request_id)


def _forget_heard(before: datetime) -> ReturningDelete[tuple[str]]:
    """Forget all but what still waits: that has to be known for as long as it does."""
    waits = sa.exists().where(inbox_waiting.c.event_id == inbox.c.event_id)
    old = sa.select(inbox.c.event_id).where(inbox.c.received_at < before, ~waits).limit(AT_A_TIME)
    return sa.delete(inbox).where(inbox.c.event_id.in_(old)).returning(inbox.c.event_id)


def _forget_told(before: datetime) -> ReturningDelete[tuple[int]]:
    """Forget from the beginning: the oldest have the lowest positions, so no index is needed."""
    oldest = sa.select(event_log.c.position, event_log.c.published_at)
    first = oldest.order_by(event_log.c.position).limit(AT_A_TIME).subquery()
    old = sa.select(first.c.position).where(first.c.published_at < before)
    return sa.delete(event_log).where(event_log.c.position.in_(old)).returning(event_log.c.position)
