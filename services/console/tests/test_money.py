"""Contracts, payments and invoices."""

import re

import pytest
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, FINANCE
from millrun.contract.v1.signing_pb2 import Contract
from millrun.payment.v1.money_pb2 import Invoice, Payment, Receivable, Refund
from millrun.payment.v1.payment_pb2 import (
    ListInvoicesRequest,
    ListInvoicesResponse,
    ListPaymentsResponse,
)

from services.console.tests.office import COLLEAGUE, As, Office
from services.console.tests.papers import (
    DIGEST,
    ORDER,
    a_contract,
    a_payment,
    a_plan,
    an_invoice,
    furnish,
    yuan,
)
from shared.errors import Forbidden, Unavailable
from shared.testing.refunded import a_receivable, a_refund

CONTRACT, BOOK = "/contracts/acme/7", "/payments/acme/7/book"


class FourEyes(Forbidden):
    """Who confirmed the price may not book the payment."""

    fix = "Ask another member of finance to book it."


class PaymentAway(Unavailable):
    """The payment service does not answer at the moment."""


@pytest.fixture(autouse=True)
def _furnished(office: Office) -> None:
    furnish(office)


def test_a_countersignature_is_bound_to_the_document_shown(lin: As, office: Office) -> None:
    office.answers["CountersignContract"] = a_contract()
    done = lin(BUSINESS_MANAGER).fill(CONTRACT, signer_name="Wei Lin", read="yes")
    asked = office.request("CountersignContract")
    assert (asked.document_digest, asked.signer_name, asked.etag) == (DIGEST, "Wei Lin", "3")
    assert "The contract is signed by both sides." in done.text


def test_nobody_countersigns_without_having_read(lin: As, office: Office) -> None:
    refused = lin(BUSINESS_MANAGER).fill(CONTRACT, signer_name="Wei Lin")
    assert refused.status_code == 400
    assert 'id="read-error"' in refused.text
    assert 'value="Wei Lin"' in refused.text
    assert office.requests("CountersignContract") == []


@pytest.mark.parametrize(
    ("contract", "why"),
    [
        ({"state": Contract.GENERATED}, "once the buyer has signed"),
        ({"business_manager": COLLEAGUE}, "in a colleague&#39;s hands"),
    ],
)
def test_who_cannot_countersign_reads_why(lin: As, office: Office, contract, why: str) -> None:
    office.answers["GetContract"] = a_contract(**contract)
    html = lin(BUSINESS_MANAGER).get(CONTRACT).text
    assert why in html
    assert 'name="signer_name"' not in html


def test_a_contract_is_handed_out_to_be_stored_not_shown(lin: As) -> None:
    file = lin(FINANCE).get(f"{CONTRACT}/document?as=MC-2026-000007")
    assert file.content == b"%PDF-1.7"
    assert file.headers["content-disposition"].startswith("attachment; ")
    assert "MC-2026-000007.pdf" in file.headers["content-disposition"]


def test_an_announced_transfer_fills_in_its_amount(lin: As) -> None:
    browser = lin(FINANCE)
    assert 'value="7500.00"' in browser.get(f"{BOOK}?payment=1").text
    assert 'value="7500.00"' in browser.get(BOOK).text, "the next instalment is expected"


def test_what_is_still_to_come_of_a_deposit_is_expected_first(lin: As, office: Office) -> None:
    plan = a_plan()
    deposit = plan.instalments[0]
    deposit.settled.CopyFrom(yuan(5_000))
    deposit.open.CopyFrom(yuan(2_500))
    office.answers["GetPaymentPlan"] = plan
    assert 'value="2500.00"' in lin(FINANCE).get(BOOK).text


def test_an_invoice_is_found_however_many_came_after_it(lin: As, office: Office) -> None:
    def listed(asked: ListInvoicesRequest) -> ListInvoicesResponse:
        if asked.page_token:
            return ListInvoicesResponse(invoices=[an_invoice()])
        newer = an_invoice()
        newer.name += "0"
        return ListInvoicesResponse(invoices=[newer], next_page_token="more")

    office.answers["ListInvoices"] = listed
    browser = lin(FINANCE)
    there = an_invoice().name.removeprefix("enterprises/").replace("/invoices/", "/")
    assert browser.get(f"/invoices/{there}").status_code == 200
    assert browser.get(f"/invoices/{there}1").status_code == 404


def test_a_transfer_is_booked_as_the_bank_says(lin: As, office: Office) -> None:
    office.answers["BookTransfer"] = a_payment()
    done = lin(FINANCE).fill(BOOK, amount="7,500.00", bank_reference="BK1", value_date="2026-03-01")
    asked = office.request("BookTransfer")
    assert (asked.amount, asked.bank_reference, asked.etag) == (yuan(7_500), "BK1", "2")
    assert (asked.value_date.year, asked.value_date.month, asked.value_date.day) == (2026, 3, 1)
    assert done.url.path == "/payments/acme/7"


def test_what_is_beyond_what_is_open_is_set_aside_only_if_finance_says_so(
    lin: As, office: Office
) -> None:
    office.answers["BookTransfer"] = a_payment()
    browser = lin(FINANCE)
    said = {"amount": "1", "bank_reference": "B", "value_date": "2026-02-03"}
    browser.fill(BOOK, **said)
    assert not office.request("BookTransfer").set_aside_surplus
    browser.fill(BOOK, **said, set_aside_surplus="yes")
    assert office.request("BookTransfer").set_aside_surplus


def test_money_that_came_twice_can_be_booked_when_nothing_is_open(lin: As, office: Office) -> None:
    plan = a_plan()
    plan.open.CopyFrom(yuan(0))
    office.answers["GetPaymentPlan"] = plan
    browser = lin(FINANCE)
    assert "Book money that came twice" in browser.get("/payments/acme/7").text
    html = browser.get(BOOK).text
    assert re.search(r'name="set_aside_surplus"[^>]* checked', html)
    assert 'value="0.00"' not in html, "what came is not known, and is more than that"


def test_a_day_that_is_none_is_marked_beside_its_field(lin: As, office: Office) -> None:
    refused = lin(FINANCE).fill(BOOK, amount="1", bank_reference="B", value_date="2026-02-30")
    assert refused.status_code == 400
    assert 'id="value_date-error"' in refused.text
    assert office.requests("BookTransfer") == []


def test_four_eyes_are_explained(lin: As, office: Office) -> None:
    office.answers["BookTransfer"] = FourEyes()
    refused = lin(FINANCE).fill(BOOK, amount="1", bank_reference="B", value_date="2026-02-03")
    assert "Who confirmed the price may not book the payment." in refused.text
    assert "Ask another member of finance to book it." in refused.text


def test_the_ledger_stands_behind_every_amount(lin: As) -> None:
    html = lin(FINANCE).get("/payments/acme/7").text
    assert "Transfer &lt;1&gt;" in html
    assert "RF18D" in html
    assert 'data-label="Credit" class="number">CNY\u00a05.00' in html


def test_it_is_recorded_that_money_was_sent_back(lin: As, office: Office) -> None:
    office.answers["IssueRefund"] = a_refund(ORDER, state=Refund.RETURNED)
    shown = lin(FINANCE).get("/refunds/acme/3").text
    for told in ("The &lt;panel&gt; changes.", "BK-300", "CNY\u00a07,200.00", "more was paid"):
        assert told in shown, told
    done = lin(FINANCE).fill("/refunds/acme/3", bank_reference="R-1", value_date="2026-03-01")
    asked = office.request("IssueRefund")
    assert (asked.name, asked.bank_reference) == ("enterprises/acme/refunds/3", "R-1")
    assert (asked.etag, asked.value_date.day) == ("6", 1)
    assert "It is recorded that the money was sent back." in done.text


def test_what_was_sent_back_is_not_sent_again(lin: As, office: Office) -> None:
    office.answers["GetRefund"] = a_refund(ORDER, state=Refund.RETURNED, bank_reference="R-1")
    html = lin(FINANCE).get("/refunds/acme/3").text
    assert "R-1" in html
    assert 'name="bank_reference"' not in html


OWED = "/receivables/acme/4"


def test_what_is_owed_for_an_order_that_ended_is_shown_with_what_to_do(
    lin: As, office: Office
) -> None:
    html = lin(FINANCE).get(OWED).text
    for told in ("The &lt;panel&gt; changes.", "CNY\u00a01,250.00", "RF96MR2026000007E"):
        assert told in html, told
    assert 'href="/payments/acme/7/book"' in html
    plan = a_plan()
    plan.closed = True
    plan.open.CopyFrom(yuan(1_000))
    office.answers["GetPaymentPlan"] = plan
    html = lin(FINANCE).get(BOOK).text
    assert 'value="1000.00"' in html, "all that is open is expected"
    assert "still owed for that" in html
    assert "RF96MR2026000007E" in lin(FINANCE).get("/payments/acme/7").text


def test_finance_reads_what_the_buyer_announced_before_it_waives(lin: As, office: Office) -> None:
    said = a_payment()
    office.answers["ListPayments"] = ListPaymentsResponse(payments=[said])
    html = lin(FINANCE).get(OWED).text
    assert "will come by offline transfer." in html
    assert "What the buyer announced is not awaited then" in html
    asked = office.request("ListPayments")
    assert (asked.parent, asked.order) == ("enterprises/acme", ORDER)
    said.state = Payment.SETTLED
    office.answers["ListPayments"] = ListPaymentsResponse(payments=[said])
    assert "The buyer said on" not in lin(FINANCE).get(OWED).text
    office.answers["ListPayments"] = PaymentAway()
    assert lin(FINANCE).get(OWED).status_code == 200


def test_what_is_owed_is_waived_with_a_reason(lin: As, office: Office) -> None:
    office.answers["WaiveReceivable"] = a_receivable(ORDER, state=Receivable.WAIVED)
    done = lin(FINANCE).fill(OWED, f"{OWED}/waive", reason="A <regular>.")
    asked = office.request("WaiveReceivable")
    assert (asked.name, asked.reason, asked.etag) == (
        "enterprises/acme/receivables/4",
        "A <regular>.",
        "6",
    )
    assert "It is not asked for any more." in done.text


def test_who_confirmed_the_price_reads_why_they_cannot_waive(lin: As, office: Office) -> None:
    office.answers["WaiveReceivable"] = FourEyes()
    refused = lin(FINANCE).fill(OWED, f"{OWED}/waive", reason="A <regular>.")
    assert refused.url.path == OWED
    assert "Who confirmed the price may not book the payment." in refused.text


def test_business_managers_look_at_what_is_owed_and_waive_nothing(lin: As, office: Office) -> None:
    browser = lin(BUSINESS_MANAGER)
    html = browser.get(OWED).text
    assert "Only finance waives what is owed." in html
    assert 'name="reason"' not in html
    assert browser.get("/receivables?state=OPEN").status_code == 200
    assert office.request("ListReceivables").state == Receivable.OPEN


def test_what_was_waived_says_by_whom_and_why(lin: As, office: Office) -> None:
    waived = a_receivable(
        ORDER, state=Receivable.WAIVED, waive_reason="A <regular>.", waived_by=COLLEAGUE
    )
    office.answers["GetReceivable"] = waived
    html = lin(FINANCE).get(OWED).text
    assert "A &lt;regular&gt;." in html
    assert "Ana D." in html
    assert "/waive" not in html


def test_money_that_comes_late_can_be_booked(lin: As, office: Office) -> None:
    plan = a_plan()
    plan.closed = True
    plan.ClearField("open")
    office.answers["GetPaymentPlan"] = plan
    assert "Book money that came late" in lin(FINANCE).get("/payments/acme/7").text
    assert "is to be sent back" in lin(FINANCE).get(BOOK).text


def test_money_for_a_completed_order_is_not_said_to_come_for_one_that_ended(
    lin: As, office: Office
) -> None:
    plan = a_plan()
    plan.closed = plan.completed = True
    plan.ClearField("open")
    office.answers["GetPaymentPlan"] = plan
    for path in (BOOK, BOOK.removesuffix("/book")):
        html = lin(FINANCE).get(path).text
        assert "The order is completed and paid in full" in html
        assert not re.search("The order ended[;:]", html)


def test_an_invoice_is_issued_under_its_number(lin: As, office: Office) -> None:
    office.answers["IssueInvoice"] = an_invoice()
    done = lin(FINANCE).fill("/invoices/acme/1", invoice_no="IV-1")
    asked = office.request("IssueInvoice")
    assert (asked.name, asked.invoice_no) == ("enterprises/acme/invoices/1", "IV-1")
    assert "The invoice is issued." in done.text


def test_an_invoice_of_an_order_that_ended_cannot_be_issued_and_says_why(
    lin: As, office: Office
) -> None:
    void = an_invoice()
    void.state = Invoice.VOID
    office.answers["ListInvoices"] = ListInvoicesResponse(invoices=[void])
    html = lin(FINANCE).get("/invoices/acme/1").text
    assert "The order ended before it was issued" in html
    assert 'name="invoice_no"' not in html


@pytest.mark.parametrize("state", [Invoice.ISSUED, Invoice.REVERSAL_DUE])
def test_an_issued_invoice_is_reversed_with_the_credit_note_and_a_reason(
    lin: As, office: Office, state: "Invoice.State.ValueType"
) -> None:
    issued = an_invoice()
    issued.state, issued.invoice_no = state, "IV-1"
    office.answers |= {
        "ListInvoices": ListInvoicesResponse(invoices=[issued]),
        "ReverseInvoice": issued,
    }
    page = lin(FINANCE).get("/invoices/acme/1").text
    assert ("The order ended after it was issued" in page) is (state == Invoice.REVERSAL_DUE)
    given = {"reversal_no": "CN-1", "reason": "Wrong title."}
    done = lin(FINANCE).fill("/invoices/acme/1", "/invoices/acme/1/reverse", **given)
    asked = office.request("ReverseInvoice")
    assert (asked.name, asked.reversal_no, asked.reason) == (issued.name, "CN-1", "Wrong title.")
    assert asked.etag == "1"
    assert "The invoice is reversed." in done.text


def test_finance_reads_why_an_invoice_is_to_be_reversed(lin: As, office: Office) -> None:
    due = an_invoice()
    due.state, due.reversal_cause = Invoice.REVERSAL_DUE, Invoice.ORDER_CHANGED
    office.answers["ListInvoices"] = ListInvoicesResponse(invoices=[due])
    html = lin(FINANCE).get("/invoices/acme/1").text
    assert "The order was changed as it was issued" in html
    assert "The order ended after it was issued" not in html


def test_who_does_not_reverse_invoices_is_told_who_does(lin: As, office: Office) -> None:
    issued = an_invoice()
    issued.state = Invoice.ISSUED
    office.answers["ListInvoices"] = ListInvoicesResponse(invoices=[issued])
    html = lin(BUSINESS_MANAGER).get("/invoices/acme/1").text
    assert "Only finance reverses invoices." in html


def test_a_reversed_invoice_says_by_what_and_why(lin: As, office: Office) -> None:
    undone = an_invoice()
    undone.state, undone.reversal_no = Invoice.REVERSED, "CN-1"
    undone.reversal_reason = "Wrong <title>."
    office.answers["ListInvoices"] = ListInvoicesResponse(invoices=[undone])
    html = lin(FINANCE).get("/invoices/acme/1").text
    for said in ("CN-1", "Wrong &lt;title&gt;."):
        assert said in html
    assert 'action="/invoices/acme/1/reverse"' not in html


def test_an_invoice_nobody_asked_for_is_not_there(lin: As) -> None:
    assert lin(FINANCE).get("/invoices/acme/404").status_code == 404
