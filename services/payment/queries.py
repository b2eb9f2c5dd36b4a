"""What can be known about payments."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.payment.domain.errors import (
    InvoiceNotFound,
    PaymentNotFound,
    PlanNotFound,
    ReceivableNotFound,
    RefundNotFound,
)
from services.payment.domain.invoice import Invoice
from services.payment.domain.invoice import State as InvoiceState
from services.payment.domain.ledger import DEPOSITS, RECEIVABLES, Posting
from services.payment.domain.payment import Payment, State
from services.payment.domain.plan import PaymentPlan
from services.payment.domain.receivable import Receivable
from services.payment.domain.receivable import State as ReceivableState
from services.payment.domain.refund import Cause, Refund
from services.payment.domain.refund import State as RefundState
from services.payment.store import (
    Plans,
    invoices,
    payment_plans,
    payments,
    postings,
    receivables,
    refunds,
)
from shared.caller import Caller
from shared.money import MINOR_DIGITS
from shared.paging import Page, page, page_of_rows
from shared.tenancy import within

_SETTLED = (
    sa.select(sa.func.coalesce(sa.func.sum(payments.c.amount), 0))
    .where(payments.c.plan_id == payment_plans.c.id, payments.c.state == State.SETTLED)
    .scalar_subquery()
)

_SENT_BACK = (
    sa.select(sa.func.coalesce(sa.func.sum(refunds.c.amount), 0))
    .where(
        refunds.c.plan_id == payment_plans.c.id,
        refunds.c.state == RefundState.RETURNED,
        refunds.c.cause == Cause.ORDER_ENDED,
    )
    .scalar_subquery()
)

_OWED = (
    sa.select(sa.func.coalesce(sa.func.sum(receivables.c.amount - receivables.c.settled), 0))
    .where(receivables.c.plan_id == payment_plans.c.id, receivables.c.state == ReceivableState.OPEN)
    .scalar_subquery()
)

_COINS = {currency: 10**digits for currency, digits in MINOR_DIGITS.items()}
"""How many smallest coins make one unit, where it is not a hundred."""


def list_plans(
    tx: Session, *, parent: str, caller: Caller, open_only: bool, size: int, token: str
) -> Page[PaymentPlan]:
    """Return payment plans, newest first."""
    missing = PlanNotFound(plan=f"{parent}/paymentPlans")
    select = within(sa.select(PaymentPlan), payment_plans, parent, caller, missing)
    if open_only:
        select = select.where(~payment_plans.c.closed, payment_plans.c.total > _SETTLED)
    return page(tx, select, key=payment_plans.c.id, size=size, token=token)


def list_payments(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    order: str,
    state: State | None,
    size: int,
    token: str,
) -> Page[tuple[Payment, str, str]]:
    """Return payments with their order's name and number, newest first."""
    select = sa.select(Payment, payment_plans.c.order, payment_plans.c.order_no).join(
        payment_plans, payment_plans.c.id == payments.c.plan_id
    )
    missing = PaymentNotFound(payment=f"{parent}/payments")
    select = within(select, payments, parent, caller, missing)
    if order:
        select = select.where(payment_plans.c.order == order)
    if state:
        select = select.where(payments.c.state == state)
    rows = page_of_rows(tx, select, key=payments.c.id, size=size, token=token)
    return rows.map(lambda row: (row[0], row[1], row[2]))


def list_refunds(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    order: str,
    state: RefundState | None,
    size: int,
    token: str,
) -> Page[tuple[PaymentPlan, Refund]]:
    """Return refunds with the plans they belong to, newest first."""
    joined = sa.and_(
        payment_plans.c.enterprise == refunds.c.enterprise, payment_plans.c.id == refunds.c.plan_id
    )
    select = sa.select(PaymentPlan, Refund).join(refunds, joined)
    missing = RefundNotFound(refund=f"{parent}/refunds")
    select = within(select, refunds, parent, caller, missing)
    if order:
        select = select.where(payment_plans.c.order == order)
    if state:
        select = select.where(refunds.c.state == state)
    rows = page_of_rows(tx, select, key=refunds.c.id, size=size, token=token)
    return rows.map(lambda row: (row[0], row[1]))


def list_receivables(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    order: str,
    state: ReceivableState | None,
    size: int,
    token: str,
) -> Page[tuple[PaymentPlan, Receivable]]:
    """Return receivables with the plans they belong to, newest first."""
    joined = sa.and_(
        payment_plans.c.enterprise == receivables.c.enterprise,
        payment_plans.c.id == receivables.c.plan_id,
    )
    select = sa.select(PaymentPlan, Receivable).join(receivables, joined)
    missing = ReceivableNotFound(receivable=f"{parent}/receivables")
    select = within(select, receivables, parent, caller, missing)
    if order:
        select = select.where(payment_plans.c.order == order)
    if state:
        select = select.where(receivables.c.state == state)
    rows = page_of_rows(tx, select, key=receivables.c.id, size=size, token=token)
    return rows.map(lambda row: (row[0], row[1]))


def list_invoices(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    order: str,
    state: InvoiceState | None,
    size: int,
    token: str,
) -> Page[Invoice]:
    """Return invoices, newest first."""
    missing = InvoiceNotFound(invoice=f"{parent}/invoices")
    select = within(sa.select(Invoice), invoices, parent, caller, missing)
    if order:
        select = select.where(invoices.c.order == order)
    if state:
        select = select.where(invoices.c.state == state)
    return page(tx, select, key=invoices.c.id, size=size, token=token)


def list_postings(
    tx: Session, *, parent: str, caller: Caller, size: int, token: str
) -> Page[Posting]:
    """Return the ledger of a plan, oldest first."""
    plan = Plans(tx).get(parent, caller)
    select = sa.select(Posting).where(postings.c.plan_id == plan.id)
    return page(tx, select, key=postings.c.id, size=size, token=token, oldest_first=True)


def out_of_balance(tx: Session) -> list[sa.Row[Any]]:
    """Return plans whose ledger says something else than their payments do (I5); none is right.

    Of what is owed for orders that ended, too; `settled` is what the plan says, of either.
    """
    coins = sa.case(_COINS, value=payment_plans.c.currency, else_=100)
    in_coins, owed = (_SETTLED - _SENT_BACK) * coins, _OWED * coins
    in_ledger, owed_in_ledger = -_in_ledger(DEPOSITS), _in_ledger(RECEIVABLES)
    came = sa.select(
        payment_plans.c.id, in_coins.label("settled"), in_ledger.label("ledger")
    ).where(in_coins != in_ledger)
    to_come = sa.select(
        payment_plans.c.id, owed.label("settled"), owed_in_ledger.label("ledger")
    ).where(owed != owed_in_ledger)
    return list(tx.execute(sa.union_all(came, to_come)).all())


def _in_ledger(account: str) -> sa.ColumnElement[Any]:
    """Return the balance of an account in a plan's ledger, in smallest coins."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(postings.c.amount_minor), 0))
        .where(postings.c.plan_id == payment_plans.c.id, postings.c.ledger_account == account)
        .scalar_subquery()
    )
