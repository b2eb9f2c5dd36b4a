"""What stays of sign-ins. All of it is used in the scope EVERYTHING only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.authorization.domain.errors import SessionNotFound
from services.authorization.domain.session import (
    SessionSecret,
    SignInSession,
    Standing,
    hash_of,
)
from services.authorization.store import tables
from services.authorization.store.names import id_from
from shared.clock import now
from shared.names import parse


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A secret somebody showed, the session it belongs to, and what that means."""

    session: SignInSession
    secret: SessionSecret
    standing: Standing


class Sessions:
    """All sessions there are."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def open(self, session: SignInSession, secret: str) -> None:
        """Keep a new session that `secret` opens."""
        self._tx.add(session)
        self._tx.flush()
        self._tx.add(SessionSecret.make(session, secret))

    def shown(self, secret: str) -> Shown | None:
        """Return what showing `secret` means; None if no session ever had it."""
        table, next_ = tables.session_secrets, tables.session_secrets.alias()
        unused_next = sa.exists().where(
            next_.c.before == table.c.secret_hash, next_.c.spent_at.is_(None)
        )
        found = self._tx.execute(
            sa.select(SignInSession, SessionSecret, unused_next)
            .join(SessionSecret, table.c.session_id == tables.sessions.c.id)
            .where(table.c.secret_hash == hash_of(secret))
            .execution_options(populate_existing=True)
        ).first()
        if found is None:
            return None
        session, held, unused = found
        return Shown(session=session, secret=held, standing=held.standing(unused_next=unused))

    def exchange(self, shown: Shown, secret: str) -> None:
        """Give the session its next secret; one that was given before and never came back ends."""
        table = tables.session_secrets
        lost = sa.and_(table.c.before == shown.secret.secret_hash, table.c.spent_at.is_(None))
        if shown.secret.spent_at is not None:
            long_ago = shown.secret.spent_at - timedelta(days=1)
            self._tx.execute(sa.update(table).where(lost).values(spent_at=long_ago))
        shown.secret.spent_at = now()
        self._tx.add(SessionSecret.make(shown.session, secret, before=shown.secret))

    def of(
        self, account_id: UUID, *, used_after: datetime, opened_after: datetime
    ) -> sa.Select[tuple[SignInSession]]:
        """Return the list of an account's sessions that are not over."""
        table = tables.sessions
        return sa.select(SignInSession).where(
            table.c.account_id == account_id,
            table.c.used_at > used_after,
            table.c.opened_at > opened_after,
        )

    def get(self, name: str, account_id: UUID) -> SignInSession:
        """Return a session of an account; SessionNotFound for anybody else's."""
        missing = SessionNotFound(session=name)
        account, text = parse(SignInSession.PATTERN, name)
        found = self._tx.get(SignInSession, id_from(text, missing))
        if found is None or found.account_id != account_id or account != str(account_id):
            raise missing
        return found

    def end(self, session: SignInSession) -> None:
        """Forget a session and every secret it had."""
        self._end(tables.sessions.c.id == session.id)

    def end_all(self, account_id: UUID, *, but: UUID | None = None) -> int:
        """Forget the sessions of an account, all or all but one; how many there were."""
        ended = tables.sessions.c.account_id == account_id
        return self._end(ended if but is None else sa.and_(ended, tables.sessions.c.id != but))

    def forget_over(self, *, used_before: datetime, opened_before: datetime) -> int:
        """Forget sessions that are over; how many there were."""
        table = tables.sessions
        return self._end(sa.or_(table.c.used_at <= used_before, table.c.opened_at <= opened_before))

    def _end(self, ended: sa.ColumnElement[bool]) -> int:
        self._tx.flush()
        gone = sa.delete(tables.sessions).where(ended).returning(tables.sessions.c.id)
        return len(self._tx.execute(gone, execution_options={"synchronize_session": False}).all())
