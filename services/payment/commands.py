"""What can be asked of payment. One function per thing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.payment.domain import errors
from services.payment.domain.invoice import Invoice
from services.payment.domain.ledger import owing, receipt
from services.payment.domain.method import Method
from services.payment.domain.payment import Kind, Payment, State
from services.payment.domain.plan import PaymentPlan
from services.payment.domain.receivable import Receivable
from services.payment.domain.refund import Refund
from services.payment.store import Invoices, Plans
from shared.caller import Caller
from shared.money import Money


def draw_up_plan(
    tx: Session,
    *,
    enterprise: str,
    order: str,
    order_no: str,
    enterprise_legal_name: str,
    total: Money,
    deposit_percent: int,
    price_confirmed_by: str,
    invoice_title: Mapping[str, Any] | None,
) -> PaymentPlan:
    """Say what is due for a confirmed order."""
    plan = PaymentPlan.draw_up(
        enterprise=enterprise,
        order=order,
        order_no=order_no,
        enterprise_legal_name=enterprise_legal_name,
        total=total,
        deposit_percent=deposit_percent,
        price_confirmed_by=price_confirmed_by,
        invoice_title=invoice_title,
    )
    Plans(tx).add(plan)
    return plan


def amend_plan(
    tx: Session,
    *,
    order: str,
    total: Money,
    deposit_percent: int,
    price_confirmed_by: str,
    invoice_title: Mapping[str, Any] | None,
    amendment: int,
    addendum_suffices: bool,
) -> PaymentPlan:
    """The order was amended: what is due follows, and so does an invoice yet to be issued."""
    plan = Plans(tx).of_order(order)
    assert plan is not None
    plan.follow(
        total=total,
        deposit_percent=deposit_percent,
        price_confirmed_by=price_confirmed_by,
        invoice_title=invoice_title,
        amendment=amendment,
        addendum_suffices=addendum_suffices,
    )
    tx.flush()
    _follow_with_invoice(tx, plan)
    return plan


def close_plan(
    tx: Session,
    *,
    order: str,
    owed: Money | None = None,
    reason: str = "",
    ended: bool = True,
) -> None:
    """The order is over: what was paid beyond `owed` goes back, and what is missing is to come."""
    plan = Plans(tx).of_order(order)
    if plan is None or plan.closed:
        return
    plan.close(owed=owed, reason=reason, ended=ended)
    tx.flush()
    _follow_with_invoice(tx, plan)
    for receivable in plan.receivables:
        _post_owed(
            tx, plan, receivable, receivable.amount, f"Owed for ending order {plan.order_no}"
        )


def _follow_with_invoice(tx: Session, plan: PaymentPlan) -> None:
    """Have the invoice follow; whoever asks for one at this moment waits for the plan, or we do."""
    if invoice := Invoices(tx).of_plan(plan):
        invoice.follow(plan)


def _post_owed(
    tx: Session,
    plan: PaymentPlan,
    receivable: Receivable,
    amount: Money,
    memo: str,
    *,
    less: bool = False,
) -> None:
    tx.add_all(
        owing(
            enterprise=plan.enterprise,
            plan_id=plan.id,
            receivable_id=receivable.id,
            amount=amount,
            memo=memo,
            less=less,
        )
    )


def settle_plan(tx: Session, *, order: str) -> None:
    """The order went all its way: nothing is awaited any more, and nothing goes back."""
    plan = Plans(tx).of_order(order)
    if plan is not None:
        close_plan(tx, order=order, owed=plan.total, ended=False)


def instruct_payment(
    tx: Session, *, name: str, caller: Caller, method: Method, kind: Kind | None, etag: str
) -> tuple[PaymentPlan, Payment]:
    """The buyer says how an instalment will be paid (R68–R72)."""
    plan = Plans(tx).get(name, caller)
    plan.expect(etag)
    return plan, plan.instruct(method, kind)


def void_payment(
    tx: Session, *, name: str, caller: Caller, etag: str
) -> tuple[PaymentPlan, Payment]:
    """The buyer withdraws a payment that is under way (A5)."""
    plan, payment = Plans(tx).of_payment(name, caller)
    plan.expect(etag)
    plan.void(payment)
    return plan, payment


def book_transfer(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    amount: Money,
    bank_reference: str,
    value_date: date,
    set_aside_surplus: bool,
    etag: str,
) -> tuple[PaymentPlan, Payment]:
    """Finance books money that arrived, in plan and ledger at once (transition 11, I5).

    What is beyond what is open is refused, as a typo most often is, or set aside and sent back.
    """
    plan = Plans(tx).get(name, caller)
    plan.expect(etag)
    if earlier := Plans(tx).booked(bank_reference):
        there, booked = earlier
        raise errors.BookedBefore(
            bank_reference=booked.bank_reference, order_no=there.order_no, payment=booked.name
        )
    statement: dict[str, Any] = {
        "bank_reference": bank_reference,
        "value_date": value_date,
        "booked_by": caller.account,
    }
    beyond = plan.surplus(amount) if set_aside_surplus else Money.zero(amount.currency)
    all_beyond = beyond.amount and amount == beyond
    due = None if all_beyond else plan.book(amount - beyond, **statement)
    rest = plan.set_aside(beyond, **statement, beside=due) if beyond.amount else None
    tx.flush()
    came_as = [each for each in (due, rest) if each]
    for payment in came_as:
        _post_receipt(tx, plan, payment, bank_reference)
    return plan, came_as[0]


def _post_receipt(tx: Session, plan: PaymentPlan, payment: Payment, bank_reference: str) -> None:
    tx.add_all(
        receipt(
            enterprise=plan.enterprise,
            plan_id=plan.id,
            payment_id=payment.id,
            amount=payment.amount,
            memo=f"Transfer {bank_reference} for order {plan.order_no}",
            late=payment.state is State.SUSPENSE,
        )
    )
    if payment.instalment is Kind.ENDING:
        memo = f"Transfer {bank_reference} for what is owed for ending order {plan.order_no}"
        _post_owed(tx, plan, plan.receivables[0], payment.amount, memo, less=True)


def waive_receivable(
    tx: Session, *, name: str, caller: Caller, reason: str, etag: str
) -> tuple[PaymentPlan, Receivable]:
    """Finance asks no more for what is open of a receivable, in plan and ledger at once."""
    plan, receivable = Plans(tx).of_receivable(name, caller)
    plan.expect(etag)
    waived = plan.waive(receivable, reason=reason, by=caller.account)
    _post_owed(tx, plan, receivable, waived, f"Waived for order {plan.order_no}", less=True)
    return plan, receivable


def issue_refund(
    tx: Session, *, name: str, caller: Caller, bank_reference: str, value_date: date, etag: str
) -> tuple[PaymentPlan, Refund]:
    """Finance records that money was sent back, in plan and ledger at once (I5)."""
    plan, refund = Plans(tx).of_refund(name, caller)
    plan.expect(etag)
    if earlier := Plans(tx).sent_back(bank_reference):
        there, sent = earlier
        raise errors.SentBackBefore(
            bank_reference=sent.bank_reference, order_no=there.order_no, refund=sent.name
        )
    shares = plan.issue_refund(
        refund, bank_reference=bank_reference, value_date=value_date, issued_by=caller.account
    )
    for payment, amount in shares:
        journal = receipt(
            enterprise=plan.enterprise,
            plan_id=plan.id,
            payment_id=payment.id,
            amount=amount,
            memo=f"Refund {bank_reference} for order {plan.order_no}",
            late=refund.takes_from_suspense,
            back=True,
        )
        tx.add_all(journal)
    return plan, refund


def request_invoice(tx: Session, *, name: str, caller: Caller) -> Invoice:
    """The buyer asks for the invoice (R74)."""
    plan = Plans(tx).get(name, caller)
    Plans(tx).hold(plan)
    if Invoices(tx).of_plan(plan):
        raise errors.InvoiceRequestedBefore(order_no=plan.order_no)
    invoice = Invoice.request(plan)
    Invoices(tx).add(invoice)
    return invoice


def issue_invoice(tx: Session, *, name: str, caller: Caller, invoice_no: str, etag: str) -> Invoice:
    """Finance issues the invoice under its number."""
    invoice = Invoices(tx).get(name, caller)
    invoice.expect(etag)
    if Invoices(tx).numbered(invoice_no):
        raise errors.InvoiceNumberTaken(invoice_no=invoice_no)
    plan = Plans(tx).of_order(invoice.order)
    assert plan is not None
    invoice.issue(invoice_no, plan)
    return invoice


def reverse_invoice(
    tx: Session, *, name: str, caller: Caller, reversal_no: str, reason: str, etag: str
) -> Invoice:
    """Finance takes an issued invoice back by a credit note.

    If the order had changed as it was issued, the buyer need not ask again for what was asked for.
    """
    invoice = Invoices(tx).get(name, caller)
    invoice.expect(etag)
    if Invoices(tx).numbered(reversal_no):
        raise errors.InvoiceNumberTaken(invoice_no=reversal_no)
    plan = Plans(tx).of_order(invoice.order)
    assert plan is not None
    Plans(tx).hold(plan)
    invoice.reverse(reversal_no, reason)
    if invoice.is_to_be_issued_anew and plan.can_be_invoiced:
        tx.flush()
        Invoices(tx).add(Invoice.request(plan))
    return invoice
