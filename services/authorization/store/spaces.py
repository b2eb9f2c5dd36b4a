"""Enterprises, their certifications and their people."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.authorization.domain.certification import Certification, State
from services.authorization.domain.enterprise import Enterprise
from services.authorization.domain.errors import (
    CertificationNotFound,
    EnterpriseNotFound,
    MembershipNotFound,
)
from services.authorization.domain.membership import Membership
from services.authorization.store import tables
from services.authorization.store.names import find
from shared.caller import Role
from shared.clock import now
from shared.names import parse
from shared.storage import Scope, see


@contextmanager
def seeing(tx: Session, scope: Scope) -> Iterator[None]:
    """Let `tx` see `scope` for a block, and then what it saw before."""
    before: Scope = tx.info["scope"]
    see(tx, scope)
    yield
    see(tx, before)


class Enterprises:
    """The enterprises the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, enterprise: Enterprise) -> None:
        self._tx.add(enterprise)

    def get(self, name: str) -> Enterprise:
        """Return the enterprise called `enterprises/…`; else EnterpriseNotFound."""
        found = self._tx.get(Enterprise, parse(Enterprise.PATTERN, name)[0])
        if found is None:
            raise EnterpriseNotFound(enterprise=name)
        return found

    def ending(self, before: datetime, limit: int = 100) -> Sequence[Enterprise]:
        """Return some whose certification ends before a moment, which was not told yet."""
        table = tables.enterprises
        untold = sa.case(
            (table.c.certified_until > now(), ~table.c.ending_told), else_=~table.c.ended_told
        )
        return self._tx.scalars(
            sa.select(Enterprise)
            .where(~table.c.ended_told, table.c.certified_until <= before, untold)
            .order_by(table.c.certified_until)
            .limit(limit)
            .with_for_update(of=table, skip_locked=True)
        ).all()

    def has(self, enterprise_id: str) -> bool:
        """Whether an id is taken."""
        return self._tx.get(Enterprise, enterprise_id) is not None


class Certifications:
    """The requests for certification the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, certification: Certification) -> None:
        self._tx.add(certification)

    def get(self, name: str) -> Certification:
        """Return the request with this name; else CertificationNotFound."""
        return find(self._tx, Certification, name, CertificationNotFound(certification=name))

    def is_pending(self, enterprise: Enterprise) -> bool:
        """Whether a request of `enterprise` waits for a certifier."""
        table = tables.certifications
        mine = table.c.enterprise == enterprise.enterprise
        pending = sa.select(table.c.id).where(mine, table.c.state == State.PENDING)
        return self._tx.scalar(pending) is not None


class Memberships:
    """The members of enterprises the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, membership: Membership) -> None:
        self._tx.add(membership)

    def get(self, name: str) -> Membership:
        """Return the membership with this name; else MembershipNotFound."""
        return find(self._tx, Membership, name, MembershipNotFound(membership=name))

    def remove(self, membership: Membership) -> None:
        """Forget a membership."""
        self._tx.delete(membership)

    def of(self, enterprise: str, account_id: UUID) -> Membership | None:
        """Return an account's place in an enterprise, `acme`, if it has one."""
        table = tables.memberships
        return self._tx.scalar(
            sa.select(Membership).where(
                table.c.enterprise == enterprise, table.c.account_id == account_id
            )
        )

    def others_administer(self, membership: Membership) -> bool:
        """Whether the enterprise has an administrator besides this member.

        Their rows are locked, so that two administrators cannot step back at the same time.
        """
        table = tables.memberships
        locked = self._tx.scalars(
            sa.select(table.c.id)
            .where(
                table.c.enterprise == membership.enterprise,
                tables.holds(table.c.roles, Role.ADMINISTRATOR),
            )
            .order_by(table.c.id)
            .with_for_update()
        )
        return any(id_ != membership.id for id_ in locked)
