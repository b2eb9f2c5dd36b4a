"""Payments: what is due, what came, the ledger, and booking a transfer."""

from datetime import date
from pathlib import Path

from millrun.payment.v1.money_pb2 import PaymentPlan
from millrun.payment.v1.payment_pb2 import (
    BookTransferRequest,
    GetPaymentPlanRequest,
    ListInvoicesRequest,
    ListPaymentPlansRequest,
    ListPaymentsRequest,
    ListPostingsRequest,
    ListReceivablesRequest,
    ListRefundsRequest,
)
from millrun.payment.v1.payment_pb2_grpc import PaymentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of, parent
from services.console.people import STAFF, names
from services.console.reading import amount, day
from services.console.roles import FINANCE, MONEY
from shared.clock import now
from shared.web import Form, Nav, Pages, Part, _, call, page, redirect, together
from shared.web.formats import last
from shared.web.together import Question

pages = Pages(Path(__file__).parent)

MOST = 200


@pages.get("/payments", roles=MONEY, nav=Nav("Payments", icon="credit-card"))
def list_plans(request: Request) -> Response:
    """List what is due; only orders with money open unless all are asked for."""
    asked = ListPaymentPlansRequest(
        parent="enterprises/-",
        page_token=request.query_params.get("page_token", ""),
        open_only=request.query_params.get("show") != "all",
    )
    found = call(request, PaymentServiceStub, "ListPaymentPlans", asked)
    return page(request, "payments.html", fragment="rows", found=found)


@pages.get("/payments/{enterprise}/{id}", roles=MONEY)
def show_plan(request: Request) -> Response:
    """Show what is due for an order, what came, and the ledger behind every amount."""
    parts = together(request, **_questions(request))
    return page(
        request,
        "payment.html",
        plan=parts["plan"].insist(),
        parts=parts,
        called=names(request, parts["staff"]),
    )


@pages.get("/payments/{enterprise}/{id}/book", roles=FINANCE)
def show_book(request: Request) -> Response:
    """Ask what the bank says about a transfer; an announced one fills in the amount."""
    parts = together(request, plan=_plan(request), payments=_payments(request))
    plan: PaymentPlan = parts["plan"].insist()
    expected = _announced(request, parts["payments"]) or _next_due(plan)
    today: date = now().date()
    return page(request, "payment_book.html", plan=plan, expected=expected, today=today)


@pages.post("/payments/{enterprise}/{id}/book", roles=FINANCE, again=show_book)
def book(request: Request, form: Form) -> Response:
    """Book the transfer."""
    asked = BookTransferRequest(
        name=named(request, "paymentPlans"),
        amount=amount(form, "amount", form["currency"]),
        bank_reference=form["bank_reference"],
        value_date=day(form, "value_date"),
        set_aside_surplus=bool(form["set_aside_surplus"]),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, PaymentServiceStub, "BookTransfer", asked)
    return redirect(request, page_of(asked.name), _("The transfer is booked."))


def _questions(request: Request) -> dict[str, Question]:
    plan, space = named(request, "paymentPlans"), parent(request)
    postings = ListPostingsRequest(parent=plan, page_size=MOST)
    invoices = ListInvoicesRequest(parent=space, order=_order(request))
    refunds = ListRefundsRequest(parent=space, order=_order(request))
    receivables = ListReceivablesRequest(parent=space, order=_order(request))
    return {
        "plan": _plan(request),
        "payments": _payments(request),
        "postings": (PaymentServiceStub, "ListPostings", postings),
        "invoices": (PaymentServiceStub, "ListInvoices", invoices),
        "refunds": (PaymentServiceStub, "ListRefunds", refunds),
        "receivables": (PaymentServiceStub, "ListReceivables", receivables),
        "staff": STAFF,
    }


def _plan(request: Request) -> Question:
    asked = GetPaymentPlanRequest(name=named(request, "paymentPlans"))
    return PaymentServiceStub, "GetPaymentPlan", asked


def _payments(request: Request) -> Question:
    asked = ListPaymentsRequest(parent=parent(request), order=_order(request), page_size=MOST)
    return PaymentServiceStub, "ListPayments", asked


def _order(request: Request) -> str:
    """Return the order of the plan, which has the same id."""
    return named(request, "orders")


def _announced(request: Request, payments: Part) -> object | None:
    """Return the amount of the payment the address names, if it is there."""
    wanted = request.query_params.get("payment")
    found = payments.answer.payments if payments.answer else []
    return next((each.amount for each in found if last(each.name) == wanted), None)


def _next_due(plan: PaymentPlan) -> object:
    """Return what is open of the first instalment that is, else all that is open."""
    due = [each.open for each in plan.instalments if each.open.units or each.open.nanos]
    return due[0] if due and not plan.closed else plan.open
