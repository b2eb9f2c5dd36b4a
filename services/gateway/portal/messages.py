"""What Millrun told the reader."""

from pathlib import Path

from millrun.notification.v1.notification_pb2 import (
    ListMessagesRequest,
    ReadMessageRequest,
    ReadMessagesRequest,
)
from millrun.notification.v1.notification_pb2_grpc import NotificationServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import product_page
from shared.web import Form, Nav, Pages, _, call, page, redirect, visitor

pages = Pages(Path(__file__).parent)


@pages.get("/messages", nav=Nav("Messages", icon="mail"))
def show_messages(request: Request) -> Response:
    """List messages, the newest first."""
    asked = ListMessagesRequest(
        parent="accounts/me",
        page_size=20,
        page_token=request.query_params.get("page_token", ""),
        unread_only="unread" in request.query_params,
    )
    found = call(request, NotificationServiceStub, "ListMessages", asked)
    return page(
        request,
        "messages.html",
        messages=found.messages,
        unread=found.unread,
        next_page_token=found.next_page_token,
    )


@pages.post("/messages/{message}/read")
def read_message(request: Request, form: Form) -> Response:
    """Mark a message as read, and go to what it is about if that was wished."""
    name = f"{visitor(request).account}/messages/{request.path_params['message']}"
    read = call(request, NotificationServiceStub, "ReadMessage", ReadMessageRequest(name=name))
    return redirect(request, page_about(read.about) if form["open"] else "/messages")


@pages.post("/messages/read")
def read_messages(request: Request, form: Form) -> Response:
    """Mark all messages as read that the reader could see."""
    asked = ReadMessagesRequest(
        parent="accounts/me", newest=form["newest"], request_id=form["request_id"]
    )
    call(request, NotificationServiceStub, "ReadMessages", asked)
    return redirect(request, "/messages", _("All messages are read."))


def page_about(name: str) -> str:
    """Return the address of the page about a resource; of the messages if it has none."""
    kind, _, last = "/".join(name.split("/")[2:]).partition("/")
    match kind:
        case "orders":
            return f"/orders/{last}"
        case "products":
            return product_page(name)
        case "suggestions":
            return f"/suggestions/{last}"
        case "certifications":
            return "/enterprise"
        case "authorizations" | "productAssociations":
            return "/purchase"
        case _ if name.startswith("accounts/"):
            return "/account"
        case _:
            return "/enterprise" if name.startswith("enterprises/") else "/messages"
