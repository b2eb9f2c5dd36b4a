"""Becoming a customer: an account first, then an enterprise of one's own."""

from pathlib import Path

from millrun.authorization.v1.account_pb2 import Account
from millrun.authorization.v1.authorization_pb2 import (
    CreateEnterpriseRequest,
    RegisterAccountRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Enterprise
from starlette.requests import Request
from starlette.responses import Response

from shared.web import Form, Pages, _, call, page, redirect
from shared.web.sign_in import sign_in

pages = Pages(Path(__file__).parent)


@pages.get("/register", open=True)
def show_register(request: Request) -> Response:
    """Ask for what an account needs."""
    return page(request, "register.html")


@pages.post("/register", open=True, again=show_register)
def register(request: Request, form: Form) -> Response:
    """Make the account and sign it in."""
    account = Account(email=form["email"], display_name=form["display_name"], phone=form["phone"])
    asked = RegisterAccountRequest(account=account, password=form["password"])
    call(request, AuthorizationServiceStub, "RegisterAccount", asked)
    return sign_in(request, form)


@pages.get("/enterprise/new")
def show_new_enterprise(request: Request) -> Response:
    """Ask for what an enterprise needs."""
    return page(request, "enterprise_new.html")


@pages.post("/enterprise/new", again=show_new_enterprise)
def create_enterprise(request: Request, form: Form) -> Response:
    """Create it and act in it from now on."""
    enterprise = Enterprise(
        legal_name=form["legal_name"],
        registration_no=form["registration_no"],
        address=form["address"],
        kinds=[Enterprise.Kind.Value(kind) for kind in form.all("kinds") if kind in KINDS],
    )
    asked = CreateEnterpriseRequest(enterprise=enterprise, request_id=form["request_id"])
    made = call(request, AuthorizationServiceStub, "CreateEnterprise", asked)
    return _move_into(request, made.name)


KINDS = frozenset(Enterprise.Kind.keys())


def _move_into(request: Request, space: str) -> Response:
    """Let the browser act in the new space; what is known of the session does not know it yet."""
    web = request.app.state.web
    web.visitors.forget(request.state.visitor.account)
    done = _("Your enterprise is registered. Ask for its certification next.")
    response = redirect(request, "/enterprise", done)
    web.cookies.put(response, web.cookies.space, space)
    return response
