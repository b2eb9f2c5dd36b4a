"""Messages to whoever signed in."""

from pathlib import Path

from millrun.notification.v1.notification_pb2 import (
    ListMessagesRequest,
    ReadMessageRequest,
    ReadMessagesRequest,
)
from millrun.notification.v1.notification_pb2_grpc import NotificationServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import page_of
from services.console.roles import MANAGERS
from shared.web import Form, Nav, Pages, _, call, page, redirect, visitor

pages = Pages(Path(__file__).parent)


@pages.get("/messages", nav=Nav("Messages", icon="mail"))
def list_messages(request: Request) -> Response:
    """List messages, the newest first."""
    asked = ListMessagesRequest(
        parent="accounts/me",
        page_token=request.query_params.get("page_token", ""),
        unread_only="unread" in request.query_params,
    )
    found = call(request, NotificationServiceStub, "ListMessages", asked)
    places = {each.name: place_of(request, each.about) for each in found.messages}
    return page(request, "messages.html", found=found, places=places)


def place_of(request: Request, about: str) -> str:
    """Return the page of what a message is about; an order's work, to who sees no orders."""
    if "/orders/" in about and not visitor(request).has(*MANAGERS):
        return f"/work-orders?order={about}"
    return page_of(about)


@pages.post("/messages/{message}/read")
def read_message(request: Request, form: Form) -> Response:
    """Mark a message as read."""
    name = f"{visitor(request).account}/messages/{request.path_params['message']}"
    call(request, NotificationServiceStub, "ReadMessage", ReadMessageRequest(name=name))
    return redirect(request, "/messages")


@pages.post("/messages/read")
def read_messages(request: Request, form: Form) -> Response:
    """Mark all messages as read that the reader could see."""
    asked = ReadMessagesRequest(
        parent="accounts/me", newest=form["newest"], request_id=form["request_id"]
    )
    call(request, NotificationServiceStub, "ReadMessages", asked)
    return redirect(request, "/messages", _("All messages are read."))
