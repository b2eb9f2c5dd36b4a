"""Why can't I order this?: what is missing, who can change it, and asking them (R41)."""

from pathlib import Path
from urllib.parse import urlencode

from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.ordering.v1.explanation_pb2 import PurchaseCheck, PurchaseExplanation
from millrun.ordering.v1.order_pb2 import Purpose
from millrun.ordering.v1.ordering_pb2 import AskForPurchaseRequest, ExplainPurchaseRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import CUSTOMERS, product_of, product_page
from shared.web import Form, Pages, _, call, page, redirect, together
from shared.web.explained import SOLD, findings, licences
from shared.web.form import whole_number

pages = Pages(Path(__file__).parent)

KINDS = dict(PurchaseCheck.Kind.items())
PURPOSES = [name for name, number in Purpose.items() if number]


@pages.get("/products/{owner}/{pid}/why", roles=CUSTOMERS)
def show_why(request: Request) -> Response:
    """Say what keeps a product from being ordered, or that nothing does."""
    wanted = Form({name: [value] for name, value in request.query_params.items()})
    asked = ExplainPurchaseRequest(
        name=product_of(request),
        purpose=_purpose(wanted["purpose"]),
        quantity=whole_number(wanted["quantity"]),
        license_type=wanted["license_type"],
    )
    sold = (CatalogServiceStub, "ListLicenseTypes", SOLD)
    why = (OrderingServiceStub, "ExplainPurchase", asked)
    parts = together(request, why=why, sold=sold)
    found: PurchaseExplanation = parts["why"].insist()
    return page(
        request,
        "why.html",
        explanation=found,
        findings=findings(found),
        licences=licences(found, parts["sold"].answer),
        purposes=PURPOSES,
        here=f"{product_page(found.product)}/why",
    )


@pages.post("/products/{owner}/{pid}/why", roles=CUSTOMERS, again=show_why)
def ask(request: Request, form: Form) -> Response:
    """Ask whoever can change it."""
    asked = AskForPurchaseRequest(
        name=product_of(request),
        kind=KINDS.get(form["kind"], PurchaseCheck.KIND_UNSPECIFIED),
        purpose=_purpose(form["purpose"]),
        quantity=form.number("quantity"),
        note=form["note"],
        license_type=form["license_type"],
        request_id=form["request_id"],
    )
    call(request, OrderingServiceStub, "AskForPurchase", asked)
    again = {name: form[name] for name in ("purpose", "quantity", "license_type") if form[name]}
    return redirect(
        request,
        f"{request.url.path}?{urlencode(again)}",
        _("They were told, and will see it in their messages."),
    )


def _purpose(name: str) -> "Purpose.ValueType":
    return dict(Purpose.items()).get(name, Purpose.PURPOSE_UNSPECIFIED)
