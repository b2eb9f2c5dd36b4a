"""The address book of an enterprise: where it has things delivered to, kept to be chosen again."""

from __future__ import annotations

from services.ordering.domain.book import Entry
from services.ordering.domain.form import (
    NEEDED_FOR_DELIVERY,
    Address,
    gaps_in,
    insist_country,
    insist_short,
)
from shared.errors import Disallowed, Malformed, NotFound, Outdated


class AddressBookEntryNotFound(NotFound):
    """There is no entry {entry} in the address book."""

    fix = "Take the name of the entry from the list of the address book."


class AddressBookEntryChanged(Outdated):
    """Entry {label} of the address book changed since you read it."""


class AddressBookFull(Disallowed):
    """The address book has {most} entries already, and room for no more."""

    fix = "Delete one that is not used any more."


class AddressIncomplete(Malformed):
    """The address is not complete; not filled in: {fields}."""

    fix = "Fill in {fields} and send it again."


class AddressBookEntry(Entry):
    """An address under a label."""

    COLLECTION = "addressBookEntries"

    address: Address

    @classmethod
    def keep(
        cls, *, enterprise: str, label: str, address: Address, is_default: bool
    ) -> AddressBookEntry:
        """Return a new entry; BadLabel, AddressIncomplete, NotACountry."""
        entry = cls.blank(enterprise)
        entry.change(label=label, address=address, is_default=is_default)
        return entry

    def insist_unchanged(self, etag: str) -> None:
        """Refuse with AddressBookEntryChanged if the caller saw another version."""
        if etag and etag != self.etag:
            raise AddressBookEntryChanged(label=self.label)

    def change(self, *, label: str, address: Address, is_default: bool) -> None:
        """Make it say something else; BadLabel, AddressIncomplete, NotACountry."""
        self.call(label, is_default=is_default)
        if gaps := gaps_in(address, NEEDED_FOR_DELIVERY, "address."):
            raise AddressIncomplete(fields=", ".join(gaps))
        insist_short(address, "address.")
        insist_country(address.country_code)
        self.address = address
