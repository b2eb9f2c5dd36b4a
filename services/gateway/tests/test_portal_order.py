"""The page of an order: from seven services, and still there when one of them is not."""

import re

import pytest
from google.api.httpbody_pb2 import HttpBody
from google.type.money_pb2 import Money
from millrun.contract.v1.contract_pb2 import ListContractsResponse
from millrun.fulfillment.v1.fulfillment_pb2 import ListShipmentsResponse, ListWorkOrdersResponse
from millrun.fulfillment.v1.work_pb2 import Batch
from millrun.notification.v1.feed_pb2 import OrderEvent
from millrun.notification.v1.notification_pb2 import ListOrderEventsResponse
from millrun.ordering.v1.ending_pb2 import Cancellation, Liability
from millrun.ordering.v1.order_pb2 import Gate, Hold, Order, WaitingOn
from millrun.payment.v1.money_pb2 import Instalment, Invoice, Method, Payment, Receivable
from millrun.payment.v1.payment_pb2 import ListInvoicesResponse, ListReceivablesResponse

from services.gateway.tests.house import ACME, House
from services.gateway.tests.papers import (
    DIGEST,
    ORDER,
    a_contract,
    a_plan,
    an_order,
    furnish,
    yuan,
)
from shared.errors import Disallowed, Outdated
from shared.testing.pages import Browser, hidden_fields
from shared.testing.refunded import a_receivable


class TooLate(Disallowed):
    """It is too late for that."""

    fix = "Ask your business manager."


class Changed(Outdated):
    """The order changed since you read it."""


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)


def test_an_order_is_told_from_seven_services(chen: Browser) -> None:
    html = chen.get("/orders/7").text
    for told in (
        "MR-2026-000007",
        "Wall Switch &lt;3-gang&gt;",
        DIGEST,
        "CNY\u00a024,000.00",
        "30 % deposit before production",
        "MC-2026-000009",
        "RF18MR7D",
        "6222 0200",
        "Customer deposits",
        "/work-orders/3/test-data?batch=PB/1",
        "MS-2026-000004",
        "The order was submitted",
        "Wei Lin",
        "+86 400 111 2222",
    ):
        assert told in html, told


def test_money_that_goes_back_is_on_the_page_with_why_and_when(chen: Browser) -> None:
    html = chen.get("/orders/7").text
    assert "more was paid than is owed for it" in html
    assert "not sent yet" in html


def test_who_is_waited_on_is_said_in_plain_words(chen: Browser) -> None:
    html = chen.get("/orders/7").text
    assert "Waiting on <strong>you</strong>" in html
    assert "pay the deposit" in html


@pytest.mark.parametrize(
    ("away", "kept"),
    [
        ("payment", "MC-2026-000009"),
        ("contract", "RF18MR7D"),
        ("fulfillment", "MC-2026-000009"),
        ("notification", "MS-2026-000004"),
    ],
)
def test_a_service_that_is_away_costs_its_card_only(chen: Browser, away: str, kept: str) -> None:
    shown = chen.get("/orders/7")
    assert shown.status_code == 200
    assert f"The {away} service does not answer at the moment." in shown.text
    assert kept in shown.text


def test_a_bug_of_a_service_costs_its_card_and_tells_nothing(house: House, chen: Browser) -> None:
    house.answers["ListShipments"] = lambda _: 1 // 0
    shown = chen.get("/orders/7")
    assert shown.status_code == 200
    assert "This part of the page cannot be shown at the moment." in shown.text
    assert "division" not in shown.text


@pytest.mark.parametrize("away", ["ordering"])
def test_without_the_order_itself_there_is_no_page(chen: Browser, away: str) -> None:
    assert chen.get("/orders/7").status_code == 503


def test_the_owner_of_the_products_reads_the_order_and_nothing_else(
    house: House, chen: Browser
) -> None:
    house.answers["GetOrder"] = an_order(
        name="enterprises/bora/orders/7", enterprise_legal_name="Bora Electronics"
    )
    html = chen.get("/orders/7?of=bora").text
    assert house.request("GetOrder").name == "enterprises/bora/orders/7"
    assert "Bora Electronics ordered your products." in html
    assert "Cancel order" not in html
    assert not house.was_asked("GetPaymentPlan")


def test_a_button_that_cannot_be_used_says_why(house: House, chen: Browser) -> None:
    assert 'href="/orders/7/end"' in chen.get("/orders/7").text
    house.answers["GetOrder"] = an_order(state=Order.SHIPPED)
    html = chen.get("/orders/7").text
    assert "The contract is signed; ask your business manager." in html
    assert 'href="/orders/7/end"' not in html
    house.answers["GetOrder"] = an_order(state=Order.CONFIRMED)
    html = chen.get("/orders/7").text
    assert "ask your business manager" not in html
    assert 'action="/orders/7/replace"' in html


def test_what_the_buyer_signed_or_paid_for_alone_is_ended_by_request(
    house: House, chen: Browser
) -> None:
    paid = Money(currency_code="CNY", units=100)
    countersign = WaitingOn(party=WaitingOn.BUSINESS_MANAGER, task="countersign the contract")
    for bound, replaced in (({"settled": paid}, False), ({"waiting_on": countersign}, True)):
        house.answers["GetOrder"] = an_order(state=Order.CONFIRMED, **bound)
        html = chen.get("/orders/7").text
        assert 'href="/orders/7/end"' in html
        assert 'action="/orders/7/cancel"' not in html
        assert ('action="/orders/7/replace"' in html) is replaced


def test_an_order_on_hold_says_why(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = an_order(hold=Hold(reason="Wrong firmware on a unit"))
    assert "Wrong firmware on a unit" in chen.get("/orders/7").text


def test_an_ended_order_says_how_and_offers_nothing(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = an_order(state=Order.REJECTED, close_reason="No such panel")
    html = chen.get("/orders/7").text
    assert "No such panel" in html
    assert "step-stopped" in html
    assert "/orders/7/cancel" not in html


def test_cancelling_sends_reason_etag_and_one_request_id(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = an_order(state=Order.CONFIRMED)
    page = chen.get("/orders/7")
    form = hidden_fields(page.text, "/orders/7/cancel") | {"reason": "Wrong panel"}
    for _ in range(2):
        assert chen.post("/orders/7/cancel", data=form).url.path == "/orders/7"
    asked = [request for method, request in house.asked if method == "CancelOrder"]
    assert (asked[0].name, asked[0].reason, asked[0].etag) == (ORDER, "Wrong panel", "5")
    assert asked[0].request_id == asked[1].request_id != ""


@pytest.mark.parametrize("refusal", [TooLate(), Changed()])
def test_a_refusal_waits_on_the_fresh_page(house: House, chen: Browser, refusal: Exception) -> None:
    house.answers |= {"GetOrder": an_order(state=Order.CONFIRMED), "CancelOrder": refusal}
    refused = chen.fill("/orders/7", "/orders/7/cancel", reason="Wrong panel")
    assert refused.url.path == "/orders/7"
    assert str(refusal) in refused.text


def test_replacing_leads_to_the_new_draft(house: House, chen: Browser) -> None:
    replaced = f"{ACME}/orders/8"
    house.answers["GetOrder"] = an_order(state=Order.CONFIRMED)
    house.answers["ReplaceOrder"] = an_order(name=replaced, state=Order.DRAFT)
    assert chen.fill("/orders/7", "/orders/7/replace").url.path == "/orders/8"


def test_a_signature_is_bound_to_the_document_that_was_shown(house: House, chen: Browser) -> None:
    path = "/orders/7/contracts/9/sign"
    consent = (
        "I have read the addendum to contract MC-2026-000009 (document ab12ab12ab12) and accept it"
    )
    assert consent in chen.get(path).text
    chen.fill(path, signer_name="Chen Jie", consent_text=consent)
    asked = house.request("SignContract")
    assert asked.name == f"{ACME}/contracts/9"
    assert (asked.document_digest, asked.signer_name, asked.etag) == (DIGEST, "Chen Jie", "2")
    assert asked.consent_text == consent


def test_without_the_check_mark_no_consent_is_sent(house: House, chen: Browser) -> None:
    chen.fill("/orders/7/contracts/9/sign", signer_name="Chen Jie")
    assert house.request("SignContract").consent_text == ""


def test_a_contract_that_was_never_printed_offers_no_document(house: House, chen: Browser) -> None:
    assert "/contracts/9/document" in chen.get("/orders/7").text
    void = a_contract("VOID")
    void.document_digest = ""
    house.answers["ListContracts"] = ListContractsResponse(contracts=[void])
    assert "/contracts/9/document" not in chen.get("/orders/7").text


def test_a_contract_to_be_signed_leads_to_its_page(house: House, chen: Browser) -> None:
    generated = ListContractsResponse(contracts=[a_contract("GENERATED")])
    house.answers["ListContracts"] = generated
    assert 'href="/orders/7/contracts/9/sign"' in chen.get("/orders/7").text


def test_who_paid_a_part_of_the_deposit_is_asked_for_the_rest(house: House, chen: Browser) -> None:
    plan = a_plan("OFFLINE_TRANSFER")
    plan.instalments[0].settled.CopyFrom(yuan(7_000))
    plan.instalments[0].open.CopyFrom(yuan(200))
    house.answers["GetPaymentPlan"] = plan
    assert "Deposit · CNY\u00a0200.00" in chen.get("/orders/7").text


def test_only_the_ways_to_pay_that_are_allowed_are_offered(house: House, chen: Browser) -> None:
    html = chen.get("/orders/7").text
    assert 'value="OFFLINE_TRANSFER"' in html
    assert "THIRD_PARTY_PLATFORM" not in html
    chen.fill("/orders/7", "/orders/7/pay", instalment="DEPOSIT", method="OFFLINE_TRANSFER")
    asked = house.request("InstructPayment")
    assert (asked.name, asked.method, asked.instalment) == (f"{ACME}/paymentPlans/7", 3, 1)
    house.answers["GetPaymentPlan"] = a_plan()
    assert "You can pay once the contract is signed" in chen.get("/orders/7").text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "A batch was withdrawn; nothing of it had been made"),
        ("zh", "批次已撤销，该批次尚未生产"),
    ],
)
def test_a_withdrawn_batch_is_told_and_not_counted(
    house: House, chen: Browser, language: str, said: str
) -> None:
    gone = Batch(production_batch_no="PB/2", quantity=7, state=Batch.WITHDRAWN)
    [work] = house.answers["ListWorkOrders"].work_orders
    work.withdrawn_batches.append(gone)
    event = OrderEvent(type="fulfillment.batch.withdrawn", order=ORDER)
    event.data.update({"reason": "Typo <1>.", "productionBatchNo": "PB/2", "quantity": 7})
    house.answers["ListOrderEvents"] = ListOrderEventsResponse(order_events=[event])
    html = chen.get("/orders/7", headers={"accept-language": language}).text
    assert said in html
    assert "Typo &lt;1&gt;. · PB/2 · 7" in html
    assert html.count("PB/2") == 1, "the table of batches has none that is withdrawn"
    assert "PB/1" in html


def test_a_shipment_says_what_is_in_it(house: House, chen: Browser) -> None:
    [sent] = house.answers["ListShipments"].shipments
    [work] = house.answers["ListWorkOrders"].work_orders
    work.product_display_name = "Smart <plug>"
    sent.items[0].production_batch_no = "PB/1"
    html = chen.get("/orders/7").text
    listed = re.search(r"SF Express.*?Confirm receipt", html, re.DOTALL)
    assert listed
    assert re.search(r"Smart &lt;plug&gt; · .*PB/.*1.*2,000", listed.group(), re.DOTALL)
    assert "missing or damaged" in listed.group()


def test_who_paid_in_full_is_not_told_to_pay_before_goods_are_shipped(
    house: House, chen: Browser
) -> None:
    house.answers["ListShipments"] = ListShipmentsResponse()
    order = house.answers["GetOrder"]
    order.gates.balance = Gate.PENDING
    assert "shipped when the order is paid in full" in chen.get("/orders/7").text
    order.gates.balance = Gate.PASSED
    html = chen.get("/orders/7").text
    assert "Nothing was shipped yet." in html
    assert "shipped when the order is paid in full" not in html


def test_receipt_and_invoice_are_one_button_each(house: House, chen: Browser) -> None:
    chen.fill("/orders/7", "/orders/7/shipments/4/receipt")
    assert house.request("ConfirmReceipt").name == f"{ACME}/shipments/4"
    plan = a_plan()
    plan.settled.units = 7200
    house.answers["GetPaymentPlan"] = plan
    chen.fill("/orders/7", "/orders/7/invoice")
    assert house.request("RequestInvoice").name == f"{ACME}/paymentPlans/7"


def test_a_completed_order_may_still_be_invoiced_and_one_that_ended_may_not(
    house: House, chen: Browser
) -> None:
    plan = a_plan()
    plan.settled.units, plan.closed = 24_000, True
    house.answers |= {"GetPaymentPlan": plan, "GetOrder": an_order(state=Order.COMPLETED)}
    chen.fill("/orders/7", "/orders/7/invoice")
    assert house.request("RequestInvoice").name == f"{ACME}/paymentPlans/7"

    house.answers["GetOrder"] = an_order(state=Order.CANCELLED)
    assert "nothing was delivered that could be invoiced" in chen.get("/orders/7").text
    void = Invoice(name=f"{ACME}/invoices/1", state=Invoice.VOID)
    house.answers["ListInvoices"] = ListInvoicesResponse(invoices=[void])
    html = chen.get("/orders/7").text
    assert "The order ended before it was issued" in html
    assert "nothing was delivered that could be invoiced" not in html


def test_who_has_a_reversed_invoice_reads_why_and_asks_for_another(
    house: House, chen: Browser
) -> None:
    undone = Invoice(name=f"{ACME}/invoices/1", state=Invoice.REVERSED, invoice_no="IV-1")
    undone.reversal_no, undone.reversal_reason = "CN-1", "Wrong <title>."
    plan = a_plan()
    plan.settled.units = 7200
    house.answers |= {
        "ListInvoices": ListInvoicesResponse(invoices=[undone]),
        "GetPaymentPlan": plan,
    }
    html = chen.get("/orders/7").text
    for said in ("IV-1", "CN-1", "Wrong &lt;title&gt;."):
        assert said in html
    chen.fill("/orders/7", "/orders/7/invoice")
    assert house.request("RequestInvoice").name == f"{ACME}/paymentPlans/7"


def test_files_are_stored_not_shown(house: House, chen: Browser) -> None:
    parts = [HttpBody(content_type="application/pdf", data=part) for part in (b"%PDF", b"-1.7")]
    house.answers |= {"DownloadContract": parts, "DownloadTestData": parts}
    got = chen.get("/contracts/9/document?as=MC-2026-000009")
    assert got.content == b"%PDF-1.7"
    assert got.headers["content-disposition"].endswith("MC-2026-000009.pdf")
    got = chen.get("/work-orders/3/test-data?batch=PB/1")
    assert house.request("DownloadTestData").production_batch_no == "PB/1"
    assert got.headers["content-disposition"].endswith("PB-1.pdf")


def test_an_order_that_expired_promises_nothing_any_more(house: House, chen: Browser) -> None:
    reason = "Nobody acted on it in time."
    house.answers |= {
        "GetOrder": an_order(state=Order.EXPIRED, close_reason=reason),
        "ListContracts": ListContractsResponse(),
        "ListWorkOrders": ListWorkOrdersResponse(),
        "ListShipments": ListShipmentsResponse(),
    }
    html = chen.get("/orders/7").text
    assert html.count("None: the order ended before.") == 3
    for promise in ("It is made when", "It starts when", "Finished goods are shipped", " deposit "):
        assert promise not in html, promise
    chen.headers["accept-language"] = "zh"
    assert reason not in chen.get("/orders/7").text, "the step says it in Chinese, too"


NOTHING = "<p>The order ended; nothing is due.</p>"


def test_what_is_owed_for_an_order_that_ended_is_said_with_where_to_pay_it(
    house: House, chen: Browser
) -> None:
    plan = a_plan()
    house.answers["GetPaymentPlan"] = plan
    plan.closed = True
    plan.open.CopyFrom(yuan(1_000))
    plan.allowed_methods[:] = [Method.OFFLINE_TRANSFER]
    house.answers["GetOrder"] = an_order(state=Order.CANCELLED)
    html = chen.get("/orders/7").text
    for told in ("Owed for ending the order", "RF96MR2026000007E", plan.vendor_account.number):
        assert told in html, told
    assert NOTHING not in html
    for part in plan.instalments:
        assert part.reference not in html, "nobody transfers an instalment any more"
    assert 'action="/orders/7/pay"' in html, "a transfer can be announced"
    house.answers["InstructPayment"] = Payment(reference="RF96MR2026000007E")
    said = chen.fill("/orders/7", "/orders/7/pay", method="OFFLINE_TRANSFER")
    asked = house.request("InstructPayment")
    assert (asked.instalment, asked.etag) == (Instalment.ENDING, plan.etag)
    assert "Write the reference RF96MR2026000007E on it." in said.text

    waived = a_receivable(ORDER, state=Receivable.WAIVED, waive_reason="A <regular>.")
    waived.ClearField("open")
    house.answers["ListReceivables"] = ListReceivablesResponse(receivables=[waived])
    html = chen.get("/orders/7").text
    assert "A &lt;regular&gt;." in html
    assert plan.vendor_account.number not in html
    assert 'action="/orders/7/pay"' not in html
    house.answers["ListReceivables"] = ListReceivablesResponse()
    assert NOTHING in chen.get("/orders/7").text


@pytest.mark.parametrize(("now", "more"), [(15_000, False), (25_000, True)])
def test_who_asked_to_end_an_order_reads_that_it_costs_more_by_now(
    house: House, chen: Browser, now: int, more: bool
) -> None:
    shown = Liability(stage=Liability.IN_PRODUCTION, percent=60, amount=yuan(15_000))
    house.answers["GetOrder"] = an_order(
        state=Order.READY_TO_SHIP, cancellation=Cancellation(reason="No.", liability=shown)
    )
    house.answers["GetLiability"] = Liability(amount=yuan(now))
    html = chen.get("/orders/7").text
    assert ("ending it costs CNY\u00a025,000.00 now" in html) is more
