"""Receivables: what is still owed for orders that ended, until it is paid or waived."""

from pathlib import Path

from millrun.payment.v1.money_pb2 import Payment, Receivable
from millrun.payment.v1.payment_pb2 import (
    GetReceivableRequest,
    ListPaymentsRequest,
    ListReceivablesRequest,
    WaiveReceivableRequest,
)
from millrun.payment.v1.payment_pb2_grpc import PaymentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named
from services.console.people import STAFF, names
from services.console.reading import chosen
from services.console.roles import FINANCE, MONEY
from shared.web import Form, Nav, Pages, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)


@pages.get("/receivables", roles=MONEY, nav=Nav("Receivables", icon="receipt"))
def list_receivables(request: Request) -> Response:
    """List receivables by state, the newest first."""
    asked = ListReceivablesRequest(
        parent="enterprises/-",
        page_token=request.query_params.get("page_token", ""),
        state=chosen(request, "state", Receivable.State),
    )
    found = call(request, PaymentServiceStub, "ListReceivables", asked)
    return page(request, "receivables.html", fragment="rows", found=found)


@pages.get("/receivables/{enterprise}/{id}", roles=MONEY)
def show_receivable(request: Request) -> Response:
    """Show a receivable, and the ways it can be closed."""
    asked = GetReceivableRequest(name=named(request, "receivables"))
    parts = together(request, found=(PaymentServiceStub, "GetReceivable", asked), staff=STAFF)
    receivable: Receivable = parts["found"].insist()
    return page(
        request,
        "receivable.html",
        receivable=receivable,
        announced=_announced(request, receivable),
        called=names(request, parts["staff"]),
    )


def _announced(request: Request, receivable: Receivable) -> list[Payment]:
    """Return the transfers the buyer said will come for it; none if that cannot be asked now."""
    parent = receivable.name.partition("/receivables/")[0]
    asked = ListPaymentsRequest(parent=parent, order=receivable.order)
    part = together(request, payments=(PaymentServiceStub, "ListPayments", asked))["payments"]
    found = part.answer.payments if part.answer else []
    return [payment for payment in found if payment.state == Payment.INSTRUCTED]


@pages.post("/receivables/{enterprise}/{id}/waive", roles=FINANCE, again=show_receivable)
def waive(request: Request, form: Form) -> Response:
    """Ask no more for what is open of it."""
    asked = WaiveReceivableRequest(
        name=named(request, "receivables"),
        reason=form["reason"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, PaymentServiceStub, "WaiveReceivable", asked)
    return redirect(request, "/receivables", _("It is not asked for any more."))
