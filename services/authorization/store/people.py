"""Accounts, and what signing in needs. All of it is used in the scope EVERYTHING only."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.authorization.domain.account import Account
from services.authorization.domain.errors import AccountNotFound, NobodyRegistered
from services.authorization.domain.session import hash_of
from services.authorization.store import tables
from services.authorization.store.names import account_id
from shared.caller import Role
from shared.clock import now


class Accounts:
    """All accounts there are."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, account: Account) -> None:
        self._tx.add(account)

    def get(self, name: str) -> Account:
        """Return the account called `accounts/…`; else AccountNotFound."""
        return self.by_id(account_id(name))

    def by_id(self, id_: UUID) -> Account:
        """Return the account with this id; else AccountNotFound."""
        account = self._tx.get(Account, id_)
        if account is None:
            raise AccountNotFound(account=f"accounts/{id_}")
        return account

    def with_email(self, email: str) -> Account | None:
        """Return who registered with an address, in the spelling it is kept in."""
        return self._tx.scalar(sa.select(Account).where(tables.accounts.c.email == email))

    def registered(self, email: str) -> Account:
        """Return who registered with an address; else NobodyRegistered."""
        account = self.with_email(email)
        if account is None:
            raise NobodyRegistered(email=email)
        return account

    def freest(self, role: Role) -> Account | None:
        """Return who of the vendor's people in `role` has the fewest customers, if anybody is."""
        customers = sa.select(sa.func.count()).where(_MANAGES[role] == tables.accounts.c.id)
        return self._tx.scalar(
            sa.select(Account)
            .where(tables.holds(tables.accounts.c.staff_roles, role))
            .order_by(customers.scalar_subquery(), tables.accounts.c.id)
            .limit(1)
        )


_MANAGES = {
    Role.BUSINESS_MANAGER: tables.enterprises.c.business_manager_id,
    Role.PROJECT_MANAGER: tables.enterprises.c.project_manager_id,
}


class Credentials:
    """What people prove themselves with."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def set(self, account_id: UUID, password_hash: str) -> None:
        """From now on this is the account's password."""
        fresh = {"password_hash": password_hash, "set_at": now()}
        self._tx.flush()
        self._tx.execute(
            insert(tables.credentials)
            .values(account_id=account_id, **fresh)
            .on_conflict_do_update(index_elements=["account_id"], set_=fresh)
        )

    def forget(self, account_id: UUID) -> None:
        """The account has no password any more."""
        table = tables.credentials
        self._tx.execute(sa.delete(table).where(table.c.account_id == account_id))

    def of(self, email: str) -> tuple[UUID, str] | None:
        """Return the id and the password hash of the account with an address."""
        found = self._tx.execute(
            sa.select(tables.accounts.c.id, tables.credentials.c.password_hash)
            .join(tables.credentials, tables.credentials.c.account_id == tables.accounts.c.id)
            .where(tables.accounts.c.email == email)
        ).first()
        return None if found is None else (found.id, found.password_hash)


class Failures:
    """How often signing in failed lately, per address typed, whether there is such an account.

    A network and a partner system are counted like an address, under words that are none.
    """

    def __init__(self, tx: Session, window: timedelta) -> None:
        self._tx, self._since = tx, now() - window

    def of(self, email: str) -> int:
        """Return how often signing in with `email` failed within the window."""
        table = tables.sign_in_failures
        lately = sa.and_(table.c.address_hash == hash_of(email), table.c.since > self._since)
        return self._tx.scalar(sa.select(table.c.failures).where(lately)) or 0

    def add(self, email: str) -> None:
        """Signing in with `email` failed; the window begins with the first failure in it."""
        table = tables.sign_in_failures
        lately = table.c.since > self._since
        self._tx.execute(
            insert(table)
            .values(address_hash=hash_of(email), failures=1, since=now())
            .on_conflict_do_update(
                index_elements=["address_hash"],
                set_={
                    "failures": sa.case((lately, table.c.failures + 1), else_=1),
                    "since": sa.case((lately, table.c.since), else_=now()),
                },
            )
        )

    def forgive(self, email: str) -> None:
        """Signing in with `email` succeeded."""
        table = tables.sign_in_failures
        self._tx.execute(sa.delete(table).where(table.c.address_hash == hash_of(email)))

    def forget_old(self) -> int:
        """Forget what lies before the window; how many addresses there were."""
        table = tables.sign_in_failures
        old = sa.delete(table).where(table.c.since <= self._since).returning(table.c.address_hash)
        return len(self._tx.scalars(old).all())
