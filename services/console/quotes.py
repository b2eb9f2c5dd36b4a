"""What would a customer pay: the answer and its reason, and the currency they buy in."""

from pathlib import Path
from typing import Any

from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.customers import every_customer, to_choose
from services.console.roles import BUSINESS, MANAGERS
from services.console.shelf import SHELF, names_of
from shared.web import Form, Pages, _, call, page, redirect, together
from shared.web.form import whole_number
from shared.web.together import Question

pages = Pages(Path(__file__).parent)

EVERYBODY = "enterprises/-"


@pages.get("/quotes", roles=MANAGERS)
def show_quote(request: Request) -> Response:
    """Ask for a customer, an item and a quantity, and say what that costs and why."""
    wanted = Form({name: [value] for name, value in request.query_params.items()})
    enterprise = wanted["enterprise"] or EVERYBODY
    questions: dict[str, Question] = {**SHELF}
    if wanted["item"]:
        asked = pb.QuotePriceRequest(
            parent=enterprise, item=wanted["item"], quantity=whole_number(wanted["quantity"])
        )
        questions["quote"] = (CatalogServiceStub, "QuotePrice", asked)
    if enterprise != EVERYBODY:
        terms = pb.GetCustomerTermsRequest(name=f"{enterprise}/customerTerms")
        questions["terms"] = (CatalogServiceStub, "GetCustomerTerms", terms)
    parts = together(request, **questions)
    shown: dict[str, Any] = {name: parts[name] for name in ("quote", "terms") if name in parts}
    return page(
        request,
        "quote.html",
        customers=to_choose(every_customer(request)),
        called=names_of(parts),
        enterprise=enterprise,
        reasons=_reasons(),
        **shown,
    )


@pages.post("/quotes/terms", roles=BUSINESS)
def set_terms(request: Request, form: Form) -> Response:
    """Agree on the currency a customer buys in."""
    asked = pb.SetCustomerTermsRequest(
        name=f"{form['enterprise']}/customerTerms",
        currency=form["currency"].upper(),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, CatalogServiceStub, "SetCustomerTerms", asked)
    to = f"/quotes?enterprise={form['enterprise']}"
    return redirect(request, to, _("The currency is agreed."))


def _reasons() -> dict[str, str]:
    """Return why a list counts or does not, in the reader's words."""
    return {
        "OWN_LIST_COUNTS": _("It gives the price: it is the customer's own."),
        "GENERAL_LIST_COUNTS": _("It gives the price: no own list has one."),
        "BEHIND_OWN_LIST": _("The customer's own list goes before it."),
        "BEHIND_NEWER_LIST": _("A list that is valid since later goes before it."),
        "OTHER_CURRENCY": _("The customer buys in another currency."),
        "NOT_YET_VALID": _("It is not valid yet."),
        "NO_LONGER_VALID": _("It is not valid any more."),
        "LIST_RETIRED": _("It was retired."),
    }
