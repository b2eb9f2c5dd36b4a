"""The books of enterprises: entries by name, each label once, at most one default."""

from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.book import MOST_ENTRIES, Entry, LabelTaken
from services.ordering.store.tables import mapper
from shared.errors import Refusal
from shared.names import parse
from shared.storage import aggregate_columns

EntryT = TypeVar("EntryT", bound=Entry)


def book(name: str, *columns: sa.Column[Any]) -> sa.Table:
    """Return the table of a book; `columns` are what its entries say."""
    return sa.Table(
        name,
        mapper.metadata,
        *aggregate_columns(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        *columns,
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "id"),
        sa.UniqueConstraint("enterprise", "label", name=f"{name}_label"),
    )


class Book(Generic[EntryT]):
    """All entries of a book that the transaction may see."""

    entry: ClassVar[type[Entry]]
    table: ClassVar[sa.Table]
    missing: ClassVar[type[Refusal]]
    full: ClassVar[type[Refusal]]

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def get(self, name: str) -> EntryT:
        """Return the entry of that name; else refuse with what is `missing`."""
        enterprise, text = parse(f"enterprises/*/{self.entry.COLLECTION}/*", name)
        key = {"enterprise": enterprise, "id": _uuid(text)}
        found: Any = self._tx.get(self.entry, key) if key["id"] else None
        if found is None:
            raise self.missing(entry=name)
        entry: EntryT = found
        return entry

    def add(self, entry: EntryT) -> None:
        """Keep a new entry; LabelTaken, and refuses with `full` when there is no room."""
        self.make_way(entry.enterprise, label=entry.label, is_default=entry.is_default)
        kept = sa.select(sa.func.count()).where(self.table.c.enterprise == entry.enterprise)
        if (self._tx.scalar(kept) or 0) >= MOST_ENTRIES:
            raise self.full(most=MOST_ENTRIES)
        self._tx.add(entry)

    def make_way(
        self, enterprise: str, *, label: str, is_default: bool, but: UUID | None = None
    ) -> None:
        """Make way for an entry that is or will be `but`; LabelTaken if another one has its label.

        If it is to be the default, no other one is from now on. Nobody else changes the book until
        the transaction ends, so that two people cannot both have the last word.
        """
        c = self.table.c
        lock = sa.func.hashtextextended(f"{self.table.name}/{enterprise}", 0)
        self._tx.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
        others = (c.enterprise == enterprise) & (c.id != but if but else sa.true())
        taken = sa.select(c.id).where(others, sa.func.lower(c.label) == label.strip().lower())
        if self._tx.scalar(taken):
            raise LabelTaken(label=label.strip())
        if is_default:
            for other in self._tx.scalars(sa.select(self.entry).where(others, c.is_default)):
                other.is_default = False

    def delete(self, entry: EntryT) -> None:
        """Forget an entry."""
        self._tx.delete(entry)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
