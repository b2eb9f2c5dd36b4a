"""Invoices follow their order: what ended before it was fulfilled is not invoiced (R74)."""

from itertools import permutations

import pytest
from google.type.money_pb2 import Money as MoneyMessage
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.payment.v1 import money_pb2 as money
from millrun.payment.v1 import payment_pb2 as pb

from services.payment.tests.builders import ORDER, PLAN
from services.payment.tests.test_api import BUYER, CASHIER, Till
from shared.errors import Disallowed, NotFound

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
    states = [each.state for each in invoices(till)]
    assert states == (
        [] if not asked_in_time else [money.Invoice.ISSUED if issued_in_time else VOID]
    )


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
