"""Who may order which products: authorizations (R48-R51)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from millrun.authorization.v1.account_pb2 import Role
from millrun.authorization.v1.authorization_pb2 import (
    CreateAuthorizationRequest,
    GetAuthorizationRequest,
    ListAuthorizationsRequest,
    RevokeAuthorizationRequest,
    UpdateAuthorizationRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.grant_pb2 import Authorization
from millrun.ordering.v1.order_pb2 import Purpose
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import ADMINISTRATORS, from_path, own
from shared.errors import Malformed
from shared.numerals import plain
from shared.web import Form, Pages, _, call, page, redirect, together
from shared.web.offering import offer, products_of

pages = Pages(Path(__file__).parent)

ROLES = {"BUYER": Role.BUYER, "RND": Role.RND}
MOST_DIGITS = 12
"""Of a cap: more is none, whatever the service behind takes."""

PURPOSES = {name: number for name, number in Purpose.items() if number}


class NotADay(Malformed):
    """That is not a day."""

    fix = "Choose a day from the calendar, or leave it empty."

    def __init__(self) -> None:
        super().__init__(field="expire_time")


class NotACap(Malformed):
    """That is not a number of pieces."""

    fix = "Enter a whole number above zero, or leave it empty."

    def __init__(self) -> None:
        super().__init__(field="quantity_cap")


@pages.get("/enterprise/authorizations", roles=ADMINISTRATORS)
def show_authorizations(request: Request) -> Response:
    """List who may order what."""
    token = request.query_params.get("page_token", "")
    found = together(
        request,
        authorizations=(
            AuthorizationServiceStub,
            "ListAuthorizations",
            ListAuthorizationsRequest(parent=own(request), page_token=token),
        ),
        products=products_of(request, own(request)),
    )
    products = found["products"].answer
    names = {each.name: each.display_name for each in products.products} if products else {}
    listed = found["authorizations"].insist()
    return page(
        request,
        "authorizations.html",
        authorizations=listed.authorizations,
        product_names=names,
        purpose_names={number: name for name, number in PURPOSES.items()},
        next_page_token=listed.next_page_token,
    )


@pages.get("/enterprise/authorizations/new", roles=ADMINISTRATORS)
def show_new_authorization(request: Request) -> Response:
    """Ask who may order which products."""
    chosen = request.query_params.getlist("product")
    listed = call(request, *products_of(request, own(request)))
    return page(
        request, "authorization_new.html", offer=offer(request, listed, chosen), chosen=chosen
    )


@pages.post("/enterprise/authorizations/new", roles=ADMINISTRATORS, again=show_new_authorization)
def create_authorization(request: Request, form: Form) -> Response:
    """Open products to an account, or only look for some."""
    if form["find"]:
        request.state.form = form
        return show_new_authorization(request)
    authorization = Authorization(
        email=form["email"], role=ROLES.get(form["role"], Role.ROLE_UNSPECIFIED), **_limits(form)
    )
    asked = CreateAuthorizationRequest(
        parent=own(request), authorization=authorization, request_id=form["request_id"]
    )
    made = call(request, AuthorizationServiceStub, "CreateAuthorization", asked)
    done = _("%(name)s may order these products now.", name=made.display_name or made.email)
    return redirect(request, "/enterprise/authorizations", done)


@pages.get("/enterprise/authorizations/{authorization}", roles=ADMINISTRATORS)
def show_authorization(request: Request) -> Response:
    """Show how far an authorization goes, to be changed."""
    name = from_path(request, "authorizations", "authorization")
    found = together(
        request,
        authorization=(
            AuthorizationServiceStub,
            "GetAuthorization",
            GetAuthorizationRequest(name=name),
        ),
        products=products_of(request, own(request)),
    )
    authorization: Authorization = found["authorization"].insist()
    return page(
        request,
        "authorization.html",
        authorization=authorization,
        offer=offer(request, found["products"].insist(), authorization.products),
        purposes=[Purpose.Name(each) for each in authorization.purposes],
        cap=authorization.quantity_cap or "",
        last_day=_last_day(authorization),
    )


@pages.post(
    "/enterprise/authorizations/{authorization}", roles=ADMINISTRATORS, again=show_authorization
)
def update_authorization(request: Request, form: Form) -> Response:
    """Set how far an authorization goes, or only look for products."""
    if form["find"]:
        request.state.form = form
        return show_authorization(request)
    limits = _limits(form)
    authorization = Authorization(
        name=from_path(request, "authorizations", "authorization"), etag=form["etag"], **limits
    )
    asked = UpdateAuthorizationRequest(authorization=authorization, request_id=form["request_id"])
    asked.update_mask.paths.extend(limits)
    call(request, AuthorizationServiceStub, "UpdateAuthorization", asked)
    return redirect(request, "/enterprise/authorizations", _("The authorization is changed."))


@pages.post("/enterprise/authorizations/{authorization}/revoke", roles=ADMINISTRATORS)
def revoke_authorization(request: Request, form: Form) -> Response:
    """Take an authorization back (A23)."""
    asked = RevokeAuthorizationRequest(
        name=from_path(request, "authorizations", "authorization"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, AuthorizationServiceStub, "RevokeAuthorization", asked)
    done = _("The authorization is revoked; open orders stay.")
    return redirect(request, "/enterprise/authorizations", done)


def _limits(form: Form) -> dict[str, Any]:
    """Read how far an authorization shall go, by the names of its fields."""
    return {
        "products": form.all("products"),
        "purposes": [PURPOSES[each] for each in form.all("purposes") if each in PURPOSES],
        "quantity_cap": _cap(form["quantity_cap"]),
        "expire_time": _end_of(form["expire_time"]),
    }


def _cap(text: str) -> int:
    """Return a number of pieces, 0 for none; NotACap."""
    digits = plain(text)
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS and int(digits)):
        raise NotACap
    return int(digits)


def _last_day(authorization: Authorization) -> str:
    """Return the last day of an authorization, as a field for days has it."""
    if not authorization.HasField("expire_time"):
        return ""
    end = authorization.expire_time.ToDatetime(UTC) - timedelta(microseconds=1)
    return end.date().isoformat()


def _end_of(day: str) -> Timestamp | None:
    """Return the end of a day in UTC; None for no day. NotADay."""
    if not day:
        return None
    try:
        after = date.fromisoformat(day) + timedelta(days=1)
        end = Timestamp()
        end.FromDatetime(datetime(after.year, after.month, after.day, tzinfo=UTC))
    except (ValueError, OverflowError):
        raise NotADay from None
    return end
