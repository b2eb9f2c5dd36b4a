"""What production does: start, record, attach, finish, resume, dispatch."""

import re

import pytest
from millrun.authorization.v1.account_pb2 import PRODUCTION, PROJECT_MANAGER
from millrun.fulfillment.v1.fulfillment_pb2 import ListWorkOrdersResponse
from millrun.fulfillment.v1.work_pb2 import Batch, Shipment, WorkOrder

from services.console.tests.office import As, Office
from services.console.tests.papers import DIGEST, ORDER, a_batch, a_work_order, furnish
from shared.testing.pages import Browser, hidden_fields

WORK = "/work-orders/acme/7"
UNITS = f"{WORK}/units?batch=B-1"
ATTACH = f"{WORK}/attach?batch=B-1"
NAME = "enterprises/acme/workOrders/7"


@pytest.fixture(autouse=True)
def _furnished(office: Office) -> None:
    furnish(office)
    office.answers |= {"RecordUnits": a_work_order(a_batch()), "AttachTestData": a_work_order()}


def test_the_ordered_firmware_is_always_in_view(lin: As) -> None:
    browser = lin(PRODUCTION)
    for page in (WORK, f"{WORK}/batch", UNITS, ATTACH):
        assert f'<code class="whole-digest">{DIGEST}</code>' in browser.get(page).text


def test_production_is_started_from_the_page(lin: As, office: Office) -> None:
    office.answers["GetWorkOrder"] = a_work_order(state=WorkOrder.OPEN)
    office.answers["StartProduction"] = a_work_order()
    lin(PRODUCTION).fill(WORK, f"{WORK}/start")
    asked = office.request("StartProduction")
    assert (asked.name, asked.etag) == (NAME, "9")


def test_a_held_order_says_why_nothing_can_be_started(lin: As, office: Office) -> None:
    office.answers["GetWorkOrder"] = a_work_order(
        state=WorkOrder.OPEN, hold_reason="Wrong label <1>"
    )
    html = lin(PRODUCTION).get(WORK).text
    assert "Wrong label &lt;1&gt;" in html
    assert re.search(r"<button[^>]* disabled[^>]*>.{0,200}Start production", html, re.DOTALL)


def test_a_batch_starts_with_what_is_left(lin: As, office: Office) -> None:
    office.answers["StartBatch"] = a_work_order()
    browser = lin(PRODUCTION)
    assert 'value="100"' in browser.get(f"{WORK}/batch").text
    browser.fill(f"{WORK}/batch", production_batch_no="B-4", quantity="100")
    asked = office.request("StartBatch")
    assert (asked.production_batch_no, asked.quantity) == ("B-4", 100)


def test_a_batch_of_nothing_is_not_one_of_everything(lin: As, office: Office) -> None:
    refused = lin(PRODUCTION).fill(f"{WORK}/batch", production_batch_no="B-4", quantity="0")
    assert refused.status_code == 400
    assert 'id="quantity-error"' in refused.text
    assert office.requests("StartBatch") == []


def test_pasted_results_are_recorded_in_parts_with_ids_of_their_own(
    lin: As, office: Office
) -> None:
    pasted = "\n".join(f"S{number}\t{DIGEST}\tpass" for number in range(2_500))
    done = lin(PRODUCTION).fill(UNITS, UNITS, units=pasted)
    asked = office.requests("RecordUnits")
    assert [len(part.units) for part in asked] == [1000, 1000, 500]
    assert len({part.request_id for part in asked}) == 3
    assert {part.production_batch_no for part in asked} == {"B-1"}
    assert "2500 results are recorded." in done.text


def test_an_uploaded_file_counts_like_a_paste(lin: As, office: Office) -> None:
    sent = upload(lin(PRODUCTION), UNITS, "u.csv", f"serial,digest,result\nS1,{DIGEST},fail\n")
    (unit,) = office.request("RecordUnits").units
    assert (unit.serial_no, unit.firmware_digest, unit.passed) == ("S1", DIGEST, False)
    assert sent.url.path == WORK


def test_the_first_wrong_firmware_is_said_loudly_and_nothing_more_is_sent(
    lin: As, office: Office
) -> None:
    stopped = a_batch(state=Batch.STOPPED, stop_reason="Unit S1 has firmware x.")
    office.answers["RecordUnits"] = a_work_order(stopped)
    pasted = "\n".join(f"S{number}\t{DIGEST}\tpass" for number in range(1_001))
    done = lin(PRODUCTION).fill(UNITS, UNITS, units=pasted)
    assert len(office.requests("RecordUnits")) == 1
    assert "The batch is stopped: Unit S1 has firmware x." in done.text
    assert "notice-danger" in done.text


def test_a_line_that_is_not_understood_is_named(lin: As, office: Office) -> None:
    refused = lin(PRODUCTION).fill(UNITS, UNITS, units=f"S1\t{DIGEST}\tpass\nS2 pass")
    assert refused.status_code == 400
    assert "Line 2 is not understood" in refused.text
    assert "S2 pass</textarea>" in refused.text, "what was pasted stays"
    assert office.requests("RecordUnits") == []


def test_test_data_is_attached_as_what_it_is(lin: As, office: Office) -> None:
    upload(lin(PRODUCTION), ATTACH, "B-1.csv", "serial_no\nS1\n", kind="application/vnd.ms-excel")
    asked = office.request("AttachTestData")
    assert (asked.media_type, asked.content) == ("text/csv", b"serial_no\nS1\n")


def test_test_data_needs_a_file_of_a_size_that_fits(lin: As, office: Office) -> None:
    browser = lin(PRODUCTION)
    assert "No file was chosen." in browser.fill(ATTACH, ATTACH).text
    large = upload(browser, ATTACH, "b.zip", "x" * (3 * 1024 * 1024 + 1))
    assert "3 MiB can be attached" in large.text
    assert office.requests("AttachTestData") == []


def test_a_batch_is_finished_once_all_passed_and_test_data_is_there(
    lin: As, office: Office
) -> None:
    browser = lin(PRODUCTION)
    assert f'action="{WORK}/complete"' not in browser.get(WORK).text
    office.answers["GetWorkOrder"] = a_work_order(
        a_batch(passed_quantity=600, test_data_digest=DIGEST)
    )
    browser.fill(WORK, f"{WORK}/complete")
    asked = office.request("CompleteBatch")
    assert (asked.production_batch_no, asked.etag) == ("B-1", "9")


def test_a_stopped_batch_is_resumed_with_what_was_done(lin: As, office: Office) -> None:
    to = f"{WORK}/resume?batch=B-2"
    lin(PROJECT_MANAGER).fill(to, to, reason="Burnt again")
    asked = office.request("ResumeBatch")
    assert (asked.production_batch_no, asked.reason) == ("B-2", "Burnt again")


def test_a_batch_that_was_started_by_mistake_is_withdrawn_with_a_reason(
    lin: As, office: Office
) -> None:
    to = f"{WORK}/withdraw?batch=B-1"
    work = a_work_order(a_batch(passed_quantity=0))
    office.answers |= {"GetWorkOrder": work, "WithdrawBatch": a_work_order()}
    browser = lin(PRODUCTION)
    assert f'href="{to}"' in browser.get(WORK).text
    assert "This cannot be undone." in browser.get(to).text
    done = browser.fill(to, to, reason="600 instead of 60")
    asked = office.request("WithdrawBatch")
    assert (asked.name, asked.production_batch_no) == (NAME, "B-1")
    assert (asked.reason, asked.etag) == ("600 instead of 60", "9")
    assert asked.request_id
    assert "The batch is withdrawn." in done.text


@pytest.mark.parametrize(
    ("batch", "why"),
    [
        (a_batch(), "Units of it are recorded."),
        (a_batch(passed_quantity=0, failed_quantity=1), "Units of it are recorded."),
        (a_batch(passed_quantity=0, test_data_digest=DIGEST), "Its test data is attached."),
    ],
)
def test_a_batch_that_cannot_be_withdrawn_says_why(
    lin: As, office: Office, batch: Batch, why: str
) -> None:
    office.answers["GetWorkOrder"] = a_work_order(batch)
    browser = lin(PRODUCTION)
    for path in (WORK, f"{WORK}/withdraw?batch=B-1"):
        html = browser.get(path).text
        assert re.search(r"<button[^>]* disabled[^>]*>Withdraw", html), path
        assert why in html, path
    assert f'href="{WORK}/withdraw' not in browser.get(WORK).text


def test_each_of_two_batches_says_for_itself_why_it_stays(lin: As, office: Office) -> None:
    office.answers["GetWorkOrder"] = a_work_order(
        a_batch("A B#1"), a_batch("A B#2", passed_quantity=0, test_data_digest=DIGEST)
    )
    html = lin(PRODUCTION).get(WORK).text
    described = re.findall(r'disabled aria-describedby="([^"]+)"[^>]*>Withdraw', html)
    assert len(described) == len(set(described)) == 2
    for each, why in zip(described, ["Units of it are", "Its test data"], strict=True):
        assert re.search(rf'id="{re.escape(each)}">.*?</svg>{why}', html)


def test_nobody_but_production_is_offered_to_withdraw_a_batch(lin: As, office: Office) -> None:
    office.answers["GetWorkOrder"] = a_work_order(a_batch(passed_quantity=0))
    engineer = lin(PROJECT_MANAGER)
    assert "Withdraw" not in engineer.get(WORK).text
    assert engineer.get(f"{WORK}/withdraw?batch=B-1").status_code == 403


def test_what_does_not_run_is_not_offered_to_be_withdrawn(lin: As, office: Office) -> None:
    states = [Batch.STOPPED, Batch.COMPLETED]
    office.answers["GetWorkOrder"] = a_work_order(
        *(a_batch(f"B-{n}", state=state, passed_quantity=0) for n, state in enumerate(states))
    )
    assert "/withdraw" not in lin(PRODUCTION).get(WORK).text


def test_withdrawn_batches_stand_apart_and_count_for_nothing(lin: As, office: Office) -> None:
    gone = a_batch(state=Batch.WITHDRAWN, passed_quantity=0, withdraw_reason="Typo <1>")
    office.answers["GetWorkOrder"] = a_work_order(
        a_batch("B-2", quantity=400), withdrawn_batches=[gone]
    )
    html = lin(PRODUCTION).get(WORK).text
    assert "600 in no batch yet" in html
    assert "Withdrawn batches" in html
    assert "Typo &lt;1&gt;" in html
    assert f"{WORK}/units?batch=B-1" not in html


def test_a_batch_that_is_not_there_is_not_found(lin: As) -> None:
    assert lin(PRODUCTION).get(f"{WORK}/units?batch=B-404").status_code == 404


def test_finished_batches_are_dispatched_in_the_quantities_entered(lin: As, office: Office) -> None:
    office.answers["DispatchShipment"] = Shipment(shipment_no="MS-9")
    browser = lin(PRODUCTION)
    field = f"{NAME}#B-3"
    assert f'name="{field}"' in browser.get(f"{WORK}/dispatch").text
    done = browser.fill(
        f"{WORK}/dispatch", **{field: "150"}, carrier="SF Express", tracking_no="SF1"
    )
    shipment = office.request("DispatchShipment").shipment
    (item,) = shipment.items
    assert (item.work_order, item.production_batch_no, item.quantity) == (NAME, "B-3", 150)
    assert (shipment.order, shipment.carrier) == ("enterprises/acme/orders/7", "SF Express")
    assert "Shipment MS-9 is on its way." in done.text


def test_the_address_goods_are_labelled_with_goes_along(lin: As, office: Office) -> None:
    office.answers["DispatchShipment"] = Shipment(shipment_no="MS-9")
    shown = office.answers["GetWorkOrder"].delivery_address
    lin(PRODUCTION).fill(
        f"{WORK}/dispatch", **{f"{NAME}#B-3": "150"}, carrier="SF Express", tracking_no="SF1"
    )
    assert office.request("DispatchShipment").shipment.delivery_address == shown


def test_what_is_not_cleared_or_held_is_not_offered_to_be_dispatched(
    lin: As, office: Office
) -> None:
    browser, work = lin(PRODUCTION), office.answers["GetWorkOrder"]
    assert "addendum is to be signed" not in browser.get(f"{WORK}/dispatch").text
    disabled = re.compile(r'<button type="submit" class="btn btn-primary" disabled')
    for change, why in (
        ({"cleared_for_shipping": False}, "an addendum is to be signed."),
        ({"hold_reason": "Wrong label."}, "The order is on hold."),
    ):
        other = WorkOrder()
        other.CopyFrom(work)
        for field, value in change.items():
            setattr(other, field, value)
        office.answers["GetWorkOrder"] = other
        html = browser.get(f"{WORK}/dispatch").text
        assert disabled.search(html)
        assert why in html
        assert why in browser.get(WORK).text


def test_units_are_recorded_and_batches_finished_of_what_is_not_held(
    lin: As, office: Office
) -> None:
    whole = a_batch("B-9", passed_quantity=600, test_data_digest=DIGEST)
    browser = lin(PRODUCTION)
    office.answers["GetWorkOrder"] = a_work_order(a_batch(), whole)
    html = browser.get(WORK).text
    assert f'href="{WORK}/units?batch=B-1"' in html
    assert 'aria-describedby="why-finish-the-batch"' not in html
    office.answers["GetWorkOrder"] = a_work_order(a_batch(), whole, hold_reason="Wrong label.")
    html = browser.get(WORK).text
    assert f'href="{WORK}/units?batch=B-1"' not in html
    assert 'disabled aria-describedby="why-record-units-B-1"' in html
    assert 'disabled aria-describedby="why-finish-the-batch"' in html
    # A file is kept, and a batch that was started by mistake is withdrawn, all the same.
    assert f'href="{WORK}/attach?batch=B-1"' in html


def test_an_empty_shipment_is_refused(lin: As, office: Office) -> None:
    field = f"{NAME}#B-3"
    refused = lin(PRODUCTION).fill(
        f"{WORK}/dispatch", **{field: "0"}, carrier="SF", tracking_no="1"
    )
    assert "there is nothing to ship" in refused.text
    assert office.requests("DispatchShipment") == []


def test_nothing_is_offered_to_be_made_or_shipped_of_an_order_that_ended(
    lin: As, office: Office
) -> None:
    done = a_batch("B-3", state=Batch.COMPLETED)
    ended = a_work_order(
        done,
        a_batch(),
        state=WorkOrder.CLOSED,
        finished_quantity=done.quantity,
        cleared_for_shipping=True,
    )
    office.answers["GetWorkOrder"] = ended
    office.answers["ListWorkOrders"] = ListWorkOrdersResponse(work_orders=[ended])
    browser = lin(PRODUCTION)

    html = browser.get(WORK).text
    assert "The order ended." in html
    for step in ("dispatch", "batch", "units", "attach", "complete", "withdraw"):
        assert not re.search(rf'(href|action)="{WORK}/{step}\b', html), step
    dispatch = browser.get(f"{WORK}/dispatch").text
    assert "No finished batch of this order is left to ship." in dispatch


def test_what_may_be_shipped_is_listed_by_itself(lin: As, office: Office) -> None:
    html = lin(PRODUCTION).get("/work-orders?state=FINISHED_AND_CLEARED_TO_SHIP").text
    asked = office.request("ListWorkOrders")
    assert (asked.to_ship_only, list(asked.states)) == (True, [])
    assert ">Finished and cleared to ship</option>" in html


def test_test_data_can_be_downloaded(lin: As) -> None:
    assert lin(PRODUCTION).get(f"{WORK}/test-data?batch=B-3").content == b"serial_no\n"


def upload(browser: Browser, page: str, name: str, text: str, kind: str = "text/csv"):
    """Send a file with the form on `page`."""
    hidden = hidden_fields(browser.get(page).text, "")
    files = {"file": (name, text.encode(), kind)}
    return browser.post(page, data=hidden, files=files, headers={"origin": browser.origin})


PLACE = f"/work-orders?order={ORDER}"


def test_messages_lead_production_to_its_work_and_not_to_orders_it_may_not_see(
    lin: As, office: Office
) -> None:
    office.answers["ListWorkOrders"] = ListWorkOrdersResponse(work_orders=[a_work_order()])
    browser = lin(PRODUCTION)
    assert f'href="{PLACE}"' in browser.get("/messages").text
    assert browser.get(PLACE).url.path == WORK
    assert office.request("ListWorkOrders").order == ORDER


def test_an_order_of_several_lines_has_its_work_orders_listed(lin: As, office: Office) -> None:
    both = [a_work_order(), a_work_order()]
    office.answers["ListWorkOrders"] = ListWorkOrdersResponse(work_orders=both)
    assert "Show all work orders" in lin(PRODUCTION).get(PLACE).text


def test_an_order_of_licences_leads_to_their_codes(lin: As, office: Office) -> None:
    office.answers["ListWorkOrders"] = ListWorkOrdersResponse()
    issue = office.answers["ListLicenseIssues"].license_issues[0]
    shown = lin(PRODUCTION).get(PLACE)
    assert office.request("ListLicenseIssues").order == ORDER
    assert shown.url.path == "/licenseIssues/acme/" + issue.name.rpartition("/")[2]
