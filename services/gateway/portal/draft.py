"""An order that is being filled: its lines (R56)."""

from pathlib import Path

from millrun.ordering.v1.ordering_pb2 import ChangeOrderLineRequest, RemoveOrderLineRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import ORDERERS, from_path
from shared.web import Form, Pages, _, call, redirect

pages = Pages(Path(__file__).parent)


@pages.post("/orders/{order}/lines/{line:int}", roles=ORDERERS)
def change_line(request: Request, form: Form) -> Response:
    """Change the quantity of a line, or remove it."""
    line = {
        "name": from_path(request, "orders", "order"),
        "line_no": request.path_params["line"],
        "etag": form["etag"],
        "request_id": form["request_id"],
    }
    if form["remove"]:
        removed = RemoveOrderLineRequest(**line)
        call(request, OrderingServiceStub, "RemoveOrderLine", removed)
        return redirect(request, _page(request), _("The line is removed."))
    changed = ChangeOrderLineRequest(**line, quantity=form.number("quantity"))
    call(request, OrderingServiceStub, "ChangeOrderLine", changed)
    return redirect(request, _page(request), _("The quantity is changed."))


def _page(request: Request) -> str:
    return f"/orders/{request.path_params['order']}"
