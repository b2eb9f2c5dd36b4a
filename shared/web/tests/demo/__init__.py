"""A few pages that use everything the shared look offers, for tests and for the eye."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from millrun.authorization.v1.account_pb2 import Account
from millrun.authorization.v1.authorization_pb2 import GetAccountRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from starlette.requests import Request
from starlette.responses import Response

from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Malformed
from shared.money import Money
from shared.web import Form, Nav, Pages, _, call, page, redirect, visitor

pages = Pages(Path(__file__).parent)

STATES = ["INTENTION", "CONFIRMED", "IN_PRODUCTION", "COMPLETED", "CANCELLED"]


class NoPoNumber(Malformed):
    """A purchase order needs its number."""

    fix = "Enter the number of your purchase order."

    def __init__(self) -> None:
        super().__init__(field="order.po_number")


class OrderIsPaid(Disallowed):
    """The order MR-2026-000123 is paid; it cannot be cancelled any more."""

    fix = "Ask your business manager to cancel it."


def an_order(number: int, state: str) -> dict[str, Any]:
    """Return an order to look at."""
    return {
        "number": f"MR-2026-{number:06}",
        "name": f"enterprises/acme/orders/{number}",
        "state": state,
        "model": "Air Quality Panel <Pro>" if number % 2 else "智能面板 三路",
        "quantity": 1200 * number,
        "total": Money.of_minor("CNY", 1234560 * number),
        "created": now() - timedelta(days=number, hours=3),
    }


@pages.get("/", nav=Nav("Start"))
def start(request: Request) -> Response:
    """Greet."""
    return page(request, "demo_start.html", name=visitor(request).display_name)


@pages.get("/orders", nav=Nav("Orders", icon="clipboard-list"))
def orders(request: Request) -> Response:
    """List orders, or nothing at all."""
    wanted = request.query_params.get("q", "")
    found = [an_order(n, STATES[n - 1]) for n in range(1, 6) if wanted in f"{n:06}"]
    return page(request, "demo_orders.html", fragment="rows", orders=found)


@pages.get("/orders/new", roles=frozenset({Role.BUYER, Role.RND}))
def new_order(request: Request) -> Response:
    """Ask for an order."""
    return page(request, "demo_form.html")


@pages.post("/orders/new", roles=frozenset({Role.BUYER, Role.RND}), again=new_order)
def submit_order(request: Request, form: Form) -> Response:
    """Take an order, if it has a number."""
    if not form["po_number"]:
        raise NoPoNumber
    return redirect(request, "/orders/3", _("The order is submitted."))


@pages.get("/orders/{number:int}")
def order(request: Request) -> Response:
    """Show one order."""
    found = an_order(request.path_params["number"], "CONTRACT_SIGNED")
    return page(request, "demo_order.html", order=found, now=now())


@pages.post("/orders/{number:int}/cancel")
def cancel(request: Request, form: Form) -> Response:
    """Refuse to cancel."""
    raise OrderIsPaid


@pages.get("/products", nav=Nav("Products", icon="package"))
def products(request: Request) -> Response:
    """Show that there is nothing."""
    return page(request, "demo_products.html")


@pages.get("/factory", nav=Nav("Factory"), roles=frozenset({Role.PRODUCTION}))
def factory(request: Request) -> Response:
    """Be for the factory only."""
    return page(request, "demo_products.html")


@pages.get("/me")
def me(request: Request) -> Response:
    """Say whom authorization knows."""
    asked = GetAccountRequest(name="accounts/me")
    account: Account = call(request, AuthorizationServiceStub, "GetAccount", asked)
    return page(request, "demo_start.html", name=account.display_name)


@pages.get("/broken", open=True)
def broken(request: Request) -> Response:
    """Have a bug."""
    raise RuntimeError("the secret inside")
