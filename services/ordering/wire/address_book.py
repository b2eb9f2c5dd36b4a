"""The address book in and out of protobuf."""

from typing import Any

from google.protobuf.empty_pb2 import Empty
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1.address_book_pb2 import AddressBookEntry as Message
from millrun.ordering.v1.ordering_pb2 import ListAddressBookEntriesResponse

from services.ordering.domain.address_book import AddressBookEntry
from services.ordering.wire import address_from
from shared.paging import Page
from shared.wire import time_message


def entry_message(entry: AddressBookEntry) -> Message:
    """Return an entry."""
    return Message(
        name=entry.name,
        label=entry.label,
        address=pb.Address(**vars(entry.address)),
        default=entry.is_default,
        create_time=time_message(entry.created_at),
        update_time=time_message(entry.updated_at),
        etag=entry.etag,
    )


def entries_message(page: Page[AddressBookEntry]) -> ListAddressBookEntriesResponse:
    """Return a page of the address book."""
    return ListAddressBookEntriesResponse(
        address_book_entries=map(entry_message, page.items), next_page_token=page.next_token
    )


def entry_from(message: Message) -> dict[str, Any]:
    """Read what an entry says."""
    return {
        "label": message.label,
        "address": address_from(message.address),
        "is_default": message.default,
    }


def nothing(_: None) -> Empty:
    """Return that there is nothing any more."""
    return Empty()
