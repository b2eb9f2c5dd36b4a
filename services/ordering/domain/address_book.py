"""The address book of an enterprise: where it has things delivered to, kept to be chosen again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.ordering.domain.form import NEEDED_FOR_DELIVERY, Address, gaps_in, insist_country
from shared.clock import now
from shared.domain import Aggregate
from shared.errors import Disallowed, Malformed, NotFound, Outdated
from shared.ids import new_id

MOST_ENTRIES = 200
"""As many as one page has: a form that offers a choice shows all of them."""

LONGEST_LABEL = 80


class AddressBookEntryNotFound(NotFound):
    """There is no entry {entry} in the address book."""

    fix = "Take the name of the entry from the list of the address book."


class AddressBookEntryChanged(Outdated):
    """Entry {label} of the address book changed since you read it."""


class AddressBookFull(Disallowed):
    """The address book has {most} entries already, and room for no more."""

    fix = "Delete one that is not used any more."


class LabelTaken(Disallowed):
    """The address book has an entry {label} already."""

    fix = "Choose another label, or change that entry."

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, field="label")


class NothingOfTheEntry(Malformed):
    """The request names something an entry of the address book does not have, or keeps."""

    fix = "Name these in update_mask, and nothing else: {changeable}."


class BadLabel(Malformed):
    """A label has 1 to {most} characters."""

    fix = "Send a short name by which people know the address, such as Warehouse Hangzhou."

    def __init__(self) -> None:
        super().__init__(most=LONGEST_LABEL, field="label")


class AddressIncomplete(Malformed):
    """The address is not complete; not filled in: {fields}."""

    fix = "Fill in {fields} and send it again."


class AddressBookEntry(Aggregate):
    """An address under a label; nobody but the enterprise's own people sees it."""

    id: UUID
    label: str
    address: Address
    is_default: bool
    """Whether it stands in the form of a new order."""

    created_at: datetime
    updated_at: datetime

    @classmethod
    def keep(
        cls, *, enterprise: str, label: str, address: Address, is_default: bool
    ) -> AddressBookEntry:
        """Return a new entry; BadLabel, AddressIncomplete, NotACountry."""
        entry = cls()
        entry.id, entry.enterprise, entry.sequence = new_id(), enterprise, 0
        entry.created_at = now()
        entry.change(label=label, address=address, is_default=is_default)
        return entry

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/addressBookEntries/{self.id}"

    def insist_unchanged(self, etag: str) -> None:
        """Refuse with AddressBookEntryChanged if the caller saw another version."""
        if etag and etag != self.etag:
            raise AddressBookEntryChanged(label=self.label)

    def change(self, *, label: str, address: Address, is_default: bool) -> None:
        """Make it say something else; BadLabel, AddressIncomplete, NotACountry."""
        if not 1 <= len(label := label.strip()) <= LONGEST_LABEL:
            raise BadLabel
        if gaps := gaps_in(address, NEEDED_FOR_DELIVERY, "address."):
            raise AddressIncomplete(fields=", ".join(gaps))
        insist_country(address.country_code)
        self.label, self.address, self.is_default = label, address, is_default
        self.updated_at = now()
