"""From the list of what can be ordered to the submitted order."""

import csv
import io
import re

import pytest
from millrun.authorization.v1.authorization_pb2 import CheckPurchaseResponse, PurchaseVerdict
from millrun.catalog.v1.catalog_pb2 import ListLicenseTypesResponse, ListProductsResponse
from millrun.catalog.v1.license_type_pb2 import LicenseType
from millrun.catalog.v1.product_pb2 import Product
from millrun.ordering.v1.duplicate_pb2 import Duplicate
from millrun.ordering.v1.filling_pb2 import ImportedLine, Obstacle
from millrun.ordering.v1.order_pb2 import (
    Family,
    InvoiceTitle,
    Order,
    OrderLine,
    Purpose,
    WaitingOn,
)
from millrun.ordering.v1.ordering_pb2 import (
    ImportOrderLinesResponse,
    ListDuplicatesResponse,
    ListObstaclesResponse,
    ListOrdersResponse,
    SubmitOrderRequest,
)

from services.gateway.tests.house import ACME, CHEN, House
from services.gateway.tests.papers import (
    ORDER,
    PRODUCT,
    a_product,
    an_order,
    furnish,
    in_the_way,
    yuan,
)
from shared.errors import Disallowed, Malformed, Unavailable
from shared.testing.pages import Browser, hidden_fields


class TooFew(Disallowed):
    """A quantity of 7 is below the minimum of 1000."""

    fix = "Order 1000 or more."


class Incomplete(Malformed):
    """Not filled in."""

    def __init__(self) -> None:
        super().__init__(fields="po_no, delivery_address.phone, invoice_title.phone")


class CatalogIsAway(Unavailable):
    """The catalogue does not answer."""


class Over(Malformed):
    """ "2020-01-31" is not a day to come."""

    def __init__(self) -> None:
        super().__init__(field="requested_delivery_date")


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers["ListOrders"] = ListOrdersResponse()
    house.answers["CreateOrder"] = house.answers["AddOrderLine"] = a_draft()


def a_draft() -> Order:
    return an_order(state=Order.DRAFT, buyer=CHEN)


def test_the_first_product_begins_an_order(house: House, chen: Browser) -> None:
    added = chen.fill("/purchase", quantity="2,000", purpose="MASS_PRODUCTION")
    assert added.url.path == "/orders/7"
    order = house.request("CreateOrder").order
    assert order.purpose == Purpose.MASS_PRODUCTION
    assert (order.lines[0].product, order.lines[0].quantity) == (PRODUCT, 2000)


def test_the_next_one_goes_into_the_same_order(house: House, chen: Browser) -> None:
    house.answers["ListOrders"] = ListOrdersResponse(orders=[a_draft()])
    chen.fill("/purchase", quantity="2000", purpose="MASS_PRODUCTION")
    assert house.request("AddOrderLine").name == ORDER
    assert not house.was_asked("CreateOrder")


@pytest.mark.parametrize(
    "other", [{"buyer": "accounts/li"}, {"owner": "enterprises/bora"}, {"purpose": "DEBUGGING"}]
)
def test_a_draft_of_another_person_owner_or_purpose_is_left_alone(
    house: House, chen: Browser, other: dict[str, str]
) -> None:
    draft = an_order(**({"state": Order.DRAFT, "buyer": CHEN} | other))
    house.answers["ListOrders"] = ListOrdersResponse(orders=[draft])
    chen.fill("/purchase", quantity="2000", purpose="MASS_PRODUCTION")
    assert house.was_asked("CreateOrder") == 1


def two_drafts() -> list[Order]:
    """Return two orders that are being filled, the newest first."""
    return [an_order(name=f"{ACME}/orders/{n}", state=Order.DRAFT, buyer=CHEN) for n in (9, 8)]


@pytest.mark.parametrize(("address", "number"), [("", 9), ("?into=8", 8), ("?into=gone", 9)])
def test_of_several_orders_that_are_filled_one_adds_to_the_one_one_comes_from_or_the_newest(
    house: House, chen: Browser, address: str, number: int
) -> None:
    house.answers["ListOrders"] = ListOrdersResponse(orders=two_drafts())
    to = address if number == 8 else ""
    page = f"/purchase{address}"
    chen.fill(page, f"/purchase{to}", quantity="2000", purpose="MASS_PRODUCTION")
    assert house.request("AddOrderLine").name == f"{ACME}/orders/{number}"


def test_where_one_comes_from_is_kept_while_one_searches(house: House, chen: Browser) -> None:
    house.answers["ListOrders"] = ListOrdersResponse(orders=two_drafts())
    html = chen.get("/purchase?into=8&q=ws3").text
    assert '<input type="hidden" name="into" value="8">' in html
    assert 'href="/purchase?show=others&amp;q=ws3&amp;into=8"' in html
    house.answers["GetOrder"] = a_draft()
    assert 'href="/purchase?into=7"' in chen.get("/orders/7").text


def test_another_order_is_begun_although_one_is_being_filled(house: House, chen: Browser) -> None:
    house.answers["ListOrders"] = ListOrdersResponse(orders=[a_draft()])
    chen.fill("/purchase", quantity="2000", purpose="MASS_PRODUCTION", anew="yes")
    assert house.was_asked("CreateOrder") == 1
    assert not house.was_asked("AddOrderLine")


def test_a_refused_quantity_stays_and_the_sentence_is_shown(house: House, chen: Browser) -> None:
    house.answers["CreateOrder"] = TooFew()
    refused = chen.fill("/purchase", quantity="7", purpose="MASS_PRODUCTION")
    assert refused.status_code == 409
    assert "Order 1000 or more." in refused.text
    assert 'value="7"' in refused.text


def test_what_cannot_be_ordered_says_why_and_who_can_fix_it(house: House, chen: Browser) -> None:
    house.answers["CheckPurchase"] = CheckPurchaseResponse(
        verdicts=[PurchaseVerdict(product=PRODUCT, visible=True)]
    )
    html = chen.get("/purchase").text
    assert "You are not authorized for it." in html
    assert "administrator can authorize you" in html
    assert 'name="quantity"' not in html
    in_development = ListProductsResponse(products=[a_product("DEVELOPMENT")])
    house.answers["ListProducts"] = in_development
    assert "Its development is not completed." in chen.get("/purchase").text


def test_r34_what_can_be_ordered_and_what_cannot_are_lists_of_their_own(
    house: House, chen: Browser
) -> None:
    chen.get("/purchase")
    asked = house.request("ListProducts")
    assert (asked.orderable, asked.not_orderable) == (True, False)
    in_development = ListProductsResponse(products=[a_product("DEVELOPMENT")])
    house.answers["ListProducts"] = in_development
    others = chen.get("/purchase?show=others&q=ws3").text
    asked = house.request("ListProducts")
    assert (asked.orderable, asked.not_orderable, asked.search) == (False, True, "ws3")
    assert "Its development is not completed." in others
    assert '<input type="hidden" name="show" value="others">' in others


def test_a_search_without_an_answer_leads_to_what_cannot_be_ordered_yet(
    house: House, chen: Browser
) -> None:
    house.answers["ListProducts"] = ListProductsResponse()
    html = chen.get("/purchase?q=ws3&pid=a%26b").text
    assert 'href="/purchase?show=others&amp;q=ws3&amp;pid=a%26b"' in html


def test_r8_licences_are_shown_with_the_products_they_are_for(house: House, chen: Browser) -> None:
    video = LicenseType(name="licenseTypes/video", sku="video", display_name="Live <video>")
    video.price_tiers.add(from_quantity=1).unit_price.CopyFrom(yuan(3))
    other = LicenseType(name="licenseTypes/x", display_name="Elsewhere", modules=["modules/bt7c"])
    house.answers["ListLicenseTypes"] = ListLicenseTypesResponse(license_types=[video, other])
    html = chen.get("/licenses?q=ws3&model=9").text
    asked = house.request("ListProducts")
    assert (asked.orderable, asked.search, asked.model) == (True, "ws3", "9")
    assert house.request("ListLicenseTypes").state == LicenseType.ACTIVE
    assert "Live &lt;video&gt;" in html
    assert "CNY\u00a03.00" in html
    assert "Elsewhere" not in html
    assert "opened once" in html


def test_the_search_asks_the_catalogue(house: House, chen: Browser) -> None:
    looked_for = f"q=ws3&owner={ACME}&lifecycle=TRIAL_PRODUCTION&pid=1&model=2&customer=3"
    part = chen.get(f"/purchase?{looked_for}", headers={"hx-request": "true"})
    assert "<html" not in part.text
    asked = house.request("ListProducts")
    assert (asked.search, asked.owner, asked.lifecycle) == ("ws3", ACME, Product.TRIAL_PRODUCTION)
    assert (asked.pid, asked.model, asked.customer_name) == ("1", "2", "3")


def test_a_draft_shows_lines_that_can_be_changed(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = a_draft()
    chen.fill("/orders/7", "/orders/7/lines/1", quantity="3000")
    changed = house.request("ChangeOrderLine")
    assert (changed.line_no, changed.quantity, changed.etag) == (1, 3000, "5")
    form = hidden_fields(chen.get("/orders/7").text, "/orders/7/lines/1")
    chen.post("/orders/7/lines/1", data=form | {"remove": "yes"})
    assert house.was_asked("RemoveOrderLine") == 1


def test_a_draft_says_beside_a_line_why_it_cannot_be_ordered_any_more(
    house: House, chen: Browser
) -> None:
    house.answers |= {"GetOrder": a_draft(), "ListObstacles": in_the_way()}
    html = chen.get("/orders/7").text
    assert house.request("ListObstacles").name == a_draft().name
    assert "The line cannot be ordered as it stands." in html
    assert "Firmware 2.4.1 of product ws3gacme01 is retired" in html
    assert "Ask your project manager about a released firmware version." in html
    assert "Or remove the line." in html
    assert 'href="/products/acme/ws3gacme01/why?purpose=MASS_PRODUCTION&amp;quantity=2000"' in html
    chinese = chen.get("/orders/7", headers={"accept-language": "zh"}).text
    assert "产品 ws3gacme01 的固件 2.4.1 不允许用于该用途。" in chinese
    assert "也可以移除该行。" in chinese


def test_of_a_product_that_is_gone_no_checks_are_offered(house: House, chen: Browser) -> None:
    gone = in_the_way(reason="PRODUCT_NOT_FOUND", message="There is no product ws3gacme01.")
    house.answers |= {"GetOrder": a_draft(), "ListObstacles": gone}
    html = chen.get("/orders/7").text
    assert "There is no product ws3gacme01." in html
    assert "/why?" not in html


def test_what_is_against_whoever_orders_is_said_once(house: House, chen: Browser) -> None:
    ours = Obstacle(reason="X", message="Acme is not certified.", fix="Request certification.")
    house.answers |= {
        "GetOrder": a_draft(),
        "ListObstacles": ListObstaclesResponse(obstacles=[ours]),
    }
    html = chen.get("/orders/7").text
    assert html.count("Acme is not certified. Request certification.") == 1
    assert "as they stand" not in html


def test_a_draft_is_shown_while_nobody_says_what_is_in_its_way(house: House, chen: Browser) -> None:
    house.answers |= {"GetOrder": a_draft(), "ListObstacles": CatalogIsAway()}
    shown = chen.get("/orders/7")
    assert shown.status_code == 200
    assert "as they stand" not in shown.text


def test_the_form_goes_to_ordering_as_it_was_filled_in(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = a_draft()
    submitted = chen.fill(
        "/orders/7/form",
        po_no="PO-1",
        recipient="Zhang San",
        delivery_address_phone="+86 1",
        country_code="CN",
        invoice="SPECIAL_VAT",
        title="Acme",
        address="8 Wensan Road",
        invoice_title_phone="+86 2",
    )
    assert submitted.url.path == "/orders/7"
    form = house.request("SubmitOrder").form
    assert (form.po_no, form.delivery_address.recipient) == ("PO-1", "Zhang San")
    assert (form.delivery_address.phone, form.invoice_title.phone) == ("+86 1", "+86 2")
    assert form.delivery_address.country_code == "CN"
    assert form.invoice_title.type == InvoiceTitle.SPECIAL_VAT
    assert form.invoice_title.address == "8 Wensan Road"


def test_a_form_is_kept_for_later_as_it_is(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = a_draft()
    day = {"requested_delivery_date": "2031-05-31"}
    kept = chen.fill("/orders/7/form", po_no="PO-1", invoice="NONE", save="yes", **day)
    assert kept.url.path == "/orders/7"
    assert "The order form is kept" in kept.text
    asked = house.request("SaveOrderForm")
    assert (asked.name, asked.etag, asked.form.po_no) == (ORDER, "5", "PO-1")
    assert asked.form.requested_delivery_date == "2031-05-31"
    assert not house.was_asked("SubmitOrder")


@pytest.mark.parametrize(("asked_for", "warned"), [("2031-03-01", True), ("2031-04-01", False)])
def test_a_day_too_early_is_said_on_the_form_and_on_the_order(
    house: House, chen: Browser, asked_for: str, warned: bool
) -> None:
    order = a_draft()
    order.form.requested_delivery_date = asked_for
    order.earliest_delivery_date = "2031-03-22"
    house.answers["GetOrder"] = order
    form = chen.get("/orders/7/form").text
    assert f'value="{asked_for}"' in form
    assert ("is earlier than it can be made by" in form) == warned
    order.state = Order.INTENTION
    assert ("the earliest if production began today" in chen.get("/orders/7").text) == warned


def test_a_day_that_is_over_is_marked_beside_its_field(house: House, chen: Browser) -> None:
    house.answers |= {"GetOrder": a_draft(), "SubmitOrder": Over()}
    refused = chen.fill("/orders/7/form", requested_delivery_date="2020-01-31", invoice="NONE")
    assert refused.status_code == 400
    assert 'id="requested_delivery_date-error"' in refused.text
    assert 'value="2020-01-31"' in refused.text


def test_without_a_wish_there_is_no_invoice_title(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = a_draft()
    chen.fill("/orders/7/form", invoice="NONE", title="left over")
    assert not house.request("SubmitOrder").form.HasField("invoice_title")


def test_every_gap_is_marked_beside_its_field_and_the_rest_stays(
    house: House, chen: Browser
) -> None:
    house.answers |= {"GetOrder": a_draft(), "SubmitOrder": Incomplete()}
    refused = chen.fill("/orders/7/form", city="Ningbo", invoice="SPECIAL_VAT")
    assert refused.status_code == 400
    for field in ("po_no", "delivery_address_phone", "invoice_title_phone"):
        assert f'id="{field}-error"' in refused.text
    assert 'value="Ningbo"' in refused.text
    assert '<details class="more" data-open-with="invoice=SPECIAL_VAT" open>' in refused.text


class Alike(Disallowed):
    """Order MR-2026-000007 looks like an earlier one."""

    @property
    def reason(self) -> str:
        return "LIKELY_DUPLICATE"


def test_r15_a_likely_duplicate_is_shown_beside_the_order_and_the_buyer_goes_on_knowingly(
    house: House, chen: Browser
) -> None:
    earlier = f"{ACME}/orders/3"
    line = Duplicate.Line(product=PRODUCT, quantity=1900)
    alike = Duplicate(name=earlier, order_no="MR-2026-000003", buyer="accounts/li", lines=[line])
    house.answers |= {
        "GetOrder": a_draft(),
        "SubmitOrder": Alike(),
        "ListDuplicates": ListDuplicatesResponse(duplicates=[alike]),
    }
    refused = chen.fill("/orders/7/form", po_no="PO-7")
    assert refused.status_code == 409
    assert house.request("ListDuplicates").form.po_no == "PO-7"
    assert 'href="/orders/3"' in refused.text
    assert "1,900" in refused.text
    house.answers["SubmitOrder"] = an_order()
    chen.submit(refused, "/orders/7/form", po_no="PO-7", acknowledged=earlier)
    assert list(house.request("SubmitOrder").acknowledged_duplicates) == [earlier]


def test_licences_for_one_product_are_compared_by_their_number(house: House, chen: Browser) -> None:
    few, many = (OrderLine(line_no=n, product=PRODUCT, quantity=q) for n, q in ((1, 100), (2, 900)))
    line = Duplicate.Line(product=PRODUCT, quantity=110)
    alike = Duplicate(name=f"{ACME}/orders/3", order_no="MR-2026-000003", lines=[line])
    house.answers |= {
        "GetOrder": an_order(state=Order.DRAFT, family=Family.LICENSE, lines=[few, many]),
        "SubmitOrder": Alike(),
        "ListDuplicates": ListDuplicatesResponse(duplicates=[alike]),
    }
    html = chen.fill("/orders/7/form", po_no="PO-7").text
    assert re.findall(r'data-label="MR-[-0-9]*" class="number">(\d+)<', html) == ["110", "100"]


class Dearer(Disallowed):
    """Order MR-2026-000007 was 24,000.00 CNY; by the prices of now it comes to 30,000.00 CNY."""

    @property
    def reason(self) -> str:
        return "PRICES_CHANGED"


def test_who_is_told_that_prices_changed_sees_them_and_submits_again_knowingly(
    house: House, chen: Browser
) -> None:
    now = a_draft()
    now.total.CopyFrom(yuan(30000))
    now.lines[0].amount.CopyFrom(yuan(29990))

    def submitted(request: SubmitOrderRequest) -> Order:
        if request.expected_total != yuan(30000):
            raise Dearer(before="24,000.00 CNY", total="30,000.00 CNY")
        return now

    house.answers |= {"GetOrder": a_draft(), "SubmitOrder": submitted}
    refused = chen.fill("/orders/7/form", po_no="PO-7")
    assert refused.status_code == 409
    assert "Prices have changed" in refused.text
    for amount in ("24,000.00", "29,990.00", "30,000.00"):
        assert amount in refused.text
    assert house.request("SubmitOrder").validate_only

    done = chen.submit(refused, "/orders/7/form", po_no="PO-7")
    assert "is submitted" in done.text
    assert house.request("SubmitOrder").expected_total == yuan(30000)


def test_a_submitted_order_has_no_form_any_more(chen: Browser) -> None:
    assert chen.get("/orders/7/form").url.path == "/orders/7"


def test_the_list_filters_where_the_orders_are(house: House, chen: Browser) -> None:
    house.answers["ListOrders"] = ListOrdersResponse(
        orders=[an_order(), an_order(name="enterprises/bora/orders/8")], next_page_token="more"
    )
    html = chen.get("/orders?q=PO-7&state=CONFIRMED&waiting_on=BUYER&page_token=abc").text
    asked = house.request("ListOrders")
    assert (asked.search, list(asked.states), asked.page_token) == ("PO-7", [3], "abc")
    assert asked.waiting_on == WaitingOn.BUYER
    assert 'href="/orders/7"' in html
    assert 'href="/orders/8?of=bora"' in html
    assert "page_token=more" in html


@pytest.mark.parametrize("asked", ["state=WHATEVER", "q=x", "family=SHOES", "currency=EUR"])
def test_what_cuts_no_list_is_not_shown_as_a_filter(
    house: House, chen: Browser, asked: str
) -> None:
    shown = chen.get(f"/orders?{asked}")
    assert shown.status_code == 200
    assert "Take this filter off" not in shown.text
    listed = house.request("ListOrders")
    assert (list(listed.states), listed.search, listed.family) == ([], "", 0)


def test_r37_pasted_rows_are_tried_and_then_added(house: House, chen: Browser) -> None:
    house.answers |= {
        "GetOrder": a_draft(),
        "ImportOrderLines": ImportOrderLinesResponse(lines=[ImportedLine(row=1, quantity=5)]),
    }
    added = chen.fill("/orders/7/import", rows="ws3\t1,000")
    assert added.url.path == "/orders/7"
    tried, asked = [each for name, each in house.asked if name == "ImportOrderLines"]
    assert (tried.validate_only, asked.validate_only) == (True, False)
    assert asked.content == b"ws3\t1,000"


def test_who_sends_no_rows_is_told_so_beside_the_field(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = a_draft()
    refused = chen.fill("/orders/7/import", rows=" ")
    assert refused.status_code == 400
    assert "There are no rows to add." in refused.text
    assert 'id="rows-error"' in refused.text
    assert not house.was_asked("ImportOrderLines")


def test_rows_that_cannot_be_ordered_are_shown_and_nothing_is_added(
    house: House, chen: Browser
) -> None:
    wrong = ImportedLine(
        row=2, product="<b>", reason="NOT_KNOWN_HERE", message="No such thing.", fix="Look it up."
    )
    house.answers |= {
        "GetOrder": a_draft(),
        "ImportOrderLines": ImportOrderLinesResponse(lines=[wrong]),
    }
    shown = chen.fill("/orders/7/import", rows="x\t1")
    assert house.was_asked("ImportOrderLines") == 1
    for said in ("&lt;b&gt;", "No such thing.", "Look it up.", "the row cannot be ordered"):
        assert said in shown.text
    assert "x\t1" in shown.text


def test_services_that_can_stand_in_a_row_are_listed_with_their_codes(
    house: House, chen: Browser
) -> None:
    house.answers["GetOrder"] = a_draft()
    html = chen.get("/orders/7/import").text
    assert "<code>labels</code>" in html
    assert "Custom &lt;label&gt;" in html
    assert "several with a semicolon between them" in html

    licensing = a_draft()
    licensing.family = Family.LICENSE
    house.answers["GetOrder"] = licensing
    html = chen.get("/orders/7/import").text
    assert "<code>labels</code>" not in html
    assert "SKU" in html


@pytest.mark.parametrize(("language", "heads"), [("en", "Services"), ("zh", "服务")])
def test_a_sample_is_what_can_be_ordered_and_is_read_again(
    house: House, chen: Browser, language: str, heads: str
) -> None:
    house.answers["GetOrder"] = a_draft()
    got = chen.get("/orders/7/import/sample", headers={"accept-language": language})
    assert got.headers["content-disposition"].endswith(".csv")
    head, first, *_ = csv.reader(io.StringIO(got.content.decode("utf-8-sig"), newline=""))
    assert head[2] == heads
    listed = house.answers["ListProducts"].products[0]
    assert first == [listed.pid, "1000", "labels; burn-in"]
    asked = house.request("ListProducts")
    assert asked.orderable
