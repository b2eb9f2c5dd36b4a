"""The revisions of an order, one of them, and what differs between two: in portal and console."""

import json
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToJson, ParseDict
from millrun.notification.v1.notification_pb2 import ListOrderEventsRequest
from millrun.notification.v1.notification_pb2_grpc import NotificationServiceStub
from millrun.ordering.v1.order_pb2 import Order, PurchaseOrder
from millrun.ordering.v1.ordering_pb2 import (
    CompareOrderRevisionsRequest,
    GetPassportRequest,
    ListOrderRevisionsRequest,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from millrun.ordering.v1.passport_pb2 import Passport
from starlette.requests import Request
from starlette.responses import Response

from shared.errors import NotFound
from shared.web import _, call, page, together, visitor

MOST = 200


class NoSuchRevision(NotFound):
    """Order {order} has no revision {revision}."""

    fix = "Choose one on the page of its revisions."


@dataclass(frozen=True)
class Compared:
    """Two revisions, and what differs between them."""

    before: Any
    after: Any
    differences: Any


def show_revisions(request: Request, order: Order, here: str) -> Response:
    """Show every revision of an order, and what differs between the two that were chosen."""
    revisions, called = _known(request, order)
    return page(
        request,
        "revisions.html",
        order=order,
        here=here,
        revisions=revisions,
        called=called,
        compared=_compared(request, order, revisions),
    )


def show_revision(request: Request, order: Order, here: str) -> Response:
    """Show what was ordered in one revision, whole."""
    revisions, called = _known(request, order)
    number = request.path_params["revision"]
    found = next((each for each in revisions if str(each.revision) == number), None)
    if found is None:
        raise NoSuchRevision(order=order.order_no, revision=number[:20])
    asked = GetPassportRequest(name=f"{order.name}/passport", revision=found.revision)
    passport: Passport = call(request, OrderingServiceStub, "GetPassport", asked)
    return page(
        request,
        "revision.html",
        order=order,
        here=here,
        revision=found,
        latest=revisions[0].revision,
        called=called,
        ordered=ParseDict(
            json.loads(passport.content), PurchaseOrder(), ignore_unknown_fields=True
        ),
    )


def download_passport(request: Request, order: Order) -> Response:
    """Return the signed passport of a revision, `?revision=`, else of the latest, as a file."""
    asked = GetPassportRequest(name=f"{order.name}/passport")
    number = request.query_params.get("revision", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        asked.revision = int(number)
    passport: Passport = call(request, OrderingServiceStub, "GetPassport", asked)
    name = f"{order.order_no}-{passport.revision}" if passport.revision else order.order_no
    return Response(
        MessageToJson(passport),
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="{name}-passport.json"'},
    )


def _known(request: Request, order: Order) -> tuple[list[Any], dict[str, str]]:
    """Return the revisions, the latest first, and how those who caused something are called."""
    parent = order.name.rpartition("/orders/")[0]
    events = ListOrderEventsRequest(parent=parent, order=order.name, page_size=MOST)
    parts = together(
        request,
        revisions=(
            OrderingServiceStub,
            "ListOrderRevisions",
            ListOrderRevisionsRequest(parent=order.name),
        ),
        events=(NotificationServiceStub, "ListOrderEvents", events),
    )
    told = parts["events"].answer.order_events if parts["events"].answer else []
    called = {each.actor: each.actor_display_name for each in told if each.actor_display_name}
    mine = {visitor(request).account: _("you")}
    return list(parts["revisions"].insist().revisions), called | mine


def _compared(request: Request, order: Order, revisions: list[Any]) -> Compared | None:
    """Compare the two that were chosen; the first and the last, if none was."""
    by_number = {str(each.revision): each for each in revisions}
    if len(by_number) < 2:
        return None
    wanted = request.query_params
    before = by_number.get(wanted.get("before", ""), revisions[-1])
    after = by_number.get(wanted.get("after", ""), revisions[0])
    asked = CompareOrderRevisionsRequest(
        name=order.name, before=before.revision, after=after.revision
    )
    found = call(request, OrderingServiceStub, "CompareOrderRevisions", asked)
    return Compared(before, after, found.differences)
