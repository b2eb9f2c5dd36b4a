"""Invoice titles that are kept: on their pages, and on the order form."""

import pytest
from millrun.authorization.v1.account_pb2 import Role
from millrun.ordering.v1.order_pb2 import Address, InvoiceTitle, Order, OrderForm
from millrun.ordering.v1.ordering_pb2 import ListInvoiceProfilesResponse

from services.gateway.tests.house import ACME, House
from services.gateway.tests.papers import ORDER, a_profile, an_order, furnish
from shared.errors import Disallowed, Malformed
from shared.testing.pages import Browser

TITLES = "/enterprise/invoice-titles"
FORM = "/orders/7/form"
SPECIAL, GENERAL = InvoiceTitle.SPECIAL_VAT, InvoiceTitle.GENERAL_VAT


class LabelTaken(Disallowed):
    """There is an entry Acme already."""

    fix = "Choose another label."

    def __init__(self) -> None:
        super().__init__(label="Acme", field="label")


class InvoiceTitleIncomplete(Malformed):
    """The invoice title is not complete."""

    def __init__(self) -> None:
        super().__init__(fields="invoice_title.phone, invoice_title.bank")


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers["GetOrder"] = a_draft()


def a_draft(**form: object) -> Order:
    return an_order(state=Order.DRAFT, form=OrderForm(**form))  # type: ignore[arg-type]


def test_the_default_stands_first_and_all_of_a_title_is_read(chen: Browser) -> None:
    html = chen.get(TITLES).text
    assert html.index("Plant") < html.index("Head &lt;office&gt;")
    for part in ("Special VAT invoice", "91330100MA", "6222 0200", "invoices@acme.example"):
        assert part in html


def test_a_title_is_added_changed_and_deleted(house: House, chen: Browser) -> None:
    filled = {"title": "Acme GmbH", "tax_id": "DE1", "phone": "+49 1", "email": "a@acme.example"}
    added = chen.fill(TITLES, **filled, invoice="GENERAL_VAT", default="yes")
    assert "Acme GmbH is among the invoice titles." in added.text
    asked = house.request("CreateInvoiceProfile")
    assert (asked.parent, asked.invoice_profile.default) == (ACME, True)
    title = asked.invoice_profile.invoice_title
    assert asked.invoice_profile.label == "Acme GmbH"
    assert (title.type, title.phone, title.email) == (GENERAL, "+49 1", "a@acme.example")

    chen.fill(f"{TITLES}/1", "", **filled, label="Head", invoice="SPECIAL_VAT")
    changed = house.request("UpdateInvoiceProfile").invoice_profile
    assert (changed.name, changed.etag) == (f"{ACME}/invoiceProfiles/1", "6")
    assert (changed.label, changed.invoice_title.type, changed.default) == ("Head", SPECIAL, False)

    gone = chen.fill(TITLES, f"{TITLES}/1/delete")
    assert "not kept any more" in gone.text
    assert house.request("DeleteInvoiceProfile").etag == "6"


def test_gaps_and_a_label_that_is_taken_are_marked_beside_their_fields(
    house: House, chen: Browser
) -> None:
    house.answers["CreateInvoiceProfile"] = InvoiceTitleIncomplete()
    refused = chen.fill(TITLES, title="Acme", invoice="SPECIAL_VAT", address="1 Quay")
    assert refused.status_code == 400
    assert 'id="phone-error"' in refused.text
    assert 'id="bank-error"' in refused.text
    assert 'value="1 Quay"' in refused.text
    house.answers["CreateInvoiceProfile"] = LabelTaken()
    assert 'id="label-error"' in chen.fill(TITLES, title="Acme", invoice="GENERAL_VAT").text


def test_who_orders_nothing_reads_them_only(house: House, stranger: Browser) -> None:
    house.roles = [Role.ENTERPRISE_FINANCE]
    stranger.fill("/sign-in", email="chen@acme.example", password="correct horse")
    html = stranger.get(TITLES).text
    assert "Administrators, buyers and R&D keep the invoice titles." in html.replace("&amp;", "&")
    assert "/delete" not in html


def test_a_form_nobody_began_has_the_default_title(house: House, chen: Browser) -> None:
    html = chen.get(FORM).text
    assert 'value="Acme 2"' in html
    assert 'value="SPECIAL_VAT" checked' in html
    house.answers["GetOrder"] = a_draft(delivery_address=Address())
    assert 'value="Acme 2"' in chen.get(FORM).text
    house.answers["GetOrder"] = a_draft(po_no="PO-9")
    html = chen.get(FORM).text
    assert 'value="NONE" checked' in html
    assert 'value="Acme 2"' not in html


def test_a_title_is_chosen_with_one_click_and_what_was_typed_stays(
    house: House, chen: Browser
) -> None:
    back = chen.fill(FORM, po_no="PO-9", title="typed", invoice="GENERAL_VAT", use_title="1")
    assert back.url.path == FORM
    saved = house.request("SaveOrderForm")
    assert (saved.name, saved.form.po_no) == (ORDER, "PO-9")
    assert saved.form.invoice_title == a_profile().invoice_title
    assert not house.was_asked("SubmitOrder")
    chen.fill(FORM, title="typed", invoice="GENERAL_VAT", use_title="77")
    assert house.request("SaveOrderForm").form.invoice_title.title == "typed"


def test_one_of_many_is_chosen_from_a_list(house: House, chen: Browser) -> None:
    many = [a_profile(str(number), f"Office {number}") for number in range(7)]
    house.answers["ListInvoiceProfiles"] = ListInvoiceProfilesResponse(invoice_profiles=many)
    assert 'id="kept_title"' in chen.get(FORM).text
    chen.fill(FORM, invoice="NONE", kept_title="6", use_title="chosen")
    assert house.request("SaveOrderForm").form.invoice_title.title == "Acme 6"


def test_what_was_typed_is_kept_if_that_is_ticked(house: House, chen: Browser) -> None:
    typed = {"title": "Acme GmbH", "tax_id": "DE1", "invoice": "GENERAL_VAT"}
    chen.fill(FORM, **typed)
    assert not house.was_asked("CreateInvoiceProfile")
    chen.fill(FORM, **typed, invoice_title_phone="+49 1", keep_title="yes")
    kept = house.request("CreateInvoiceProfile")
    assert kept.invoice_profile.label == "Acme GmbH"
    assert kept.invoice_profile.invoice_title == house.request("SubmitOrder").form.invoice_title
    assert kept.request_id not in ("", house.request("SubmitOrder").request_id)
    chen.fill(FORM, **typed | {"invoice": "NONE"}, keep_title="yes")
    assert house.was_asked("CreateInvoiceProfile") == 1


def test_a_title_that_cannot_be_kept_does_not_keep_the_order_back(
    house: House, chen: Browser
) -> None:
    house.answers["CreateInvoiceProfile"] = LabelTaken()
    house.answers["SubmitOrder"] = an_order()
    typed = {"title": "Acme", "tax_id": "DE1", "invoice": "GENERAL_VAT"}
    done = chen.fill(FORM, **typed, street="9 Quay", keep_title="yes", keep_as="Dock")
    assert "is submitted." in done.text
    assert "The invoice title is not kept:" in done.text
    assert house.was_asked("CreateAddressBookEntry") == 1


def test_an_order_that_was_placed_takes_another_title(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = an_order()
    page = "/orders/7/change"
    assert "Head &lt;office&gt; · Acme 1" in chen.get(page).text
    chen.fill(page, "", invoice_profile="1", reason="renamed")
    titles = [
        each for each in house.request("AmendOrder").changes if each.HasField("invoice_title")
    ]
    assert [each.invoice_title.title for each in titles] == ["Acme 1"]


def test_without_kept_titles_a_change_says_where_they_are_kept(house: House, chen: Browser) -> None:
    house.answers |= {"GetOrder": an_order(), "ListInvoiceProfiles": ListInvoiceProfilesResponse()}
    html = chen.get("/orders/7/change").text
    assert 'name="invoice_profile"' not in html
    assert f'href="{TITLES}"' in html
