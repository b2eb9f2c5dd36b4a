"""The address book on its pages, and on the order form."""

import re

import pytest
from millrun.authorization.v1.account_pb2 import Role
from millrun.ordering.v1.order_pb2 import Address, Order, OrderForm
from millrun.ordering.v1.ordering_pb2 import ListAddressBookEntriesResponse

from services.gateway.tests.house import ACME, House
from services.gateway.tests.papers import ORDER, an_entry, an_order, furnish
from shared.errors import Disallowed, Malformed
from shared.testing.pages import Browser

BOOK = "/enterprise/addresses"
FORM = "/orders/7/form"


class LabelTaken(Disallowed):
    """The address book has an entry Dock already."""

    fix = "Choose another label."

    def __init__(self) -> None:
        super().__init__(label="Dock", field="label")


class AddressIncomplete(Malformed):
    """The address is not complete."""

    def __init__(self) -> None:
        super().__init__(fields="address.phone, address.street")


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers["GetOrder"] = a_draft()


def a_draft(**form: object) -> Order:
    return an_order(state=Order.DRAFT, form=OrderForm(**form))  # type: ignore[arg-type]


def test_the_default_stands_first_then_the_others_by_label(chen: Browser) -> None:
    html = chen.get(BOOK).text
    assert html.index("Bonded &lt;dock&gt;") < html.index("Warehouse")
    assert "1 Wensan Road" in html


def test_an_address_is_added_changed_and_deleted(house: House, chen: Browser) -> None:
    filled = {"label": "Dock", "street": "9 Quay", "phone": "+86 9", "country_code": "CN"}
    added = chen.fill(BOOK, **filled, default="yes")
    assert "Dock is in the address book." in added.text
    asked = house.request("CreateAddressBookEntry")
    assert (asked.parent, asked.address_book_entry.default) == (ACME, True)
    assert asked.address_book_entry.address.phone == "+86 9"

    chen.fill(f"{BOOK}/1", "", **filled)
    changed = house.request("UpdateAddressBookEntry").address_book_entry
    assert (changed.name, changed.etag) == (f"{ACME}/addressBookEntries/1", "6")
    assert (changed.label, changed.address.street, changed.default) == ("Dock", "9 Quay", False)

    gone = chen.fill(BOOK, f"{BOOK}/1/delete")
    assert "not in the book any more" in gone.text
    assert house.request("DeleteAddressBookEntry").etag == "6"


def test_gaps_and_a_label_that_is_taken_are_marked_beside_their_fields(
    house: House, chen: Browser
) -> None:
    house.answers["CreateAddressBookEntry"] = AddressIncomplete()
    refused = chen.fill(BOOK, label="Dock", city="Ningbo")
    assert refused.status_code == 400
    assert 'id="street-error"' in refused.text
    assert 'id="phone-error"' in refused.text
    assert 'value="Ningbo"' in refused.text
    house.answers["CreateAddressBookEntry"] = LabelTaken()
    assert 'id="label-error"' in chen.fill(BOOK, label="Dock").text


def test_who_orders_nothing_reads_the_book_only(house: House, stranger: Browser) -> None:
    house.roles = [Role.ENTERPRISE_FINANCE]
    stranger.fill("/sign-in", email="chen@acme.example", password="correct horse")
    html = stranger.get(BOOK).text
    assert "Administrators, buyers and R&D keep the address book." in html
    assert "/delete" not in html


def test_a_form_without_an_address_begins_with_the_default(house: House, chen: Browser) -> None:
    assert 'value="2 Wensan Road"' in chen.get(FORM).text
    house.answers["GetOrder"] = a_draft(delivery_address=Address(street="7 Elsewhere"))
    html = chen.get(FORM).text
    assert 'value="7 Elsewhere"' in html
    assert 'value="2 Wensan Road"' not in html


def test_an_address_of_the_book_is_taken_and_what_was_typed_stays(
    house: House, chen: Browser
) -> None:
    back = chen.fill(FORM, po_no="PO-9", street="typed", invoice="NONE", use_address="1")
    assert back.url.path == FORM
    saved = house.request("SaveOrderForm")
    assert (saved.name, saved.etag, saved.form.po_no) == (ORDER, "5", "PO-9")
    assert saved.form.delivery_address == an_entry().address
    assert not house.was_asked("SubmitOrder")


def test_an_entry_that_is_gone_changes_nothing(house: House, chen: Browser) -> None:
    chen.fill(FORM, street="typed", invoice="NONE", use_address="77")
    assert house.request("SaveOrderForm").form.delivery_address.street == "typed"


def test_a_few_are_one_click_each_and_many_a_list(house: House, chen: Browser) -> None:
    html = chen.get(FORM).text
    assert 'name="use_address" value="1"' in html
    assert 'id="kept_address"' not in html
    many = [an_entry(str(number), f"Dock {number}") for number in range(7)]
    house.answers["ListAddressBookEntries"] = ListAddressBookEntriesResponse(
        address_book_entries=many
    )
    assert 'id="kept_address"' in chen.get(FORM).text
    chen.fill(FORM, invoice="NONE", kept_address="6", use_address="chosen")
    saved = house.request("SaveOrderForm").form.delivery_address
    assert saved.street == "6 Wensan Road"


def test_enter_submits_and_chooses_nothing(chen: Browser) -> None:
    html = chen.get(FORM).text
    first = re.search(r"<button[^>]*>", html[html.index('action="/orders/7/form"') :])
    assert first
    assert "name=" not in first[0]


def test_what_was_typed_is_kept_in_the_book_if_it_is_given_a_label(
    house: House, chen: Browser
) -> None:
    typed = {"street": "9 Quay", "delivery_address_phone": "+86 9", "invoice": "NONE"}
    chen.fill(FORM, **typed)
    assert not house.was_asked("CreateAddressBookEntry")
    chen.fill(FORM, **typed, keep_as="Dock")
    kept = house.request("CreateAddressBookEntry")
    assert kept.address_book_entry.label == "Dock"
    assert kept.address_book_entry.address == house.request("SubmitOrder").form.delivery_address
    assert kept.request_id not in ("", house.request("SubmitOrder").request_id)


def test_an_address_that_cannot_be_kept_does_not_keep_the_order_back(
    house: House, chen: Browser
) -> None:
    house.answers["CreateAddressBookEntry"] = LabelTaken()
    house.answers["SubmitOrder"] = an_order()
    done = chen.fill(FORM, street="9 Quay", invoice="NONE", keep_as="Dock")
    assert done.url.path == "/orders/7"
    assert "is submitted." in done.text
    assert "The address is not kept:" in done.text
    assert house.was_asked("SubmitOrder") == 1
