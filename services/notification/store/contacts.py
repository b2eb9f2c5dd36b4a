"""How people are reached, and who has which role."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notification.domain.contact import Contact
from services.notification.store.tables import contacts, members


class Contacts:
    """Everybody heard of; needs a transaction that sees everything."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def enter(self, contact: Contact) -> None:
        """Know from now on how to reach somebody."""
        known = vars(contact)
        self._tx.execute(
            insert(contacts)
            .values(known)
            .on_conflict_do_update(index_elements=["account"], set_=known)
        )

    def enter_member(self, *, enterprise: str, account: str, roles: Sequence[str]) -> None:
        """Know from now on what somebody may do in an enterprise."""
        self._tx.execute(
            insert(members)
            .values(enterprise=enterprise, account=account, roles=roles)
            .on_conflict_do_update(index_elements=["enterprise", "account"], set_={"roles": roles})
        )

    def forget_member(self, *, enterprise: str, account: str) -> None:
        """Somebody may do nothing in an enterprise any more."""
        theirs = (members.c.enterprise == enterprise) & (members.c.account == account)
        self._tx.execute(sa.delete(members).where(theirs))

    def of(self, accounts: Collection[str]) -> list[Contact]:
        """Return those of `accounts` that can be reached."""
        rows = self._tx.execute(sa.select(contacts).where(contacts.c.account.in_(accounts)))
        return [Contact(**row._mapping) for row in rows]

    def staff(self, role: str) -> list[str]:
        """Return the accounts of the vendor's people with `role`."""
        mine = contacts.c.staff_roles.contains([role])
        return list(self._tx.scalars(sa.select(contacts.c.account).where(mine)))

    def administrators(self, enterprise: str) -> list[str]:
        """Return the accounts that run an enterprise's space."""
        theirs = members.c.enterprise == enterprise
        administers = members.c.roles.contains(["ADMINISTRATOR"])
        return list(self._tx.scalars(sa.select(members.c.account).where(theirs, administers)))
