"""Invoices: those asked for, and issuing one under its number."""

from collections.abc import Iterator
from pathlib import Path

from millrun.payment.v1.money_pb2 import Invoice
from millrun.payment.v1.payment_pb2 import (
    IssueInvoiceRequest,
    ListInvoicesRequest,
    ReverseInvoiceRequest,
)
from millrun.payment.v1.payment_pb2_grpc import PaymentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, parent
from services.console.errors import InvoiceNotFound
from services.console.reading import choices, chosen
from services.console.roles import FINANCE, MONEY
from shared.web import Form, Nav, Pages, _, call, page, redirect

pages = Pages(Path(__file__).parent)

MOST = 200


@pages.get("/invoices", roles=MONEY, nav=Nav("Invoices", icon="receipt"))
def list_invoices(request: Request) -> Response:
    """List invoices by state."""
    asked = ListInvoicesRequest(
        parent="enterprises/-",
        page_token=request.query_params.get("page_token", ""),
        state=chosen(request, "state", Invoice.State),
    )
    found = call(request, PaymentServiceStub, "ListInvoices", asked)
    states = choices(Invoice.State)
    return page(request, "invoices.html", fragment="rows", found=found, states=states)


@pages.get("/invoices/{enterprise}/{id}", roles=MONEY)
def show_invoice(request: Request) -> Response:
    """Show an invoice, and the form to issue it."""
    name = named(request, "invoices")
    invoice = next((each for each in _invoices(request) if each.name == name), None)
    if invoice is None:
        raise InvoiceNotFound(invoice=name)
    return page(request, "invoice.html", invoice=invoice)


@pages.post("/invoices/{enterprise}/{id}", roles=FINANCE, again=show_invoice)
def issue(request: Request, form: Form) -> Response:
    """Issue the invoice."""
    asked = IssueInvoiceRequest(
        name=named(request, "invoices"),
        invoice_no=form["invoice_no"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, PaymentServiceStub, "IssueInvoice", asked)
    return redirect(request, "/invoices", _("The invoice is issued."))


@pages.post("/invoices/{enterprise}/{id}/reverse", roles=FINANCE, again=show_invoice)
def reverse(request: Request, form: Form) -> Response:
    """Reverse the invoice by a credit note."""
    asked = ReverseInvoiceRequest(
        name=named(request, "invoices"),
        reversal_no=form["reversal_no"],
        reason=form["reason"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, PaymentServiceStub, "ReverseInvoice", asked)
    return redirect(request, "/invoices", _("The invoice is reversed."))


def _invoices(request: Request) -> Iterator[Invoice]:
    """Return the invoices of the enterprise, newest first, page by page as they are looked at."""
    asked = ListInvoicesRequest(parent=parent(request), page_size=MOST)
    while True:
        found = call(request, PaymentServiceStub, "ListInvoices", asked)
        yield from found.invoices
        if not found.next_page_token:
            return
        asked.page_token = found.next_page_token
