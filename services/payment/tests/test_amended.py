"""What an amendment of an order does to money that came and to an invoice that was asked for."""

import pytest
import sqlalchemy as sa
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.payment.v1 import payment_pb2 as pb
from millrun.payment.v1.money_pb2 import Invoice

from services.payment.tests.builders import ORDER, PLAN, order_amended
from services.payment.tests.test_api import BUYER, CASHIER, Till
from shared.errors import Disallowed
from shared.storage import EVERYTHING, outbox


@pytest.fixture
def till(databases, serving):
    return Till(databases, serving).confirm()


def ask_for_invoice(till):
    return till.ask(BUYER).RequestInvoice(pb.RequestInvoiceRequest(name=PLAN))


def issue(till, invoice):
    request = pb.IssueInvoiceRequest(name=invoice.name, invoice_no="F-1")
    return till.ask(CASHIER).IssueInvoice(request)


def listed(till):
    asked = pb.ListInvoicesRequest(parent="enterprises/acme")
    return list(till.ask(BUYER).ListInvoices(asked).invoices)


def reverse(till, invoice):
    asked = {"name": invoice.name, "reversal_no": "C-1", "reason": "The order was changed."}
    return till.ask(CASHIER).ReverseInvoice(pb.ReverseInvoiceRequest(**asked))


def test_an_invoice_that_is_asked_for_follows_an_amendment(till):
    till.book(300)
    asked = ask_for_invoice(till)
    till.hear(order_amended(1200, title="Acme Lighting GmbH"), sequence=2)
    till.book(900)
    issued = issue(till, asked)
    assert (asked.amount.units, asked.title.title) == (1000, "Acme GmbH")
    assert (issued.amount.units, issued.title.title) == (1200, "Acme Lighting GmbH")


@pytest.mark.parametrize(
    ("units", "title"), [(1200, "Acme GmbH"), (900, "Acme GmbH"), (1000, "Acme Lighting GmbH")]
)
def test_an_invoice_issued_as_the_order_was_changed_is_reversed_and_issued_anew(till, units, title):
    """I5: nobody could refuse it, as neither service had heard of the other."""
    till.book(1000)
    issued = issue(till, ask_for_invoice(till))
    till.hear(order_amended(units, title=title), sequence=2)
    (due,) = listed(till)
    assert (due.state, due.reversal_cause) == (Invoice.REVERSAL_DUE, Invoice.ORDER_CHANGED)
    assert (due.amount, due.title) == (issued.amount, issued.title), "what is in books stays"
    with pytest.raises(Disallowed, match="was asked for before"):
        ask_for_invoice(till)

    reverse(till, due)
    anew, before = listed(till)
    assert (before.state, anew.state) == (Invoice.REVERSED, Invoice.REQUESTED)
    assert (anew.amount.units, anew.title.title) == (units, title)


def test_it_is_told_once_that_an_invoice_is_to_be_reversed_and_again_if_the_order_ends(till):
    till.book(1000)
    issue(till, ask_for_invoice(till))
    till.hear(order_amended(1200), sequence=2)
    till.hear(order_amended(1300, amendment=2), sequence=3)
    assert told(till) == [("ORDER_CHANGED", "1000", "1200")]

    till.hear(ordering.OrderCancelled(order=ORDER), sequence=4)
    assert told(till)[1:] == [("ORDER_ENDED", "1000", "1300")]
    (due,) = listed(till)
    reverse(till, due)
    assert [each.state for each in listed(till)] == [Invoice.REVERSED], "nothing is left to invoice"


def told(till):
    """Return what was said of invoices to reverse: why, over how much, and what it should be."""
    with till.database.transaction(EVERYTHING) as tx:
        bodies = tx.scalars(sa.select(outbox.c.body).order_by(outbox.c.position)).all()
    data = [b["data"] for b in bodies if b["type"].endswith(".InvoiceReversalRequested")]
    return [(d["cause"], d["amount"]["units"], d["orderTotal"]["units"]) for d in data]


def test_an_amendment_of_something_else_leaves_an_issued_invoice_alone(till):
    till.book(1000)
    issued = issue(till, ask_for_invoice(till))
    till.hear(order_amended(1000), sequence=2)
    assert listed(till) == [issued]


def test_what_came_beyond_a_total_that_was_lowered_meanwhile_goes_back_in_the_end(till):
    """It was booked before ordering knew of it, which lowered the total below that."""
    till.book(1000)
    asked = ask_for_invoice(till)
    till.hear(order_amended(900), sequence=2)
    plan = till.plan()
    assert (plan.settled.units, plan.open.units, list(plan.allowed_methods)) == (1000, 0, [])
    shown = [(each.amount.units, each.settled.units) for each in plan.instalments]
    assert shown == [(270, 270), (630, 730)]
    assert issue(till, asked).amount.units == 900

    till.hear(ordering.OrderCompleted(order=ORDER), sequence=3)
    listed = till.ask(CASHIER).ListRefunds(pb.ListRefundsRequest(parent="enterprises/-"))
    assert [each.amount.units for each in listed.refunds] == [100]
