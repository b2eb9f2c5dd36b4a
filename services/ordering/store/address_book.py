"""The address books of enterprises."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.address_book import (
    MOST_ENTRIES,
    AddressBookEntry,
    AddressBookEntryNotFound,
    AddressBookFull,
    LabelTaken,
)
from services.ordering.domain.form import Address
from services.ordering.store.tables import Value, mapper
from shared.names import parse
from shared.storage import aggregate_columns

ENTRY = "enterprises/*/addressBookEntries/*"

address_book_entries = sa.Table(
    "address_book_entries",
    mapper.metadata,
    *aggregate_columns(),
    sa.Column("id", sa.Uuid, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("address", Value(Address), nullable=False),
    sa.Column("is_default", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint("enterprise", "id"),
    sa.UniqueConstraint("enterprise", "label", name="address_book_entries_label"),
)

mapper.map_imperatively(
    AddressBookEntry, address_book_entries, version_id_col=address_book_entries.c.version
)


class AddressBook:
    """All entries the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def get(self, name: str) -> AddressBookEntry:
        """Return the entry of that name; else AddressBookEntryNotFound."""
        enterprise, text = parse(ENTRY, name)
        key = {"enterprise": enterprise, "id": _uuid(text)}
        found = self._tx.get(AddressBookEntry, key) if key["id"] else None
        if found is None:
            raise AddressBookEntryNotFound(entry=name)
        return found

    def add(self, entry: AddressBookEntry) -> None:
        """Keep a new entry; AddressBookFull, LabelTaken."""
        self.make_way(entry.enterprise, label=entry.label, is_default=entry.is_default)
        kept = sa.select(sa.func.count()).where(_C.enterprise == entry.enterprise)
        if (self._tx.scalar(kept) or 0) >= MOST_ENTRIES:
            raise AddressBookFull(most=MOST_ENTRIES)
        self._tx.add(entry)

    def make_way(
        self, enterprise: str, *, label: str, is_default: bool, but: UUID | None = None
    ) -> None:
        """Make way for an entry that is or will be `but`; LabelTaken if another one has its label.

        If it is to be the default, no other one is from now on. Nobody else changes the book until
        the transaction ends, so that two people cannot both have the last word.
        """
        lock = sa.func.hashtextextended(_LOCK + enterprise, 0)
        self._tx.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
        others = (_C.enterprise == enterprise) & (_C.id != but if but else sa.true())
        taken = sa.select(_C.id).where(others, sa.func.lower(_C.label) == label.strip().lower())
        if self._tx.scalar(taken):
            raise LabelTaken(label=label.strip())
        if is_default:
            for other in self._tx.scalars(sa.select(AddressBookEntry).where(others, _C.is_default)):
                other.is_default = False

    def delete(self, entry: AddressBookEntry) -> None:
        """Forget an entry."""
        self._tx.delete(entry)


_C = address_book_entries.c
_LOCK = "address_book/"


def _uuid(text: str) -> Any:
    try:
        return UUID(text)
    except ValueError:
        return None
