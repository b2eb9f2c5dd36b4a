"""The second step of a sign-in, and the way back in for who forgot the password."""

from pathlib import Path
from urllib.parse import quote

from millrun.authorization.v1.authorization_pb2 import Session
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.sign_in_pb2 import (
    FinishSignInRequest,
    RequestPasswordResetRequest,
    ResetPasswordRequest,
)
from starlette.requests import Request
from starlette.responses import Response

from shared.web.calls import call
from shared.web.form import Form
from shared.web.pages import Pages, page, redirect, within
from shared.web.sign_in import begin
from shared.web.text import _

pages = Pages(Path(__file__).parent)


@pages.get("/sign-in/code", open=True)
def show_second_step(request: Request) -> Response:
    """Ask for the code of the person's device."""
    web, sent = request.app.state.web, request.state.form or request.query_params
    if web.cookies.challenge not in request.cookies:
        return redirect(request, "/sign-in", _("Begin with your password."), kind="info")
    return page(request, "sign_in_code.html", next=within(sent.get("next") or "/"))


@pages.post("/sign-in/code", open=True, again=show_second_step)
def finish_sign_in(request: Request, form: Form) -> Response:
    """Begin the session, as the code is right too."""
    cookies = request.app.state.web.cookies
    challenge = request.cookies.get(cookies.challenge, "")
    asked = FinishSignInRequest(challenge=challenge, code=form["code"])
    session: Session = call(request, AuthorizationServiceStub, "FinishSignIn", asked)
    response = begin(request, session, form["next"])
    cookies.drop(response, cookies.challenge)
    return response


@pages.get("/forgotten", open=True)
def show_forgotten(request: Request) -> Response:
    """Ask for the address to which a code is sent."""
    return page(request, "forgotten.html")


@pages.post("/forgotten", open=True, again=show_forgotten)
def request_code(request: Request, form: Form) -> Response:
    """Have a code sent; says the same whether somebody registered with the address or not."""
    asked = RequestPasswordResetRequest(email=form["email"])
    call(request, AuthorizationServiceStub, "RequestPasswordReset", asked)
    return redirect(request, f"/forgotten/code?email={quote(form['email'])}")


@pages.get("/forgotten/code", open=True)
def show_new_password(request: Request) -> Response:
    """Ask for the code and another password."""
    sent = request.state.form or request.query_params
    return page(request, "forgotten_code.html", email=sent.get("email", ""))


@pages.post("/forgotten/code", open=True, again=show_new_password)
def reset_password(request: Request, form: Form) -> Response:
    """Replace the password; whoever was signed in with the old one is out."""
    asked = ResetPasswordRequest(
        email=form["email"], code=form["code"], new_password=form["new_password"]
    )
    call(request, AuthorizationServiceStub, "ResetPassword", asked)
    return redirect(request, "/sign-in", _("Your password is changed. Sign in with it."))
