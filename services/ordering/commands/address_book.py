"""Keeping addresses to have things delivered to again."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from services.ordering.domain.address_book import AddressBookEntry
from services.ordering.domain.book import NothingOfTheEntry
from services.ordering.domain.errors import NotYourSpace
from services.ordering.domain.form import Address
from services.ordering.store import AddressBook
from shared.caller import Caller
from shared.names import parse

CHANGEABLE = ("label", "address", "default")


def create_address_book_entry(
    tx: Session, *, parent: str, caller: Caller, label: str, address: Address, is_default: bool
) -> AddressBookEntry:
    """Keep an address in the caller's own space; AddressBookFull, LabelTaken."""
    (enterprise,) = parse("enterprises/*", parent)
    if enterprise != caller.enterprise:
        raise NotYourSpace(enterprise=enterprise)
    entry = AddressBookEntry.keep(
        enterprise=enterprise, label=label, address=address, is_default=is_default
    )
    AddressBook(tx).add(entry)
    return entry


def update_address_book_entry(
    tx: Session,
    *,
    name: str,
    etag: str,
    fields: Collection[str],
    label: str,
    address: Address,
    is_default: bool,
) -> AddressBookEntry:
    """Set what `fields` name, all of it if they name nothing; LabelTaken, NothingOfTheEntry."""
    if not set(fields) <= set(CHANGEABLE):
        raise NothingOfTheEntry(changeable=", ".join(CHANGEABLE))
    entry = AddressBook(tx).get(name)
    entry.insist_unchanged(etag)
    named = set(fields or CHANGEABLE)
    label = label if "label" in named else entry.label
    default = is_default if "default" in named else entry.is_default
    AddressBook(tx).make_way(entry.enterprise, label=label, is_default=default, but=entry.id)
    address = address if "address" in named else entry.address
    entry.change(label=label, address=address, is_default=default)
    return entry


def delete_address_book_entry(tx: Session, *, name: str, etag: str) -> None:
    """Forget an address; orders keep what they were placed with."""
    entry = AddressBook(tx).get(name)
    entry.insist_unchanged(etag)
    AddressBook(tx).delete(entry)
