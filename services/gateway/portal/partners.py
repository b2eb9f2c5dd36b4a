"""Systems of the enterprise and its partners that follow its orders."""

from pathlib import Path
from typing import Any

from millrun.authorization.v1.authorization_pb2 import (
    EnrollPartnerRequest,
    ListPartnerClientsRequest,
    RevokePartnerRequest,
    RotatePartnerSecretRequest,
    UpdatePartnerRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.grant_pb2 import PartnerClient
from millrun.catalog.v1.catalog_pb2 import ListProductsResponse
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import ADMINISTRATORS, MOST, from_path, own
from shared.errors import NotFound
from shared.web import Form, Pages, _, call, page, redirect, together
from shared.web.offering import offer, products_of

pages = Pages(Path(__file__).parent)

HERE = "/enterprise/partners"
KINDS = (
    ("ordering.order.*", _("What becomes of orders")),
    ("contract.contract.*", _("Contracts and signatures")),
    ("payment.payment.*", _("Payments")),
    ("payment.invoice.*", _("Invoices")),
    ("fulfillment.production.*", _("Production")),
    ("fulfillment.batch.*", _("Batches")),
    ("fulfillment.shipment.*", _("Shipments")),
)
"""What can be chosen on a page; single types of events can be named over the API."""


class PartnerNotFound(NotFound):
    """There is no such partner system."""

    fix = "Take it from the list of partner systems."


@pages.get(HERE, roles=ADMINISTRATORS)
def show_partners(request: Request) -> Response:
    """List partner systems, and offer to enrol one."""
    return _show(request)


@pages.post(HERE, roles=ADMINISTRATORS, again=show_partners)
def enroll_partner(request: Request, form: Form) -> Response:
    """Enrol a partner system and show its secret: here, once, and nowhere else.

    Or only look for products it shall follow.
    """
    if form["find"]:
        request.state.form = form
        return _show(request)
    asked = EnrollPartnerRequest(
        parent=own(request),
        partner_client=PartnerClient(display_name=form["display_name"], **_following(form)),
    )
    enrolled = call(request, AuthorizationServiceStub, "EnrollPartner", asked)
    return _show(request, enrolled)


@pages.get(HERE + "/{partner_client}", roles=ADMINISTRATORS)
def show_partner(request: Request) -> Response:
    """Show what a partner system may follow, to be changed."""
    asked = ListPartnerClientsRequest(parent=own(request), page_size=MOST)
    found = together(
        request,
        listed=(AuthorizationServiceStub, "ListPartnerClients", asked),
        products=products_of(request, own(request)),
    )
    name = from_path(request, "partnerClients", "partner_client")
    clients = found["listed"].insist().partner_clients
    partner = next((each for each in clients if each.name == name), None)
    if partner is None:
        raise PartnerNotFound
    more = [(each, each, "") for each in partner.event_types if each not in dict(KINDS)]
    return page(
        request,
        "partner.html",
        partner=partner,
        kinds=[*_kinds(), *more],
        offer=offer(request, found["products"].insist(), partner.products),
    )


@pages.post(HERE + "/{partner_client}", roles=ADMINISTRATORS, again=show_partner)
def update_partner(request: Request, form: Form) -> Response:
    """Set what a partner system may follow, or only look for products."""
    if form["find"]:
        request.state.form = form
        return show_partner(request)
    client = PartnerClient(
        name=from_path(request, "partnerClients", "partner_client"),
        display_name=form["display_name"],
        etag=form["etag"],
        **_following(form),
    )
    asked = UpdatePartnerRequest(partner_client=client, request_id=form["request_id"])
    asked.update_mask.paths.extend(["display_name", "event_types", "products"])
    call(request, AuthorizationServiceStub, "UpdatePartner", asked)
    return redirect(request, HERE, _("It follows this from now on."))


@pages.post(HERE + "/{partner_client}/rotate", roles=ADMINISTRATORS)
def rotate_secret(request: Request, form: Form) -> Response:
    """Give a partner system another secret and show it: here, once, and nowhere else."""
    asked = RotatePartnerSecretRequest(
        name=from_path(request, "partnerClients", "partner_client"), etag=form["etag"]
    )
    rotated = call(request, AuthorizationServiceStub, "RotatePartnerSecret", asked)
    return _show(request, rotated)


@pages.post(HERE + "/{partner_client}/revoke", roles=ADMINISTRATORS)
def revoke_partner(request: Request, form: Form) -> Response:
    """Take a partner system's access back."""
    asked = RevokePartnerRequest(
        name=from_path(request, "partnerClients", "partner_client"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, AuthorizationServiceStub, "RevokePartner", asked)
    return redirect(request, HERE, _("The partner system has no access any more."))


def _show(request: Request, secret: PartnerClient | None = None) -> Response:
    token = request.query_params.get("page_token", "")
    asked = ListPartnerClientsRequest(parent=own(request), page_token=token)
    found = together(
        request,
        listed=(AuthorizationServiceStub, "ListPartnerClients", asked),
        products=products_of(request, own(request)),
    )
    listed = found["listed"].insist()
    products = found["products"].answer
    return page(
        request,
        "partners.html",
        partners=listed.partner_clients,
        next_page_token=listed.next_page_token,
        secret=secret,
        kinds=_kinds(),
        called=dict(KINDS),
        offer=offer(request, products or ListProductsResponse()),
    )


def _following(form: Form) -> dict[str, Any]:
    return {"event_types": form.all("event_types"), "products": form.all("products")}


def _kinds() -> list[tuple[str, str, str]]:
    return [(value, _(label), "") for value, label in KINDS]
