"""Invoice titles: whom and how the enterprise is invoiced, kept to be chosen again."""

from pathlib import Path

from millrun.ordering.v1.invoice_profile_pb2 import InvoiceProfile
from millrun.ordering.v1.order_pb2 import InvoiceTitle
from millrun.ordering.v1.ordering_pb2 import (
    CreateInvoiceProfileRequest,
    DeleteInvoiceProfileRequest,
    GetInvoiceProfileRequest,
    ListInvoiceProfilesRequest,
    UpdateInvoiceProfileRequest,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.addresses import KEEPERS
from services.gateway.portal.space import CUSTOMERS, MOST, from_path, own
from shared.web import Form, Pages, _, call, page, redirect, visitor

pages = Pages(Path(__file__).parent)

PATH = "/enterprise/invoice-titles"
TITLE = ("title", "tax_id", "address", "bank", "bank_account", "email")
TYPES = frozenset(InvoiceTitle.Type.keys()[1:])


@pages.get(PATH, roles=CUSTOMERS)
def show_invoice_titles(request: Request) -> Response:
    """List the invoice titles, and offer to add one."""
    return page(
        request,
        "invoice_titles.html",
        entries=titles_of(request),
        blank=InvoiceProfile(),
        may_keep=bool(visitor(request).roles & KEEPERS),
    )


@pages.post(PATH, roles=KEEPERS, again=show_invoice_titles)
def add_title(request: Request, form: Form) -> Response:
    """Keep an invoice title."""
    title = title_in(form, "phone") or InvoiceTitle()
    label = called(form["label"], title)
    keep(request, label, title, form["request_id"], default=bool(form["default"]))
    return redirect(request, PATH, _("%(label)s is among the invoice titles.", label=label))


@pages.get(PATH + "/{entry}", roles=KEEPERS)
def show_title(request: Request) -> Response:
    """Show an invoice title to be changed."""
    asked = GetInvoiceProfileRequest(name=from_path(request, "invoiceProfiles", "entry"))
    entry = call(request, OrderingServiceStub, "GetInvoiceProfile", asked)
    return page(request, "invoice_title.html", entry=entry)


@pages.post(PATH + "/{entry}", roles=KEEPERS, again=show_title)
def change_title(request: Request, form: Form) -> Response:
    """Change an invoice title."""
    title = title_in(form, "phone") or InvoiceTitle()
    label = called(form["label"], title)
    asked = UpdateInvoiceProfileRequest(
        invoice_profile=InvoiceProfile(
            name=from_path(request, "invoiceProfiles", "entry"),
            label=label,
            invoice_title=title,
            default=bool(form["default"]),
            etag=form["etag"],
        ),
        request_id=form["request_id"],
    )
    call(request, OrderingServiceStub, "UpdateInvoiceProfile", asked)
    return redirect(request, PATH, _("%(label)s is changed.", label=label))


@pages.post(PATH + "/{entry}/delete", roles=KEEPERS)
def delete_title(request: Request, form: Form) -> Response:
    """Forget an invoice title."""
    asked = DeleteInvoiceProfileRequest(
        name=from_path(request, "invoiceProfiles", "entry"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, OrderingServiceStub, "DeleteInvoiceProfile", asked)
    return redirect(request, PATH, _("The invoice title is not kept any more."))


def titles_of(request: Request) -> list[InvoiceProfile]:
    """Return all invoice titles, the default first, then by label."""
    asked = ListInvoiceProfilesRequest(parent=own(request), page_size=MOST)
    found = call(request, OrderingServiceStub, "ListInvoiceProfiles", asked)
    return sorted(found.invoice_profiles, key=lambda each: (not each.default, each.label.lower()))


def keep(
    request: Request, label: str, title: InvoiceTitle, request_id: str, *, default: bool = False
) -> None:
    """Put a title among those that are kept."""
    entry = InvoiceProfile(label=label, invoice_title=title, default=default)
    asked = CreateInvoiceProfileRequest(
        parent=own(request), invoice_profile=entry, request_id=request_id
    )
    call(request, OrderingServiceStub, "CreateInvoiceProfile", asked)


def title_in(form: Form, phone: str) -> InvoiceTitle | None:
    """Return how to invoice; None when no invoice was asked for.

    `phone` is what its telephone number is called.
    """
    kind = form["invoice"]
    if kind not in TYPES:
        return None
    title = {field: form[field] for field in TITLE}
    return InvoiceTitle(type=InvoiceTitle.Type.Value(kind), **title, phone=form[phone])


def called(label: str, title: InvoiceTitle) -> str:
    """Return what a title is kept under: its own name, if nothing else was said."""
    return label or title.title[:80]
