"""One's own account: who one is, the password, two-step sign-in, where one is signed in."""

from pathlib import Path
from typing import Any

import segno
from google.protobuf.message import Message
from millrun.authorization.v1.account_pb2 import (
    EndOtherSessionsRequest,
    EndSessionRequest,
    ListSessionsRequest,
)
from millrun.authorization.v1.authorization_pb2 import GetAccountRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.sign_in_pb2 import (
    ChangePasswordRequest,
    ConfirmTwoStepRequest,
    DisableTwoStepRequest,
    EnrollTwoStepRequest,
    RenewRecoveryCodesRequest,
    RequestVerificationRequest,
    UpdateAccountRequest,
    VerifyAddressRequest,
)
from starlette.requests import Request
from starlette.responses import Response

from shared.web.calls import call
from shared.web.devices import device
from shared.web.form import Form
from shared.web.pages import Pages, page, redirect, visitor
from shared.web.text import _
from shared.web.together import together

pages = Pages(Path(__file__).parent)

ME = "accounts/me"


@pages.get("/account")
def show_account(request: Request) -> Response:
    """Show everything there is to say about oneself."""
    found = together(
        request,
        account=(AuthorizationServiceStub, "GetAccount", GetAccountRequest(name=ME)),
        sessions=(AuthorizationServiceStub, "ListSessions", ListSessionsRequest(parent=ME)),
    )
    listed = found["sessions"]
    return page(
        request,
        "account.html",
        account=found["account"].insist(),
        sessions=listed.answer.sessions if listed.answer else [],
        sessions_away=listed.problem,
        device=device,
        here=visitor(request).session,
    )


@pages.post("/account", again=show_account)
def update_account(request: Request, form: Form) -> Response:
    """Change what one is called."""
    asked = UpdateAccountRequest(
        name=ME,
        display_name=form["display_name"],
        phone=form["phone"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    _ask(request, "UpdateAccount", asked)
    return _anew(request, _("Saved."))


@pages.post("/account/verification", again=show_account)
def request_verification(request: Request, form: Form) -> Response:
    """Have another code sent."""
    _ask(request, "RequestVerification", RequestVerificationRequest())
    sentence = _("A code is on its way to your address.")
    return redirect(request, "/account#address", sentence, kind="info")


@pages.post("/account/verify", again=show_account)
def verify_address(request: Request, form: Form) -> Response:
    """Prove to read the address."""
    asked = VerifyAddressRequest(email=visitor(request).email, code=form["code"])
    _ask(request, "VerifyAddress", asked)
    return _anew(request, _("Your address is verified."))


@pages.post("/account/password", again=show_account)
def change_password(request: Request, form: Form) -> Response:
    """Take another password; one is signed out everywhere else."""
    asked = ChangePasswordRequest(
        current_password=form["current_password"],
        new_password=form["new_password"],
        session=visitor(request).session,
    )
    _ask(request, "ChangePassword", asked)
    return _anew(request, _("Your password is changed. You are signed out everywhere else."))


@pages.post("/account/sessions/end", again=show_account)
def end_session(request: Request, form: Form) -> Response:
    """Sign out somewhere else."""
    _ask(request, "EndSession", EndSessionRequest(name=form["name"]))
    return redirect(request, "/account#sessions", _("That device is signed out."))


@pages.post("/account/sessions/end-others", again=show_account)
def end_other_sessions(request: Request, form: Form) -> Response:
    """Sign out everywhere else."""
    _ask(request, "EndOtherSessions", EndOtherSessionsRequest(name=visitor(request).session))
    return redirect(request, "/account#sessions", _("You are signed out everywhere else."))


@pages.get("/account/two-step")
def show_two_step(request: Request) -> Response:
    """Say how it stands, and what can be done about it."""
    account = _ask(request, "GetAccount", GetAccountRequest(name=ME))
    return page(request, "two_step.html", account=account)


@pages.post("/account/two-step/set-up", again=show_two_step)
def set_up_two_step(request: Request, form: Form) -> Response:
    """Show what a device has to scan."""
    enrolled = _ask(request, "EnrollTwoStep", EnrollTwoStepRequest(password=form["password"]))
    return _set_up(request, enrolled.secret, enrolled.uri)


def show_set_up(request: Request) -> Response:
    """Show it again, as the code was wrong."""
    return _set_up(request, request.state.form["secret"], request.state.form["uri"])


@pages.post("/account/two-step/confirm", again=show_set_up)
def confirm_two_step(request: Request, form: Form) -> Response:
    """Switch it on, and show the codes that replace the device."""
    codes = _ask(request, "ConfirmTwoStep", ConfirmTwoStepRequest(code=form["code"])).codes
    _forget(request)
    return page(request, "recovery_codes.html", codes=codes, begun=True)


@pages.post("/account/two-step/codes", again=show_two_step)
def renew_codes(request: Request, form: Form) -> Response:
    """Show other codes that replace the device; the earlier ones count no more."""
    asked = RenewRecoveryCodesRequest(code=form["code"])
    codes = _ask(request, "RenewRecoveryCodes", asked).codes
    return page(request, "recovery_codes.html", codes=codes, begun=False)


@pages.post("/account/two-step/off", again=show_two_step)
def disable_two_step(request: Request, form: Form) -> Response:
    """Switch it off."""
    _ask(request, "DisableTwoStep", DisableTwoStepRequest(code=form["code"]))
    return _anew(request, _("Two-step sign-in is off."))


def _set_up(request: Request, secret: str, uri: str) -> Response:
    picture = segno.make(uri, error="m", micro=False).svg_data_uri(scale=5, border=2, light="#fff")
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return page(
        request, "two_step_set_up.html", picture=picture, grouped=grouped, secret=secret, uri=uri
    )


def _ask(request: Request, method: str, message: Message) -> Any:
    return call(request, AuthorizationServiceStub, method, message)


def _forget(request: Request) -> None:
    """Learn anew who this is: what they are called or may do has changed."""
    request.app.state.web.visitors.forget(visitor(request).account)


def _anew(request: Request, sentence: str) -> Response:
    _forget(request)
    return redirect(request, "/account", sentence)
