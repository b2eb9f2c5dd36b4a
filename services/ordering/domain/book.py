"""What the books of an enterprise have alike: labelled entries, kept to be chosen again.

There are two, of addresses and of invoice titles; one entry of each may be the default.
"""

from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from shared.clock import now
from shared.domain import Aggregate
from shared.errors import Disallowed, Malformed
from shared.ids import new_id

MOST_ENTRIES = 200
"""As many as one page has: a form that offers a choice shows all of them."""

LONGEST_LABEL = 80


class LabelTaken(Disallowed):
    """There is an entry {label} already."""

    fix = "Choose another label, or change that entry."

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, field="label")


class NothingOfTheEntry(Malformed):
    """The request names something such an entry does not have, or keeps."""

    fix = "Name these in update_mask, and nothing else: {changeable}."


class BadLabel(Malformed):
    """A label has 1 to {most} characters."""

    fix = "Send a short name by which people know the entry, such as Warehouse Hangzhou."

    def __init__(self) -> None:
        super().__init__(most=LONGEST_LABEL, field="label")


class Entry(Aggregate):
    """Something under a label; nobody but the enterprise's own people sees it."""

    COLLECTION: ClassVar[str]
    """What entries of its kind are called in names: `addressBookEntries`."""

    id: UUID
    label: str
    is_default: bool
    """Whether it stands in the form of a new order."""

    created_at: datetime
    updated_at: datetime

    @classmethod
    def blank(cls, enterprise: str) -> Self:
        """Return a new entry that says nothing yet."""
        entry = cls()
        entry.id, entry.enterprise, entry.sequence = new_id(), enterprise, 0
        entry.created_at = now()
        return entry

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/{self.COLLECTION}/{self.id}"

    def call(self, label: str, *, is_default: bool) -> None:
        """Give it a label, and say whether it is the default; BadLabel."""
        if not 1 <= len(label := label.strip()) <= LONGEST_LABEL:
            raise BadLabel
        self.label, self.is_default = label, is_default
        self.updated_at = now()
