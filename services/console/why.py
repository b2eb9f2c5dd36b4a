"""Why can't they order this?: what is missing for a customer's account, on their behalf (R41)."""

from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import ListMembershipsRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.ordering.v1.explanation_pb2 import PurchaseExplanation
from millrun.ordering.v1.order_pb2 import Purpose
from millrun.ordering.v1.ordering_pb2 import ExplainPurchaseRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.customers import every_customer, to_choose
from services.console.roles import MANAGERS
from shared.web import Form, Pages, call, page, together
from shared.web.explained import SOLD, findings, licences
from shared.web.form import whole_number

pages = Pages(Path(__file__).parent)

MOST = 200
PURPOSES = [name for name, number in Purpose.items() if number]


@pages.get("/products/{enterprise}/{pid}/why", roles=MANAGERS)
def show_why(request: Request) -> Response:
    """Say what keeps an account of a customer from ordering a product; the owner's, if none."""
    wanted = Form({name: [value] for name, value in request.query_params.items()})
    customer = wanted["customer"] or f"enterprises/{request.path_params['enterprise']}"
    members = ListMembershipsRequest(parent=customer, page_size=MOST)
    parts = together(
        request,
        members=(AuthorizationServiceStub, "ListMemberships", members),
        sold=(CatalogServiceStub, "ListLicenseTypes", SOLD),
    )
    people = parts["members"].answer.memberships if parts["members"].answer else []
    account = wanted["account"] if wanted["account"] in {each.account for each in people} else ""
    asked = ExplainPurchaseRequest(
        name="enterprises/{enterprise}/products/{pid}".format_map(request.path_params),
        purpose=dict(Purpose.items()).get(wanted["purpose"], Purpose.PURPOSE_UNSPECIFIED),
        quantity=whole_number(wanted["quantity"]),
        enterprise=customer,
        account=account or next((each.account for each in people), ""),
        license_type=wanted["license_type"],
    )
    found: PurchaseExplanation = call(request, OrderingServiceStub, "ExplainPurchase", asked)
    return page(
        request,
        "why.html",
        explanation=found,
        findings=findings(found),
        licences=licences(found, parts["sold"].answer),
        people=people,
        customers=to_choose(every_customer(request)),
        purposes=PURPOSES,
        here=request.url.path,
    )
