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
from shared.encryption import EncryptionKeys, encryption_keys
from shared.storage import settings_of

CHALLENGE = timedelta(minutes=5)
"""So long after the password a code may be typed."""

TRIES = 5


class TwoSteps:
    """The devices of accounts, and the codes that replace one once each."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def of(self, account_id: UUID) -> TwoStep | None:
        """Return what an account's device knows, locked: no code is taken twice."""
        found = self._tx.get(TwoStep, account_id, with_for_update=True)
        if found:
            found.secret = self._opened(found)
        return found

    def keep(self, two_step: TwoStep) -> None:
        """Keep what a device knows, its secret encrypted; NoEncryptionKey."""
        keys = self._keys()
        two_step.sealed = keys.encrypt(two_step.secret, of=_owner(two_step))
        two_step.sealed_by = keys.id
        self._tx.add(two_step)

    def seal_anew(self, limit: int = 100) -> int:
        """Encrypt some secrets that are not, or with an earlier key, with that of now; how many."""
        table = tables.two_steps
        others = sa.select(TwoStep).where(table.c.sealed_by != self._keys().id).limit(limit)
        found = self._tx.scalars(others.with_for_update(skip_locked=True)).all()
        for two_step in found:
            two_step.secret = self._opened(two_step)
            self.keep(two_step)
        return len(found)

    def _opened(self, kept: TwoStep) -> str:
        if not kept.sealed_by:
            return kept.sealed
        return self._keys().decrypt(kept.sealed, of=_owner(kept))

    def _keys(self) -> EncryptionKeys:
        return encryption_keys(settings_of(self._tx).keys)

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


def _owner(two_step: TwoStep) -> str:
    return f"accounts/{two_step.account_id}"


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
