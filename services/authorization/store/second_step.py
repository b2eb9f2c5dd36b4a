"""What is asked for after the password. All of it is used in the scope EVERYTHING only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.authorization.domain.session import hash_of
from services.authorization.domain.two_step import TwoStep, spelled
from services.authorization.store import tables
from shared.clock import now

CHALLENGE = timedelta(minutes=5)
"""So long after the password a code may be typed."""

TRIES = 5


class TwoSteps:
    """The devices of accounts, and the codes that replace one once each."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def of(self, account_id: UUID) -> TwoStep | None:
        """Return what an account's device knows, locked: no code is taken twice."""
        return self._tx.get(TwoStep, account_id, with_for_update=True)

    def add(self, two_step: TwoStep) -> None:
        self._tx.add(two_step)

    def end(self, account_id: UUID) -> None:
        """Forget an account's device and its recovery codes."""
        self._tx.flush()
        for table in (tables.recovery_codes, tables.two_steps):
            self._tx.execute(sa.delete(table).where(table.c.account_id == account_id))

    def give(self, account_id: UUID, codes: Iterable[str]) -> None:
        """Let these recovery codes count, and no earlier ones."""
        table = tables.recovery_codes
        self._tx.flush()
        self._tx.execute(sa.delete(table).where(table.c.account_id == account_id))
        rows = [{"account_id": account_id, "code_hash": hash_of(spelled(code))} for code in codes]
        self._tx.execute(sa.insert(table), rows)

    def use(self, account_id: UUID, code: str) -> bool:
        """Take a recovery code, once; whether it was one."""
        table = tables.recovery_codes
        used = sa.delete(table).where(
            table.c.account_id == account_id, table.c.code_hash == hash_of(spelled(code))
        )
        return bool(self._tx.scalars(used.returning(table.c.account_id)).all())


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """Somebody typed the right password."""

    account_id: UUID
    space: str


class Challenges:
    """Who still has to show a code."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, secret: str, account_id: UUID, space: str) -> None:
        """Let whoever holds `secret` show a code for an account."""
        row = {"secret_hash": hash_of(secret), "account_id": account_id, "space": space}
        self._tx.execute(sa.insert(tables.challenges).values(**row, made_at=now(), tries=0))

    def attempt(self, secret: str) -> Challenge | None:
        """Count one try for what `secret` was given for; None if it is over."""
        table = tables.challenges
        tried = (
            sa.update(table)
            .values(tries=table.c.tries + 1)
            .where(
                table.c.secret_hash == hash_of(secret),
                table.c.made_at > now() - CHALLENGE,
                table.c.tries < TRIES,
            )
        )
        row = self._tx.execute(tried.returning(table.c.account_id, table.c.space)).first()
        return None if row is None else Challenge(account_id=row.account_id, space=row.space)

    def end(self, secret: str) -> bool:
        """Forget it, as it was met; whether it was still there."""
        table = tables.challenges
        met = sa.delete(table).where(table.c.secret_hash == hash_of(secret))
        return bool(self._tx.scalars(met.returning(table.c.account_id)).all())

    def forget_old(self) -> int:
        """Forget those that are over; how many there were."""
        table = tables.challenges
        old = sa.delete(table).where(table.c.made_at <= now() - CHALLENGE)
        return len(self._tx.scalars(old.returning(table.c.account_id)).all())
