"""Invoices follow their order: what ended before it was fulfilled is not invoiced (R74)."""

from itertools import permutations

import pytest
import sqlalchemy as sa
from google.type.money_pb2 import Money as MoneyMessage
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.payment.v1 import money_pb2 as money
from millrun.payment.v1 import payment_pb2 as pb

from services.payment.tests.builders import ORDER, PLAN
from services.payment.tests.test_api import BUYER, CASHIER, Till
from shared.errors import Disallowed, Forbidden, NotFound, Outdated
from shared.storage import EVERYTHING, outbox

ENDED = "Order MR-2026-000001 ended before it was fulfilled"


@pytest.fixture
def till(databases, serving):
    return Till(databases, serving).confirm()


def request(till):
    return till.ask(BUYER).RequestInvoice(pb.RequestInvoiceRequest(name=PLAN))


def invoices(till, **more):
    asked = pb.ListInvoicesRequest(parent="enterprises/-", **more)
    return list(till.ask(CASHIER).ListInvoices(asked).invoices)


def issue(till):
    found = invoices(till)
    name = found[0].name if found else "enterprises/acme/invoices/none"
    return till.ask(CASHIER).IssueInvoice(pb.IssueInvoiceRequest(name=name, invoice_no="F-1"))


def cancel(till, kind=ordering.OrderCancelled, **more):
    till.hear(kind(order=ORDER, **more), sequence=2)


def tried(act, till):
    """Return whether it was refused, and with which sentence."""
    try:
        act(till)
    except (Disallowed, NotFound) as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize(
    "acts",
    list(permutations([request, cancel, issue])),
    ids=lambda acts: "-".join(a.__name__ for a in acts),
)
@pytest.mark.parametrize("owed", [0, 1000], ids=["free", "all"])
def test_in_whatever_order_it_comes_nothing_is_issued_after_the_end(till, acts, owed):
    till.book(1000)
    liability = MoneyMessage(currency_code="CNY", units=owed)
    said = {
        act: tried(
            lambda it, act=act: act(it, liability=liability) if act is cancel else act(it), till
        )
        for act in acts
    }

    asked_in_time = acts.index(request) < acts.index(cancel)
    issued_in_time = acts.index(request) < acts.index(issue) < acts.index(cancel)
    assert said[request] == "" if asked_in_time else said[request].startswith(ENDED)
    assert (said[issue] == "") == issued_in_time
    if asked_in_time and acts.index(issue) > acts.index(cancel):
        assert said[issue].startswith(ENDED)
    after = money.Invoice.REVERSAL_DUE if issued_in_time else VOID
    assert [each.state for each in invoices(till)] == ([after] if asked_in_time else [])


VOID = money.Invoice.VOID


@pytest.mark.parametrize("kind", [ordering.OrderReplaced, ordering.OrderExpired])
def test_every_end_takes_the_invoice_off_finances_list(till, kind):
    till.book(300)
    request(till)
    assert invoices(till, state=money.Invoice.REQUESTED)
    cancel(till, kind)

    assert not invoices(till, state=money.Invoice.REQUESTED)
    assert [each.state for each in invoices(till)] == [VOID]


def test_what_went_all_its_way_may_still_be_invoiced(till):
    till.book(1000)
    till.hear(ordering.OrderCompleted(order=ORDER), sequence=2)
    request(till)

    assert issue(till).state == money.Invoice.ISSUED


def test_an_invoice_asked_for_before_completion_is_issued_after_it(till):
    till.book(1000)
    request(till)
    till.hear(ordering.OrderCompleted(order=ORDER), sequence=2)

    assert issue(till).state == money.Invoice.ISSUED


def reverse(till, invoice, reversal_no="C-1", *, who=CASHIER, **more):
    asked = {"name": invoice.name, "reversal_no": reversal_no, "reason": "Wrong title.", **more}
    return till.ask(who).ReverseInvoice(pb.ReverseInvoiceRequest(**asked))


def test_a_reversed_invoice_makes_room_for_another_one(till):
    till.book(1000)
    request(till)
    issued = issue(till)
    done = reverse(till, issued, etag=issued.etag)
    assert (done.state, done.reversal_no) == (money.Invoice.REVERSED, "C-1")
    assert (done.reversal_reason, done.HasField("reverse_time")) == ("Wrong title.", True)
    assert reversed_event(till) == {
        "invoice": issued.name,
        "order": ORDER,
        "orderNo": "MR-2026-000001",
        "invoiceNo": "F-1",
        "reversalNo": "C-1",
        "reason": "Wrong title.",
    }

    request(till)
    newest, oldest = invoices(till)
    again = pb.IssueInvoiceRequest(name=newest.name, invoice_no="F-2")
    assert till.ask(CASHIER).IssueInvoice(again).state == money.Invoice.ISSUED
    assert oldest == done, "what was reversed stays as it was"


def reversed_event(till):
    with till.database.transaction(EVERYTHING) as tx:
        bodies = tx.scalars(sa.select(outbox.c.body).order_by(outbox.c.position)).all()
    *_, last = (body for body in bodies if body["type"].endswith(".InvoiceReversed"))
    return last["data"]


def test_only_what_was_issued_is_reversed_and_under_a_number_of_its_own(till):
    till.book(1000)
    asked = request(till)
    with pytest.raises(Disallowed, match="is requested and cannot become reversed"):
        reverse(till, asked)
    issued = issue(till)
    with pytest.raises(Disallowed, match="The number F-1 of an invoice or a credit note"):
        reverse(till, issued, "F-1")
    with pytest.raises(Forbidden):
        reverse(till, issued, who=BUYER)
    with pytest.raises(Outdated):
        reverse(till, issued, etag=asked.etag)
    reverse(till, issued)
    with pytest.raises(Disallowed, match="is reversed and cannot become reversed"):
        reverse(till, issued, "C-2")
    request(till)
    newest = invoices(till)[0]
    for taken in ("C-1", " c-1", "\uff23-1", "f-1"):
        again = pb.IssueInvoiceRequest(name=newest.name, invoice_no=taken)
        with pytest.raises(Disallowed, match=f"number {taken} "):
            till.ask(CASHIER).IssueInvoice(again)
    free = pb.IssueInvoiceRequest(name=newest.name, invoice_no=" F-2\n")
    assert till.ask(CASHIER).IssueInvoice(free).invoice_no == "F-2"


def test_what_was_issued_for_an_order_that_ends_is_to_be_reversed(till):
    till.book(1000)
    request(till)
    issued = issue(till)
    cancel(till)
    (due,) = invoices(till, state=money.Invoice.REVERSAL_DUE)
    assert due.name == issued.name
    assert reverse(till, due).state == money.Invoice.REVERSED
    with pytest.raises(Disallowed, match=ENDED):
        request(till)
