"""What an amendment of an order does to money that came and to an invoice that was asked for."""

import pytest
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.payment.v1 import payment_pb2 as pb

from services.payment.tests.builders import ORDER, PLAN, order_amended
from services.payment.tests.test_api import BUYER, CASHIER, Till


@pytest.fixture
def till(databases, serving):
    return Till(databases, serving).confirm()


def ask_for_invoice(till):
    return till.ask(BUYER).RequestInvoice(pb.RequestInvoiceRequest(name=PLAN))


def issue(till, invoice):
    request = pb.IssueInvoiceRequest(name=invoice.name, invoice_no="F-1")
    return till.ask(CASHIER).IssueInvoice(request)


def test_an_invoice_that_is_asked_for_follows_an_amendment_and_an_issued_one_stays(till):
    till.book(300)
    asked = ask_for_invoice(till)
    till.hear(order_amended(1200, title="Acme Lighting GmbH"), sequence=2)
    till.book(900)
    issued = issue(till, asked)
    assert (asked.amount.units, asked.title.title) == (1000, "Acme GmbH")
    assert (issued.amount.units, issued.title.title) == (1200, "Acme Lighting GmbH")

    till.hear(order_amended(1300), sequence=3)
    listed = till.ask(BUYER).ListInvoices(pb.ListInvoicesRequest(parent="enterprises/acme"))
    assert [(each.amount, each.title) for each in listed.invoices] == [
        (issued.amount, issued.title)
    ]


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
