"""Events that could not be applied, of every service, and what can be done about them."""

from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToJson
from millrun.operations.v1.operations_pb2 import (
    DiscardDeadLetterRequest,
    ListDeadLettersRequest,
    ReplayDeadLetterRequest,
)
from millrun.operations.v1.operations_pb2_grpc import OperationsServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.errors import NoSuchService
from services.console.roles import OPERATORS
from shared.web import Form, Nav, Pages, _, call, page, redirect, together
from shared.web.health import services_in

pages = Pages(Path(__file__).parent)

MOST = 100


@pages.get("/failed-events", roles=OPERATORS, nav=Nav("Failed events", icon="alert-triangle"))
def list_failed(request: Request) -> Response:
    """List what failed, service by service; one that is away says so."""
    asked = ListDeadLettersRequest(page_size=MOST)
    parts = together(
        request,
        **{
            service: (OperationsServiceStub, "ListDeadLetters", asked, service)
            for service in _services(request)
        },
    )
    return page(request, "failed_events.html", parts=parts, as_json=_as_json)


@pages.post("/failed-events/{service}/{event}/again", roles=OPERATORS)
def replay(request: Request, form: Form) -> Response:
    """Have an event tried again at once."""
    service, name = _which(request)
    asked = ReplayDeadLetterRequest(name=name)
    call(request, OperationsServiceStub, "ReplayDeadLetter", asked, service)
    return redirect(request, "/failed-events", _("The event is tried again."), kind="info")


@pages.post("/failed-events/{service}/{event}/discard", roles=OPERATORS)
def discard(request: Request, form: Form) -> Response:
    """Give an event up for good."""
    service, name = _which(request)
    asked = DiscardDeadLetterRequest(name=name)
    call(request, OperationsServiceStub, "DiscardDeadLetter", asked, service)
    return redirect(request, "/failed-events", _("The event is given up."), kind="info")


def _services(request: Request) -> list[str]:
    return sorted(services_in(request.app.state.web.settings.peers))


def _which(request: Request) -> tuple[str, str]:
    service = request.path_params["service"]
    if service not in _services(request):
        raise NoSuchService(service=service)
    return service, f"deadLetters/{request.path_params['event']}"


def _as_json(data: Any) -> str:
    return MessageToJson(data, indent=2, ensure_ascii=False)
