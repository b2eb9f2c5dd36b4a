"""I5 between services: what both sign is what is due, what is paid for and what is invoiced.

However an order is amended, paid and signed, and in whatever order: contract, payment plan and
invoice say the same of it as the order itself, to the cent, with the same parties and lines.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2e.deal import Deal
from services.contract.domain.chart import State as Signing
from services.contract.domain.contract import Contract
from services.ordering.domain.amendment import Field
from services.ordering.domain.gates import Gate
from services.ordering.domain.order import Order
from services.ordering.tests.builders import (
    LAMP,
    PLUG,
    a_draft,
    a_form,
    a_service,
    an_invoice_title,
    cny,
    confirm_price,
    confirm_software,
    submit,
    with_services,
)
from services.ordering.tests.changes import ACTING, agree, amend
from services.ordering.tests.test_invariants import a_change
from services.payment.domain.invoice import State as Invoiced
from shared.errors import Refusal
from shared.testing.broken import hunting

LABELS = a_service().service
numbers = count(1)
lines = st.integers(1, 2)
prices = st.sampled_from(["0.07", "9.25", "11.1111"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("amend"), st.sampled_from(Field), lines, st.sampled_from([51, 250])),
        st.tuples(st.just("price anew"), lines, prices),
        st.tuples(st.just("sign")),
        st.tuples(st.just("pay"), st.sampled_from([1, 30, 100])),
        st.tuples(st.just("ask for the invoice")),
        st.tuples(st.just("issue the invoice")),
        st.tuples(st.just("change and issue at once"), lines, st.sampled_from([51, 250])),
        st.tuples(st.just("reverse the invoice")),
    ),
    min_size=1,
    max_size=5,
)
ASK, ISSUE = ("ask for the invoice",), ("issue the invoice",)
AT_ONCE = ("change and issue at once", 1, 250)
begun = st.sampled_from(
    [
        (),
        (("sign",),),
        (("pay", 30), ASK),
        (("sign",), ("pay", 1), ASK),
        (("pay", 100), ASK, ISSUE),
        (("pay", 100), ASK, AT_ONCE),
    ]
)
"""How far it is at first: left to chance, it hardly ever gets to an invoice and is amended then."""

lives = given(taken=st.builds(lambda *parts: [*parts[0], *parts[1]], begun, steps), price=prices)


@pytest.fixture
def deal(databases):
    return Deal(databases)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@lives
def test_what_is_signed_is_what_is_due_and_what_is_invoiced(deal, taken, price):
    _insist_it_is_one_deal(deal, taken, price)


def _insist_it_is_one_deal(deal, taken, price):
    deal.begins(_confirmed(price))
    _insist_all_say_the_same(deal)
    for what, *how in taken:
        with suppress(Refusal):
            DO[what](deal, *how)
        deal.goes_round()
        _insist_all_say_the_same(deal)


def _confirmed(price: str) -> Order:
    """Return an order whose price was agreed on, and whose software is confirmed."""
    offered = with_services(a_service(minimum_quantity=0))
    form = a_form(invoice_title=an_invoice_title())
    wanted = ((PLUG, 100, [LABELS]), (LAMP, 1000))
    order = a_draft(*wanted, assortment=offered, form=form)
    order.order_no = f"MR-2026-{next(numbers):06d}"
    submit(order, assortment=offered)
    confirm_price(order, prices={2: cny(price)})
    confirm_software(order)
    return order


def _amend(deal: Deal, field: Field, line_no: int, quantity: int) -> None:
    amend(deal.order, a_change(field, line_no, quantity))
    _all_agree(deal.order)


def _price_anew(deal: Deal, line_no: int, price: str) -> None:
    """Another quantity, for which the business manager agrees to another price."""
    amend(deal.order, a_change(Field.QUANTITY, line_no, 100))
    _all_agree(deal.order, prices={line_no: (cny(price), "Agreed anew.")})


def _all_agree(order: Order, **more: Any) -> None:
    for party in ACTING:
        if order.proposal is not None:
            with suppress(Refusal):
                agree(order, party, **(more if party.name == "BUSINESS_MANAGER" else {}))


def _pay(deal: Deal, percent: int) -> None:
    assert deal.order.total
    assert deal.order.settled
    left = deal.order.total - deal.order.settled
    deal.is_paid(left.percent(percent))


def _change_and_issue_at_once(deal: Deal, line_no: int, quantity: int) -> None:
    """Neither service heard of the other when it let this happen."""
    with suppress(Refusal):
        amend(deal.order, a_change(Field.QUANTITY, line_no, quantity))
        _all_agree(deal.order)
    deal.invoice_is_issued()


DO: dict[str, Callable[..., None]] = {
    "amend": _amend,
    "price anew": _price_anew,
    "sign": Deal.both_sign,
    "pay": _pay,
    "ask for the invoice": Deal.invoice_is_asked_for,
    "issue the invoice": Deal.invoice_is_issued,
    "change and issue at once": _change_and_issue_at_once,
    "reverse the invoice": Deal.invoice_is_reversed,
}


def _insist_all_say_the_same(deal: Deal) -> None:
    order, contract, (plan, invoice) = deal.order, deal.contract, deal.money
    assert order.total
    assert order.terms
    terms = contract.edition.terms
    assert contract.total == plan.total == order.total
    assert contract.deposit == plan.deposit == order.total.percent(order.terms.deposit_percent)
    assert plan.settled == order.settled
    assert {
        terms["parties"]["buyer"],
        contract.enterprise_legal_name,
        plan.enterprise_legal_name,
    } == {order.enterprise_legal_name}
    assert terms["passport"]["digest"] == order.snapshot_digest
    assert _lines_of(order) == [_said_of(line) for line in terms["goods"]["lines"]]
    assert sum((line[-1] for line in _lines_of(order)), Decimal(0)) == plan.total.amount
    assert terms["invoice"] == _in_terms(plan.invoice_title)
    for each in plan.instalments:
        assert each.reference == terms["payment"]["references"][each.kind.value]
    assert (order.gates.invoice is Gate.PASSED) == (
        invoice is not None and invoice.state is Invoiced.ISSUED
    )
    if invoice is not None and invoice.state is not Invoiced.REVERSAL_DUE:
        assert invoice.amount == plan.total
        assert _in_terms(invoice.title) == terms["invoice"]
        assert invoice.enterprise_legal_name == terms["parties"]["buyer"]
        assert invoice.state is not Invoiced.ISSUED or plan.settled == invoice.amount
    _insist_signed_is_current(order, contract)


def _insist_signed_is_current(order: Order, contract: Contract) -> None:
    """What counts as signed is what is ordered, and nothing else."""
    signed = contract.state is Signing.SIGNED
    assert signed == (order.gates.contract is Gate.PASSED and not order.addendum_open)
    if signed:
        assert contract.in_force[-1] is contract.edition


def _lines_of(order: Order) -> list[tuple[Any, ...]]:
    """Return each line's number, product, quantity, price, and what it costs with its services."""
    return [
        (each.line_no, each.pid, each.quantity, each.unit_price.amount, each.total.amount)
        for each in order.lines
    ]


def _said_of(line: dict[str, Any]) -> tuple[Any, ...]:
    """Return the same as a contract says it."""
    on_top = [
        _amount(each[part])
        for each in line.get("services", {}).values()
        for part in ("units", "price_per_order", "setup_fee")
        if part in each
    ]
    quantity = int(line["quantity"].replace(",", ""))
    amount = _amount(line["amount"]) + sum(on_top, Decimal(0))
    return line["line_no"], line["pid"], quantity, _amount(line["unit_price"]), amount


def _amount(said: str) -> Decimal:
    return Decimal(said.partition(" ")[0].replace(",", ""))


def _in_terms(title: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return an invoice title as contracts spell it."""
    spelt = {"taxId": "tax_id", "bankAccount": "bank_account"}
    return {spelt.get(name, name): value for name, value in (title or {}).items()}


def _nothing(*_: Any, **__: Any) -> None:
    """Leave everything as it was."""


BROKEN = {
    "an invoice stays as it was asked for": (
        "services.payment.domain.invoice.Invoice.follow",
        _nothing,
    ),
    "what is due stays as it was confirmed": (
        "services.payment.domain.plan.PaymentPlan.follow",
        _nothing,
    ),
    "the contract stays as it was signed": ("services.contract.commands.amend", _nothing),
    "the contract leaves out what is done on top": (
        "services.contract.domain.terms._on_top",
        lambda line: {},
    ),
    "an invoice over another sum counts": (
        "services.payment.domain.invoice.Invoice.differs",
        lambda invoice, plan: False,
    ),
}
"""Rules broken on purpose: what does not notice them proves nothing."""


@pytest.mark.parametrize("rule", BROKEN)
def test_a_deal_that_is_not_one_is_noticed(rule, deal, monkeypatch):
    monkeypatch.setattr(*BROKEN[rule])

    def insist(taken, price):
        _insist_it_is_one_deal(deal, taken, price)

    with pytest.raises(AssertionError):
        hunting()(lives(insist))()
