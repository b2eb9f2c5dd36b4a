"""Refunds: money that is to go back, from which payments, and recording that it was sent."""

from pathlib import Path

from millrun.payment.v1.money_pb2 import Refund
from millrun.payment.v1.payment_pb2 import (
    GetRefundRequest,
    IssueRefundRequest,
    ListRefundsRequest,
)
from millrun.payment.v1.payment_pb2_grpc import PaymentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named
from services.console.people import STAFF, names
from services.console.reading import choices, chosen, day
from services.console.roles import FINANCE, MONEY
from shared.clock import now
from shared.web import Form, Nav, Pages, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)


@pages.get("/refunds", roles=MONEY, nav=Nav("Refunds", icon="refresh"))
def list_refunds(request: Request) -> Response:
    """List refunds by state, the newest first."""
    asked = ListRefundsRequest(
        parent="enterprises/-",
        page_token=request.query_params.get("page_token", ""),
        state=chosen(request, "state", Refund.State),
    )
    found = call(request, PaymentServiceStub, "ListRefunds", asked)
    states = choices(Refund.State)
    return page(request, "refunds.html", fragment="rows", found=found, states=states)


@pages.get("/refunds/{enterprise}/{id}", roles=MONEY)
def show_refund(request: Request) -> Response:
    """Show a refund, and the form to record that it was sent."""
    asked = GetRefundRequest(name=named(request, "refunds"))
    parts = together(request, refund=(PaymentServiceStub, "GetRefund", asked), staff=STAFF)
    return page(
        request,
        "refund.html",
        refund=parts["refund"].insist(),
        called=names(request, parts["staff"]),
        today=now().date(),
    )


@pages.post("/refunds/{enterprise}/{id}", roles=FINANCE, again=show_refund)
def issue(request: Request, form: Form) -> Response:
    """Record that the money was sent back."""
    asked = IssueRefundRequest(
        name=named(request, "refunds"),
        bank_reference=form["bank_reference"],
        value_date=day(form, "value_date"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, PaymentServiceStub, "IssueRefund", asked)
    return redirect(request, "/refunds", _("It is recorded that the money was sent back."))
