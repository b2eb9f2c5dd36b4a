"""The address books of enterprises."""

import sqlalchemy as sa

from services.ordering.domain.address_book import (
    AddressBookEntry,
    AddressBookEntryNotFound,
    AddressBookFull,
)
from services.ordering.domain.form import Address
from services.ordering.store.book import Book, book
from services.ordering.store.tables import Value, mapper

address_book_entries = book(
    "address_book_entries", sa.Column("address", Value(Address), nullable=False)
)

mapper.map_imperatively(
    AddressBookEntry, address_book_entries, version_id_col=address_book_entries.c.version
)


class AddressBook(Book[AddressBookEntry]):
    """All entries the transaction may see."""

    entry = AddressBookEntry
    table = address_book_entries
    missing = AddressBookEntryNotFound
    full = AddressBookFull
