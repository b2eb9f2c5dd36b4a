"""Confirming, rejecting, holding and releasing orders."""

import re
from datetime import UTC, datetime

import pytest
from google.api.httpbody_pb2 import HttpBody
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, FINANCE, PROJECT_MANAGER, Role
from millrun.catalog.v1.catalog_pb2 import ListFirmwareResponse
from millrun.catalog.v1.module_pb2 import Firmware
from millrun.ordering.v1.amending_pb2 import Amendment
from millrun.ordering.v1.order_pb2 import (
    Address,
    Family,
    Gate,
    Gates,
    Hold,
    Order,
    Purpose,
    Terms,
)

from services.console.tests.office import COLLEAGUE, ME, As, Office
from services.console.tests.papers import DIGEST, an_amended_order, an_order, at, furnish, yuan
from shared.errors import Disallowed, Malformed, Outdated, Unavailable
from shared.testing.on_top import LABELS
from shared.testing.pages import hidden_fields

PRICE = "/orders/acme/7/price"


class Changed(Outdated):
    """Order MR-2026-000007 changed since you read it."""


class NotNow(Disallowed):
    """Order MR-2026-000007 is held: wait."""

    fix = "A business manager releases the order."


class PriceNeedsReason(Malformed):
    """The price of line {line_no} is not the list price, and nobody said why."""


class ServicePriceNeedsReason(Malformed):
    """The prices of {service} on line {line_no} are not the list prices."""


class BadDeposit(Malformed):
    """A deposit of {percent} % is not possible."""


class PaymentAway(Unavailable):
    """The payment service does not answer at the moment."""


def confirmed(request) -> Order:
    """Answer as ordering would."""
    order = an_order(
        gates=Gates(price=Gate.PASSED, software=Gate.PENDING),
        terms=Terms(deposit_percent=request.deposit_percent or 30, lead_time_days=21),
        total=yuan(24_000),
    )
    for line in order.lines:
        for price in request.prices:
            if price.line_no == line.line_no:
                line.unit_price.CopyFrom(price.unit_price)
    return order


@pytest.fixture(autouse=True)
def _furnished(office: Office) -> None:
    furnish(office)
    office.answers["ConfirmPrice"] = confirmed


def test_the_list_price_stands_in_the_form(lin: As) -> None:
    html = lin(BUSINESS_MANAGER).get(PRICE).text
    assert html.count('value="12.50"') == 2


def test_whoever_confirms_the_price_sees_the_day_asked_for_and_that_it_is_too_early(
    lin: As, office: Office
) -> None:
    order = an_order(earliest_delivery_date="2031-03-22")
    order.form.requested_delivery_date, order.form.remarks = "2031-03-01", "Ring <twice>."
    office.answers["GetOrder"] = order
    browser = lin(BUSINESS_MANAGER)
    for page in (PRICE, "/orders/acme/7"):
        html = browser.get(page).text
        assert '<time datetime="2031-03-01T' in html
        assert "the earliest if production began today" in html
        assert "Ring &lt;twice&gt;." in html
    order.form.requested_delivery_date = ""
    assert "as soon as possible" in browser.get(PRICE).text


def test_a_price_is_confirmed_as_typed(lin: As, office: Office) -> None:
    done = lin(BUSINESS_MANAGER).fill(
        PRICE,
        price_1="11.995",
        price_2="1,012.50",
        deposit_percent="40",
        lead_time_days="25",
        valid_until="2026-12-31",
    )
    asked = office.request("ConfirmPrice")
    assert [price.unit_price for price in asked.prices] == [
        yuan(11, 995_000_000),
        yuan(1012, 500_000_000),
    ]
    assert (asked.deposit_percent, asked.lead_time_days) == (40, 25)
    assert asked.valid_until.ToJsonString() == "2026-12-31T23:59:59Z"
    assert (asked.name, asked.etag) == ("enterprises/acme/orders/7", "4")
    assert asked.request_id
    assert not asked.validate_only
    assert done.url.path == "/orders/acme/7"
    assert "The price is confirmed." in done.text


def test_what_it_means_is_shown_before_anything_is_stored(lin: As, office: Office) -> None:
    shown = lin(BUSINESS_MANAGER).fill(PRICE, price_1="11.50", price_2="12.50", preview="yes")
    assert office.request("ConfirmPrice").validate_only
    assert "−CNY\u00a01.00 (−8.0 %)" in shown.text
    assert "CNY\u00a024,000.00" in shown.text
    assert 'value="11.50"' in shown.text, "what was typed stays"


@pytest.mark.parametrize("typed", ["", "twelve", "9,99", "1.2.3", "NaN", "1e99", "0.1234567891"])
def test_a_price_that_is_none_is_marked_beside_its_field(
    lin: As, office: Office, typed: str
) -> None:
    refused = lin(BUSINESS_MANAGER).fill(PRICE, price_1=typed, price_2="12.50")
    assert refused.status_code == 400
    assert 'id="price_1-error"' in refused.text
    assert office.requests("ConfirmPrice") == []


@pytest.mark.parametrize("field", ["deposit_percent", "lead_time_days"])
@pytest.mark.parametrize("typed", ["0", "30.5", "40 %", "forty", "-5", "99999999999999"])
def test_terms_that_are_none_are_not_taken_for_the_usual_ones(
    lin: As, office: Office, field: str, typed: str
) -> None:
    refused = lin(BUSINESS_MANAGER).fill(PRICE, price_1="12.50", price_2="12.50", **{field: typed})
    assert refused.status_code == 400
    assert f'id="{field}-error"' in refused.text
    assert office.requests("ConfirmPrice") == []


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        (PriceNeedsReason(line_no=2), "why_2"),
        (ServicePriceNeedsReason(line_no=2, service="Custom <label>"), "because_2_1"),
        (BadDeposit(percent=200), "deposit_percent"),
    ],
)
def test_what_ordering_refuses_is_marked_beside_its_field(
    lin: As, office: Office, refusal: Malformed, field: str
) -> None:
    office.answers["ConfirmPrice"] = refusal
    typed = {"price_1": "9", "price_2": "12.50", "why_2": "", "because_2_1": ""}
    refused = lin(BUSINESS_MANAGER).fill(PRICE, **typed, deposit_percent="200")
    assert refused.status_code == 400
    assert re.findall(r'id="(\w+)-error"', refused.text) == [field]
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', refused.text)


@pytest.mark.parametrize(
    "refusal",
    [
        PriceNeedsReason(line_no=9),
        ServicePriceNeedsReason(line_no=2, service="Of old"),
        ServicePriceNeedsReason(line_no=9, service="Custom <label>"),
    ],
)
def test_what_is_not_on_the_form_is_marked_nowhere(
    lin: As, office: Office, refusal: Malformed
) -> None:
    office.answers["ConfirmPrice"] = refusal
    refused = lin(BUSINESS_MANAGER).fill(PRICE, price_1="9", why_1="", because_2_1="")
    assert refused.status_code == 400
    assert 'aria-invalid="true"' not in refused.text
    assert "list price" in refused.text


def test_a_refusal_stands_beside_the_form_with_what_was_typed(lin: As, office: Office) -> None:
    office.answers["ConfirmPrice"] = NotNow()
    refused = lin(BUSINESS_MANAGER).fill(PRICE, price_1="9", price_2="12.50")
    assert refused.status_code == 409
    assert "Order MR-2026-000007 is held: wait." in refused.text
    assert "A business manager releases the order." in refused.text
    assert 'value="9"' in refused.text


def test_a_page_that_is_too_old_offers_the_new_one(lin: As, office: Office) -> None:
    office.answers["ConfirmPrice"] = Changed()
    refused = lin(BUSINESS_MANAGER).fill(PRICE, price_1="9", price_2="12.50")
    assert "changed since you read it" in refused.text
    assert f'<a href="{PRICE}">Read it again</a>' in refused.text


def test_sending_a_form_twice_is_one_request(lin: As, office: Office) -> None:
    browser = lin(PROJECT_MANAGER)
    office.answers["ConfirmSoftware"] = an_order()
    page = browser.get("/orders/acme/7/software").text
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    for _ in range(2):
        browser.post("/orders/acme/7/software", data=form, headers={"origin": browser.origin})
    ids = {asked.request_id for asked in office.requests("ConfirmSoftware")}
    assert len(ids) == 1


def test_software_is_shown_with_how_far_it_is_trusted(lin: As) -> None:
    html = lin(PROJECT_MANAGER).get("/orders/acme/7/software").text
    assert "Beta" in html
    assert "sha256:ab12" in html


@pytest.mark.parametrize(
    ("act", "method", "role"),
    [
        ("reject", "RejectOrder", PROJECT_MANAGER),
        ("hold", "HoldOrder", FINANCE),
        ("release", "ReleaseOrder", BUSINESS_MANAGER),
    ],
)
def test_a_reason_goes_along(lin: As, office: Office, act: str, method: str, role) -> None:
    office.answers[method] = an_order()
    if act == "release":
        office.answers["GetOrder"] = an_order(hold=Hold(reason="Wait", since=at(1)))
    lin(role).fill(f"/orders/acme/7/{act}", reason="Because <of> it")
    asked = office.request(method)
    assert (asked.reason, asked.etag) == ("Because <of> it", "4")


def test_only_what_is_on_hold_is_offered_to_go_on(lin: As, office: Office) -> None:
    browser = lin(BUSINESS_MANAGER)
    office.answers["GetOrder"] = an_order()
    html = browser.get("/orders/acme/7/release").text
    assert "This order is not on hold" in html
    assert 'name="reason"' not in html
    office.answers["GetOrder"] = an_order(hold=Hold(reason="Wrong <price>", since=at(1)))
    html = browser.get("/orders/acme/7/release").text
    assert 'name="reason"' in html
    assert "Wrong &lt;price&gt;" in html


def test_what_is_on_hold_is_not_offered_to_be_held_again(lin: As, office: Office) -> None:
    office.answers["GetOrder"] = an_order(hold=Hold(reason="Wrong <price>", since=at(1)))
    html = lin(BUSINESS_MANAGER).get("/orders/acme/7/hold").text
    assert 'name="reason"' not in html
    assert "On hold already:" in html
    assert "Wrong &lt;price&gt;" in html
    assert 'href="/orders/acme/7/release"' in html


PROPOSE = "/orders/acme/7/propose"


def test_business_managers_ask_the_buyer_for_other_quantities(lin: As, office: Office) -> None:
    office.answers["ProposeAmendment"] = an_order()
    browser = lin(BUSINESS_MANAGER)
    assert 'name="firmware_1"' not in browser.get(PROPOSE).text

    browser.fill(PROPOSE, quantity_1="1,050", reason="Full cartons.")
    [change] = office.request("ProposeAmendment").changes
    assert (change.line_no, change.quantity) == (1, 1050)


def test_a_change_is_asked_for_at_a_price_and_its_effect_on_money_is_shown_first(
    lin: As, office: Office
) -> None:
    office.answers["ProposeAmendment"] = an_amended_order()
    browser = lin(BUSINESS_MANAGER)
    typed = {"quantity_1": "2,000", "price_1": "10.50", "why_1": "A frame order.", "preview": "yes"}
    shown = browser.fill(PROPOSE, **typed, reason="Full cartons.")
    asked = office.request("ProposeAmendment")
    [change] = asked.changes
    assert asked.validate_only
    assert (change.quantity, change.unit_price) == (2000, yuan(10, 500_000_000))
    assert change.price_reason == "A frame order."
    assert "CNY\u00a025,000.00 → CNY\u00a033,500.00" in shown.text
    assert "−CNY\u00a00.50 (−4.5 %)" in shown.text
    assert 'value="10.50"' in shown.text, "what was typed stays"


def test_a_price_alone_a_line_taken_out_and_another_day_are_asked_for(
    lin: As, office: Office
) -> None:
    office.answers["ProposeAmendment"] = an_order()
    given = {"price_1": "11", "why_1": "Agreed.", "remove_2": "yes", "delivery_date": "2031-04-01"}
    lin(BUSINESS_MANAGER).fill(PROPOSE, **given, price_2="3", reason="As we said.")
    first, second, third = office.request("ProposeAmendment").changes
    assert (first.line_no, first.quantity, first.unit_price) == (1, 1000, yuan(11))
    assert (second.line_no, second.remove_line, second.HasField("unit_price")) == (2, True, False)
    assert third.delivery_date == "2031-04-01"


def test_another_address_is_asked_for_and_one_left_alone_is_not(lin: As, office: Office) -> None:
    office.answers["ProposeAmendment"] = an_order()
    browser = lin(BUSINESS_MANAGER)
    place = {"recipient": "Goods receipt", "city": "Hangzhou", "country_code": "CN", "street": ""}
    browser.fill(PROPOSE, **place, quantity_1="1,050", reason="Full cartons.")
    assert len(office.request("ProposeAmendment").changes) == 1

    browser.fill(PROPOSE, **place | {"street": "1 Ring Road"}, reason="They moved.")
    [change] = office.request("ProposeAmendment").changes
    assert change.delivery_address == Address(
        recipient="Goods receipt", street="1 Ring Road", city="Hangzhou", country_code="CN"
    )
    office.answers["GetOrder"] = an_order(family=Family.LICENSE)
    assert 'name="street"' not in browser.get(PROPOSE).text, "codes are sent nowhere"


def test_other_prices_of_services_are_asked_for_with_the_line_they_are_on(
    lin: As, office: Office
) -> None:
    office.answers["ProposeAmendment"] = an_amended_order()
    prices = {"unit_1_1": "0.10", "order_1_1": "50", "setup_1_1": "0", "because_1_1": "So."}
    given = prices | {"unit_2_1": "0.08", "order_2_1": "50", "because_2_1": "As promised."}
    lin(BUSINESS_MANAGER).fill(PROPOSE, **given, reason="As promised.", preview="yes")
    asked = office.request("ProposeAmendment")
    [change], [price] = asked.changes, asked.service_prices
    assert (change.line_no, change.quantity, change.HasField("unit_price")) == (2, 1000, False)
    assert (price.line_no, price.service) == (2, LABELS)
    assert (price.unit_price, price.reason) == (yuan(0, 80_000_000), "As promised.")

    lin(BUSINESS_MANAGER).fill(PROPOSE, **given, reason="As promised.", remove_2="yes")
    asked = office.request("ProposeAmendment")
    assert not asked.service_prices, "what goes has no price"
    assert asked.changes[0].remove_line


def test_a_quantity_that_is_none_is_refused_and_not_passed_over(lin: As, office: Office) -> None:
    office.answers["ProposeAmendment"] = an_order()
    refused = lin(BUSINESS_MANAGER).fill(PROPOSE, quantity_1="many", reason="Why not.")
    assert 'id="quantity_1-error"' in refused.text
    lin(BUSINESS_MANAGER).fill(PROPOSE, quantity_1="", reason="Why not.")
    [change] = office.request("ProposeAmendment").changes
    assert change.WhichOneof("what") == "quantity"
    assert change.quantity == 0, "ordering refuses it"
    refused = lin(BUSINESS_MANAGER).fill(PROPOSE, price_1="cheap", reason="Why not.")
    assert 'id="price_1-error"' in refused.text
    office.answers["ProposeAmendment"] = PriceNeedsReason(line_no=1)
    refused = lin(BUSINESS_MANAGER).fill(PROPOSE, price_1="9", why_1="", reason="Why not.")
    assert 'id="why_1-error"' in refused.text


def test_project_managers_choose_firmware_by_its_version(lin: As, office: Office) -> None:
    office.answers |= {"ProposeAmendment": an_order(), "ListFirmware": versions()}
    browser = lin(PROJECT_MANAGER)
    html = browser.get(PROPOSE).text
    assert "2.5.0 · Released" in html
    assert 'name="quantity_1"' not in html

    browser.fill(PROPOSE, firmware_1="modules/wr3e/firmware/2", reason="It is safer.")
    [change] = office.request("ProposeAmendment").changes
    assert (change.line_no, change.firmware) == (1, "modules/wr3e/firmware/2")


def versions() -> ListFirmwareResponse:
    states = {"2.4.1": Firmware.RETIRED, "2.5.0": Firmware.RELEASED, "2.6.0": Firmware.BETA}
    return ListFirmwareResponse(
        firmware=[
            Firmware(name=f"modules/wr3e/firmware/{number}", version=version, state=state)
            for number, (version, state) in enumerate(states.items(), 1)
        ]
    )


@pytest.mark.parametrize(
    ("purpose", "offered"),
    [
        (Purpose.MASS_PRODUCTION, ["2.5.0"]),
        (Purpose.TRIAL_PRODUCTION, ["2.5.0", "2.6.0"]),
        (Purpose.DEBUGGING, ["2.5.0", "2.6.0"]),
    ],
)
def test_only_firmware_is_offered_that_may_be_burnt_for_what_an_order_is_for(
    lin: As, office: Office, purpose: "Purpose.ValueType", offered: list[str]
) -> None:
    office.answers |= {"GetOrder": an_order(purpose=purpose), "ListFirmware": versions()}
    html = lin(PROJECT_MANAGER).get(PROPOSE).text
    [chosen, _second] = re.findall(r'<select[^>]*name="firmware_.*?</select>', html, re.DOTALL)
    assert re.findall(r">(\d\.\d\.\d) · ", chosen) == offered
    # It is not among them any more: nothing else is chosen for who changes nothing.
    assert '<option value="">As it is, which may not be burnt any more</option>' in chosen


def test_where_no_firmware_may_be_burnt_it_is_said(lin: As, office: Office) -> None:
    beta = Firmware(name="modules/wr3e/firmware/3", version="2.6.0", state=Firmware.BETA)
    office.answers["ListFirmware"] = ListFirmwareResponse(firmware=[beta])
    html = lin(PROJECT_MANAGER).get(PROPOSE).text
    assert "No other firmware of the module may be burnt for mass production" in html
    assert 'name="firmware_1"' not in html


def test_an_order_offers_what_its_state_and_the_reader_allow(lin: As, office: Office) -> None:
    browser = lin(BUSINESS_MANAGER)

    def offers(**order: object) -> set[str]:
        office.answers["GetOrder"] = an_order(**order)
        html = browser.get("/orders/acme/7").text
        return set(re.findall(r'href="/orders/acme/7/(\w+)"', html)) - {"revisions"}

    assert offers() == {"price", "propose", "reject", "hold"}
    assert offers(business_manager=COLLEAGUE, project_manager=COLLEAGUE) == {"hold"}
    assert "in a colleague&#39;s hands" in browser.get("/orders/acme/7").text
    # A hold stops what is confirmed and made; the order can be changed, or sent back.
    held = Hold(reason="Wait", since=at(1))
    assert offers(hold=held) == {"propose", "release", "reject"}
    assert offers(state=Order.SHIPPED) == {"hold"}
    assert offers(state=Order.COMPLETED) == set()


def test_what_is_to_be_changed_is_not_offered_to_be_confirmed(lin: As, office: Office) -> None:
    office.answers["GetOrder"] = order = an_order()
    order.amendment.MergeFrom(
        Amendment(proposed_as=Amendment.BUYER, awaits=[Amendment.BUSINESS_MANAGER])
    )
    order.amendment.changes.add(line_no=1, field="quantity", before="1000", after="2000")
    html = lin(BUSINESS_MANAGER).get("/orders/acme/7").text
    assert 'href="/orders/acme/7/price"' not in html
    assert "A change of it is to be agreed on or turned down first." in html
    assert 'href="/orders/acme/7/reject"' in html


@pytest.mark.parametrize(("role", "asks"), [(BUSINESS_MANAGER, True), (PROJECT_MANAGER, False)])
def test_who_may_ask_for_no_change_any_more_is_told_why(
    lin: As, office: Office, role: "Role.ValueType", asks: bool
) -> None:
    """Project managers ask for other firmware only; business managers for another address, too."""
    office.answers["GetOrder"] = an_order(state=Order.IN_PRODUCTION, project_manager=ME)
    html = lin(role).get("/orders/acme/7").text
    assert ('href="/orders/acme/7/propose"' in html) == asks
    assert ("Production was told what to make" in html) == (not asks)


@pytest.mark.parametrize("form", ["price", "software", "reject"])
def test_who_comes_to_a_form_too_late_is_told_so(lin: As, office: Office, form: str) -> None:
    """From a tab that was open, or an address that was kept."""
    browser, page = lin(BUSINESS_MANAGER, PROJECT_MANAGER), f"/orders/acme/7/{form}"
    office.answers["GetOrder"] = an_order(project_manager=ME)
    told = "There is nothing of the kind to decide about the order now."
    assert told not in browser.get(page).text
    office.answers["GetOrder"] = an_order(state=Order.SHIPPED, project_manager=ME)
    html = browser.get(page).text
    assert told in html
    assert not re.search(r'<button type="submit" class="btn btn-[a-z-]+">', html)


def test_firmware_that_is_retired_is_not_offered_to_be_confirmed(lin: As, office: Office) -> None:
    office.answers["GetOrder"] = order = an_order(project_manager=ME)
    line = order.lines[0]
    firmware = Firmware(name=line.firmware, version="2.4.1", state=Firmware.RETIRED)
    pages = {
        "": ListFirmwareResponse(next_page_token="more"),
        "more": ListFirmwareResponse(firmware=[firmware]),
    }
    office.answers["ListFirmware"] = lambda asked: pages[asked.page_token]
    html = lin(PROJECT_MANAGER).get("/orders/acme/7/software").text
    assert f"Firmware {line.firmware_version} is retired: ask for another one, or reject." in html
    assert 'disabled aria-describedby="why-confirm-the-software"' in html
    assert "Reject instead" in html


def test_an_order_shows_what_each_service_knows(lin: As) -> None:
    html = lin(BUSINESS_MANAGER).get("/orders/acme/7").text
    for known in ("MC-2026-000007", "MW-2026-000007", "MS-1", "The order was submitted"):
        assert known in html


def test_a_service_that_is_away_costs_its_card_only(lin: As, office: Office) -> None:
    office.answers["GetPaymentPlan"] = PaymentAway()
    shown = lin(BUSINESS_MANAGER).get("/orders/acme/7")
    assert shown.status_code == 200
    assert "The payment service does not answer at the moment." in shown.text
    assert "MC-2026-000007" in shown.text


def test_a_project_manager_is_not_shown_money_cards(lin: As, office: Office) -> None:
    lin(PROJECT_MANAGER).get("/orders/acme/7")
    assert office.requests("GetPaymentPlan") == []
    assert office.requests("ListContracts") == []


def test_prices_of_services_are_confirmed_part_by_part(lin: As, office: Office) -> None:
    office.answers["ConfirmPrice"] = an_order()
    browser = lin(BUSINESS_MANAGER)
    html = browser.get("/orders/acme/7/price").text
    assert "list CNY\u00a0300.00; 0 waives it" in html
    given = {"unit_1_1": "0.1", "setup_1_1": "0", "because_1_1": "A regular.", "order_2_1": "50"}
    browser.fill("/orders/acme/7/price", **given)
    first, second = office.request("ConfirmPrice").service_prices
    assert (first.line_no, first.service, first.reason) == (1, LABELS, "A regular.")
    assert (first.unit_price.nanos, first.HasField("setup_fee")) == (100_000_000, True)
    assert first.setup_fee == yuan(0)
    assert (second.line_no, second.price_per_order) == (2, yuan(50))


def test_an_order_shows_its_services_with_their_prices(lin: As) -> None:
    html = lin(BUSINESS_MANAGER).get("/orders/acme/7").text
    assert "Custom &lt;label&gt;" in html
    assert "A &lt;regular&gt;." in html


def attached(office: Office) -> str:
    """Let a file be attached to the order, and return where it is read."""
    order = an_order()
    order.attachments.add(file_name="carton <1>.pdf", digest=DIGEST, size_bytes=2048)
    office.answers["GetOrder"] = order
    part = HttpBody(content_type="application/pdf", data=b"%PDF")
    office.answers["DownloadAttachment"] = [part]
    return f"/orders/acme/7/attachments/{DIGEST}"


@pytest.mark.parametrize("role", [BUSINESS_MANAGER, PROJECT_MANAGER])
def test_managers_read_what_is_attached(lin: As, office: Office, role) -> None:
    path, browser = attached(office), lin(role)
    assert "carton &lt;1&gt;.pdf" in browser.get("/orders/acme/7").text
    got = browser.get(f"{path}?as=carton.pdf")
    assert got.content == b"%PDF"
    assert got.headers["content-disposition"].endswith("carton.pdf")
    asked = office.request("DownloadAttachment")
    assert (asked.name, asked.digest) == ("enterprises/acme/orders/7", DIGEST)


def test_managers_attach_files_and_remove_their_own(lin: As, office: Office) -> None:
    path, browser = attached(office), lin(BUSINESS_MANAGER)
    order = office.answers["GetOrder"]
    order.attachments[0].attach_time.CopyFrom(at(40))
    offer = order.attachments.add(file_name="offer.pdf", digest="sha256:1", by_vendor=True)
    offer.attach_time.CopyFrom(at(90))
    office.answers |= {"AttachFile": order, "RemoveAttachment": order}
    opened = browser.get("/orders/acme/7")
    assert "from the vendor" in opened.text
    assert f'action="{path}/remove"' not in opened.text

    files = path.removesuffix(f"/{DIGEST}")
    done = browser.post(
        files,
        data=hidden_fields(opened.text, files),
        files={"file": ("price.pdf", b"%PDF", "application/pdf")},
        headers={"origin": browser.origin},
    )
    assert "price.pdf is attached." in done.text
    asked = office.request("AttachFile")
    assert (asked.name, asked.file_name, asked.content) == (
        "enterprises/acme/orders/7",
        "price.pdf",
        b"%PDF",
    )
    gone = browser.fill("/orders/acme/7", f"{files}/sha256:1/remove")
    assert "not attached any more" in gone.text
    removed = office.request("RemoveAttachment")
    assert (removed.digest, removed.etag) == ("sha256:1", "4")


def test_without_a_file_nothing_is_sent(lin: As, office: Office) -> None:
    refused = lin(BUSINESS_MANAGER).fill("/orders/acme/7", "/orders/acme/7/attachments")
    assert refused.status_code == 400
    assert 'id="file-error"' in refused.text
    assert office.requests("AttachFile") == []


@pytest.mark.parametrize(
    ("state", "said"), [(Order.CONFIRMED, "in a colleague&#39;s hands"), (Order.COMPLETED, "")]
)
def test_what_a_colleague_has_or_what_ended_takes_no_file(
    lin: As, office: Office, state: Order.State.ValueType, said: str
) -> None:
    attached(office)
    order = an_order(state=state, business_manager=COLLEAGUE, project_manager=COLLEAGUE)
    order.attachments.add(file_name="offer.pdf", digest="sha256:1", by_vendor=True)
    order.attachments[0].attach_time.CopyFrom(at(90))
    office.answers["GetOrder"] = order
    html = lin(BUSINESS_MANAGER).get("/orders/acme/7").text
    assert "offer.pdf" in html
    assert "/remove" not in html
    assert said in html
    assert ('name="file"' in html) is bool(said)


def test_finance_does_not_read_what_is_attached(lin: As, office: Office) -> None:
    path, browser = attached(office), lin(FINANCE)
    assert "carton" not in browser.get("/orders/acme/7").text
    assert browser.get(path).status_code == 403


def test_until_when_one_can_sign_is_said_while_one_can(lin: As, office: Office) -> None:
    terms = Terms(deposit_percent=30, lead_time_days=21, valid_until=at(10))
    browser = lin(BUSINESS_MANAGER)

    def said(state: int, contract: "Gate.ValueType") -> tuple[bool, bool]:
        gates = Gates(price=Gate.PASSED, contract=contract)
        office.answers["GetOrder"] = an_order(state=state, gates=gates, terms=terms)
        html = browser.get("/orders/acme/7").text
        return "30 % deposit before production" in html, "can be signed until" in html

    assert said(Order.CONFIRMED, Gate.PENDING) == (True, True)
    assert said(Order.CONTRACT_SIGNED, Gate.PASSED) == (True, False)
    assert said(Order.EXPIRED, Gate.PENDING) == (False, False), "nothing of it is promised"


@pytest.mark.parametrize(("year", "lapsed"), [(2020, True), (2099, False)])
def test_who_lets_an_order_go_on_that_can_be_signed_no_more_is_told_that_it_expires(
    lin: As, office: Office, year: int, lapsed: bool
) -> None:
    order = an_order(state=Order.CONFIRMED)
    order.terms.valid_until.FromDatetime(datetime(year, 1, 1, tzinfo=UTC))
    order.gates.contract = Gate.PENDING
    office.answers["GetOrder"] = order
    browser = lin(BUSINESS_MANAGER)
    assert "all the same" in browser.get("/orders/acme/7/hold").text
    order.hold.reason = "Wait"
    html = browser.get("/orders/acme/7/release").text
    assert ("as soon as it goes on, it expires" in html) is lapsed


@pytest.mark.parametrize(
    ("role", "state", "offered", "disabled"),
    [
        (BUSINESS_MANAGER, Order.CONTRACT_SIGNED, {"quantity_1", "delivery_date", "street"}, False),
        (BUSINESS_MANAGER, Order.IN_PRODUCTION, {"delivery_date", "street"}, False),
        (BUSINESS_MANAGER, Order.READY_TO_SHIP, {"street"}, False),
        (BUSINESS_MANAGER, Order.CANCELLED, set(), True),
        (PROJECT_MANAGER, Order.IN_PRODUCTION, set(), True),
    ],
)
def test_the_buyer_is_asked_only_for_what_can_still_be_changed(
    lin: As,
    office: Office,
    role: int,
    state: "Order.State.ValueType",
    offered: set[str],
    disabled: bool,
) -> None:
    office.answers["GetOrder"] = an_order(state=state)
    html = lin(role).get(PROPOSE).text
    fields = {"quantity_1", "delivery_date", "street"}
    assert {each for each in fields if f'name="{each}"' in html} == offered
    assert ("why-ask-the-buyer" in html) is disabled
    told = "Production was told what to make" in html
    assert told is (state in {Order.IN_PRODUCTION, Order.READY_TO_SHIP})
