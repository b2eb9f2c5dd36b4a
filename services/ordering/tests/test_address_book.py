"""The address book: an enterprise's own, complete addresses, one default, each label once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.address_book_pb2 import AddressBookEntry

from services.ordering.domain.book import MOST_ENTRIES
from services.ordering.tests.builders import an_address
from services.ordering.tests.desk import (
    ADMIN,
    BUYER,
    FINANCE,
    MANAGER,
    RND,
    STRANGER,
    Desk,
    request_id,
)
from shared.caller import Caller, Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated, Refusal
from shared.testing.callers import caller

ACME = "enterprises/acme"
NOBODYS = f"{ACME}/addressBookEntries/0190a0a0-0000-7000-8000-000000000001"


def an_entry(label: str = "Warehouse", **more: Any) -> AddressBookEntry:
    address = pb.Address(**(vars(an_address()) | more.pop("address", {})))
    return AddressBookEntry(label=label, address=address, **more)


def keep(desk: Desk, entry: AddressBookEntry, who: Caller = BUYER, **more: Any) -> AddressBookEntry:
    parent = f"enterprises/{who.enterprise}"
    asked = rpc.CreateAddressBookEntryRequest(parent=parent, address_book_entry=entry, **more)
    return desk.ask(who).CreateAddressBookEntry(asked)


def change(desk: Desk, entry: AddressBookEntry, *fields: str, who: Caller = BUYER) -> Any:
    mask = FieldMask(paths=fields)
    asked = rpc.UpdateAddressBookEntryRequest(address_book_entry=entry, update_mask=mask)
    return desk.ask(who).UpdateAddressBookEntry(asked)


def kept(desk: Desk, who: Caller = BUYER, parent: str = ACME, **more: Any) -> Any:
    asked = rpc.ListAddressBookEntriesRequest(parent=parent, **more)
    return desk.ask(who).ListAddressBookEntries(asked)


def get(desk: Desk, name: str, who: Caller = BUYER) -> AddressBookEntry:
    return desk.ask(who).GetAddressBookEntry(rpc.GetAddressBookEntryRequest(name=name))


def delete(desk: Desk, name: str, who: Caller = BUYER, **more: Any) -> None:
    desk.ask(who).DeleteAddressBookEntry(rpc.DeleteAddressBookEntryRequest(name=name, **more))


def test_an_address_is_kept_read_changed_and_deleted(desk: Desk) -> None:
    made = keep(desk, an_entry(" Warehouse "), ADMIN)
    assert made.label == "Warehouse"
    assert made.name.startswith(f"{ACME}/addressBookEntries/")
    assert get(desk, made.name) == made
    made.address.street = "Nebenstrasse 2"
    changed = change(desk, made, who=RND)
    assert (changed.address.street, changed.label) == ("Nebenstrasse 2", "Warehouse")
    assert changed.etag != made.etag
    assert list(kept(desk).address_book_entries) == [changed]
    delete(desk, made.name, etag=changed.etag)
    assert not kept(desk).address_book_entries
    with pytest.raises(NotFound):
        get(desk, made.name)


def test_a_mask_changes_what_it_names_and_leaves_the_rest(desk: Desk) -> None:
    made = keep(desk, an_entry())
    other = AddressBookEntry(name=made.name, label="Dock 4")
    changed = change(desk, other, "name", "label")
    assert (changed.label, changed.address) == ("Dock 4", made.address)
    with pytest.raises(Malformed) as refused:
        change(desk, other, "label", "create_time")
    assert refused.value.reason == "NOTHING_OF_THE_ENTRY"


def test_one_entry_is_the_default_the_last_one_that_was_said_to_be(desk: Desk) -> None:
    first = keep(desk, an_entry("First", default=True))
    second = keep(desk, an_entry("Second", default=True))
    assert [each.default for each in kept(desk).address_book_entries] == [True, False]
    before = get(desk, first.name)
    change(desk, AddressBookEntry(name=first.name, default=True), "default")
    assert not get(desk, second.name).default
    assert before.etag != first.etag


@pytest.mark.parametrize(
    ("entry", "family", "reason", "fields"),
    [
        (an_entry(""), Malformed, "FIELDS_MISSING", "address_book_entry.label"),
        (an_entry("x" * 81), Malformed, "BAD_LABEL", "label"),
        (
            an_entry(address={"street": " ", "phone": ""}),
            Malformed,
            "ADDRESS_INCOMPLETE",
            "address.phone, address.street",
        ),
        (an_entry(address={"country_code": "Germany"}), Malformed, "NOT_A_COUNTRY", ""),
        (an_entry("warehouse 1"), Disallowed, "LABEL_TAKEN", "label"),
    ],
)
def test_what_cannot_be_an_entry_is_refused(
    desk: Desk, entry: AddressBookEntry, family: type[Refusal], reason: str, fields: str
) -> None:
    keep(desk, an_entry("Warehouse 1"))
    with pytest.raises(family) as refused:
        keep(desk, entry)
    assert refused.value.reason == reason
    facts = refused.value.facts
    assert fields in (facts.get("fields", ""), facts.get("field", ""))


def test_a_stale_change_is_refused(desk: Desk) -> None:
    made = keep(desk, an_entry())
    change(desk, AddressBookEntry(name=made.name, label="Later", etag=made.etag), "label")
    for act in (
        lambda: change(desk, AddressBookEntry(name=made.name, label="X", etag=made.etag), "label"),
        lambda: delete(desk, made.name, etag=made.etag),
    ):
        with pytest.raises(Outdated):
            act()


def test_the_book_has_room_for_some_hundreds_and_is_read_in_pages(desk: Desk) -> None:
    for number in range(3):
        keep(desk, an_entry(f"Dock {number}"))
    first = kept(desk, page_size=2)
    rest = kept(desk, page_size=2, page_token=first.next_page_token)
    labels = [each.label for each in (*first.address_book_entries, *rest.address_book_entries)]
    assert labels == ["Dock 2", "Dock 1", "Dock 0"]
    assert not rest.next_page_token


def test_a_full_book_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ENTRIES == 200
    monkeypatch.setattr("services.ordering.store.book.MOST_ENTRIES", 1)
    keep(desk, an_entry())
    with pytest.raises(Disallowed) as refused:
        keep(desk, an_entry("Another"))
    assert refused.value.reason == "ADDRESS_BOOK_FULL"


def test_two_who_take_a_label_at_once_do_not_both_get_it(desk: Desk) -> None:
    def attempt(_: int) -> str:
        try:
            return keep(desk, an_entry("Dock", default=True)).label
        except Refusal as refusal:
            return refusal.reason

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(attempt, range(4)))
    assert answers == ["Dock", *["LABEL_TAKEN"] * 3]


def test_nobody_else_sees_or_touches_it(desk: Desk) -> None:
    made = keep(desk, an_entry())
    own = keep(desk, an_entry(), STRANGER)
    assert [
        each.name for each in kept(desk, STRANGER, "enterprises/globex").address_book_entries
    ] == [own.name]
    for act in (
        lambda name: get(desk, name, STRANGER),
        lambda name: delete(desk, name, STRANGER),
        lambda name: change(desk, AddressBookEntry(name=name, label="X"), "label", who=STRANGER),
    ):
        for name in (made.name, NOBODYS, f"{ACME}/addressBookEntries/first"):
            with pytest.raises(NotFound, match=f"no entry {name}"):
                act(name)
    with pytest.raises(NotFound):
        kept(desk, STRANGER)
    with pytest.raises(NotFound):
        keep(desk, an_entry("Mine"), STRANGER) and kept(desk, STRANGER, ACME)
    assert get(desk, made.name) == made


@pytest.mark.parametrize("who", [FINANCE, MANAGER, caller(Role.ENTERPRISE_FINANCE)])
def test_who_has_nothing_delivered_keeps_no_address(desk: Desk, who: Caller) -> None:
    with pytest.raises(Forbidden):
        keep(desk, an_entry(), who)


def test_a_repeated_request_keeps_one_address(desk: Desk) -> None:
    request = request_id()
    first = keep(desk, an_entry(), request_id=request)
    assert keep(desk, an_entry(), request_id=request) == first
    tried = keep(desk, an_entry("Tried"), validate_only=True)
    assert tried.label == "Tried"
    assert len(kept(desk).address_book_entries) == 1
