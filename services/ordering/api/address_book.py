"""The address book over gRPC."""

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering.api.roles import ORDERERS
from services.ordering.commands import address_book as commands
from services.ordering.domain.address_book import AddressBookEntry
from services.ordering.queries.address_book import list_address_book_entries
from services.ordering.store import AddressBook
from services.ordering.wire.address_book import (
    entries_message,
    entry_from,
    entry_message,
    nothing,
)
from shared.caller import CUSTOMER_ROLES, Caller, Role
from shared.paging import Page
from shared.rpc import Servicer, command, query

KEEPERS = ORDERERS | {Role.ADMINISTRATOR}

UNSAID = frozenset({"name", "etag"})
"""What an entry is known by: REST counts it among what was sent."""


class AddressBookRpcs(Servicer):
    """Addresses an enterprise keeps."""

    @command(answer=entry_message, allow=KEEPERS)
    def CreateAddressBookEntry(
        self, request: rpc.CreateAddressBookEntryRequest, tx: Session, caller: Caller
    ) -> AddressBookEntry:
        said = entry_from(request.address_book_entry)
        return commands.create_address_book_entry(tx, parent=request.parent, caller=caller, **said)

    @query(answer=entry_message, allow=CUSTOMER_ROLES)
    def GetAddressBookEntry(
        self, request: rpc.GetAddressBookEntryRequest, tx: Session, caller: Caller
    ) -> AddressBookEntry:
        return AddressBook(tx).get(request.name)

    @query(answer=entries_message, allow=CUSTOMER_ROLES)
    def ListAddressBookEntries(
        self, request: rpc.ListAddressBookEntriesRequest, tx: Session, caller: Caller
    ) -> Page[AddressBookEntry]:
        return list_address_book_entries(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=entry_message, allow=KEEPERS)
    def UpdateAddressBookEntry(
        self, request: rpc.UpdateAddressBookEntryRequest, tx: Session, caller: Caller
    ) -> AddressBookEntry:
        entry = request.address_book_entry
        return commands.update_address_book_entry(
            tx,
            name=entry.name,
            etag=entry.etag,
            fields=set(request.update_mask.paths) - UNSAID,
            **entry_from(entry),
        )

    @command(answer=nothing, allow=KEEPERS)
    def DeleteAddressBookEntry(
        self, request: rpc.DeleteAddressBookEntryRequest, tx: Session, caller: Caller
    ) -> None:
        return commands.delete_address_book_entry(tx, name=request.name, etag=request.etag)
