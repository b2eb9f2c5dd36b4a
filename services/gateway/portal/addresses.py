"""The address book: where the enterprise has things delivered to, kept to be chosen again."""

from pathlib import Path

from millrun.ordering.v1.address_book_pb2 import AddressBookEntry
from millrun.ordering.v1.order_pb2 import Address
from millrun.ordering.v1.ordering_pb2 import (
    CreateAddressBookEntryRequest,
    DeleteAddressBookEntryRequest,
    GetAddressBookEntryRequest,
    ListAddressBookEntriesRequest,
    UpdateAddressBookEntryRequest,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import ADMINISTRATORS, CUSTOMERS, MOST, ORDERERS, from_path, own
from shared.web import Form, Pages, _, call, page, redirect, visitor
from shared.web.addresses import address_in, countries

pages = Pages(Path(__file__).parent)

PATH = "/enterprise/addresses"
KEEPERS = ORDERERS | ADMINISTRATORS


@pages.get(PATH, roles=CUSTOMERS)
def show_address_book(request: Request) -> Response:
    """List the address book, and offer to add to it."""
    return page(
        request,
        "addresses.html",
        entries=book_of(request),
        blank=AddressBookEntry(),
        may_keep=bool(visitor(request).roles & KEEPERS),
        countries=countries(),
    )


@pages.post(PATH, roles=KEEPERS, again=show_address_book)
def add_entry(request: Request, form: Form) -> Response:
    """Keep an address."""
    keep(
        request, form["label"], address_in(form), form["request_id"], default=bool(form["default"])
    )
    return redirect(request, PATH, _("%(label)s is in the address book.", label=form["label"]))


@pages.get(PATH + "/{entry}", roles=KEEPERS)
def show_entry(request: Request) -> Response:
    """Show an address to be changed."""
    asked = GetAddressBookEntryRequest(name=from_path(request, "addressBookEntries", "entry"))
    entry = call(request, OrderingServiceStub, "GetAddressBookEntry", asked)
    return page(request, "address.html", entry=entry, countries=countries())


@pages.post(PATH + "/{entry}", roles=KEEPERS, again=show_entry)
def change_entry(request: Request, form: Form) -> Response:
    """Change an address."""
    asked = UpdateAddressBookEntryRequest(
        address_book_entry=AddressBookEntry(
            name=from_path(request, "addressBookEntries", "entry"),
            label=form["label"],
            address=address_in(form),
            default=bool(form["default"]),
            etag=form["etag"],
        ),
        request_id=form["request_id"],
    )
    call(request, OrderingServiceStub, "UpdateAddressBookEntry", asked)
    return redirect(request, PATH, _("%(label)s is changed.", label=form["label"]))


@pages.post(PATH + "/{entry}/delete", roles=KEEPERS)
def delete_entry(request: Request, form: Form) -> Response:
    """Take an address out."""
    asked = DeleteAddressBookEntryRequest(
        name=from_path(request, "addressBookEntries", "entry"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, OrderingServiceStub, "DeleteAddressBookEntry", asked)
    return redirect(request, PATH, _("The address is not in the book any more."))


def book_of(request: Request) -> list[AddressBookEntry]:
    """Return the whole address book, the default first, then by label."""
    asked = ListAddressBookEntriesRequest(parent=own(request), page_size=MOST)
    found = call(request, OrderingServiceStub, "ListAddressBookEntries", asked)
    return sorted(
        found.address_book_entries, key=lambda each: (not each.default, each.label.lower())
    )


def keep(
    request: Request, label: str, address: Address, request_id: str, *, default: bool = False
) -> None:
    """Put an address into the address book."""
    entry = AddressBookEntry(label=label, address=address, default=default)
    asked = CreateAddressBookEntryRequest(
        parent=own(request), address_book_entry=entry, request_id=request_id
    )
    call(request, OrderingServiceStub, "CreateAddressBookEntry", asked)
