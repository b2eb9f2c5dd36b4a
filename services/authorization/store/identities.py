"""Sign-ins at a provider. All of it is used in the scope EVERYTHING only."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.authorization.domain.identity import Identity
from services.authorization.domain.session import hash_of
from services.authorization.store import tables
from shared.clock import now

GOOD_FOR = timedelta(minutes=10)
"""So long somebody may take to sign in at the provider."""


class Identities:
    """Which account is whose, by what never changes at the provider."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def account_of(self, identity: Identity) -> UUID | None:
        """Return the id of the account an identity was linked to, if it was."""
        table = tables.identities
        found: UUID | None = self._tx.scalar(
            sa.select(table.c.account_id).where(
                table.c.issuer == identity.issuer, table.c.subject == identity.subject
            )
        )
        return found

    def has(self, account_id: UUID, issuer: str) -> bool:
        """Whether an account is linked to somebody at a provider."""
        table = tables.identities
        mine = sa.and_(table.c.account_id == account_id, table.c.issuer == issuer)
        return bool(self._tx.scalar(sa.select(sa.exists().where(mine))))

    def link(self, identity: Identity, account_id: UUID) -> None:
        """From now on this identity signs in to this account."""
        self._tx.flush()
        row = {"issuer": identity.issuer, "subject": identity.subject, "account_id": account_id}
        self._tx.execute(sa.insert(tables.identities).values(**row, linked_at=now()))


class Questions:
    """Sign-ins at the provider that began and did not end yet."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, *, state: str, nonce: str, verifier: str, redirect_uri: str) -> None:
        """Remember what a sign-in began with."""
        row = {"nonce": nonce, "verifier": verifier, "redirect_uri": redirect_uri}
        values = {"state_hash": hash_of(state), "asked_at": now(), **row}
        self._tx.execute(sa.insert(tables.provider_questions).values(values))

    def take(self, state: str) -> sa.Row[Any] | None:
        """Return what a sign-in began with, once; None if it is over."""
        table = tables.provider_questions
        taken = sa.delete(table).where(
            table.c.state_hash == hash_of(state), table.c.asked_at > now() - GOOD_FOR
        )
        columns = (table.c.nonce, table.c.verifier, table.c.redirect_uri)
        return self._tx.execute(taken.returning(*columns)).first()

    def forget_old(self) -> int:
        """Forget those that are over; how many there were."""
        table = tables.provider_questions
        old = sa.delete(table).where(table.c.asked_at <= now() - GOOD_FOR)
        return len(self._tx.scalars(old.returning(table.c.state_hash)).all())
