"""To the OpenID Connect provider and back.

The browser keeps the state it left with: what comes back is finished only where it was begun.
"""

import hmac
from pathlib import Path

from millrun.authorization.v1.authorization_pb2 import Session
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.sign_in_pb2 import (
    BeginProviderSignInRequest,
    FinishProviderSignInRequest,
    ProviderQuestion,
)
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from shared.web.calls import call
from shared.web.pages import Pages, redirect, within
from shared.web.sign_in import begin
from shared.web.text import _

pages = Pages(Path(__file__).parent)

BACK = "/sign-in/provider/back"
PATIENCE = 600
"""Seconds somebody may take to sign in at the provider."""


@pages.get("/sign-in/provider", open=True)
def leave(request: Request) -> Response:
    """Go to the provider."""
    web = request.app.state.web
    asked = BeginProviderSignInRequest(redirect_uri=f"{web.settings.origin}{BACK}")
    question: ProviderQuestion = call(
        request, AuthorizationServiceStub, "BeginProviderSignIn", asked
    )
    onward = within(request.query_params.get("next", "/"))
    response = RedirectResponse(question.url, 303)
    web.cookies.put(response, web.cookies.state, f"{question.state} {onward}", age=PATIENCE)
    return response


@pages.get(BACK, open=True)
def come_back(request: Request) -> Response:
    """Begin the session, as the provider says who this is."""
    web = request.app.state.web
    state, _space, onward = request.cookies.get(web.cookies.state, "").partition(" ")
    came, code = (request.query_params.get(name, "") for name in ("state", "code"))
    if not state or not code or not hmac.compare_digest(state.encode(), came.encode()):
        return _gave_up(request)
    asked = FinishProviderSignInRequest(state=state, code=code)
    session: Session = call(request, AuthorizationServiceStub, "FinishProviderSignIn", asked)
    response = begin(request, session, onward)
    web.cookies.drop(response, web.cookies.state)
    return response


def _gave_up(request: Request) -> Response:
    sentence = _("You were not signed in there. Try again, or sign in here.")
    return redirect(request, "/sign-in", sentence, kind="danger")
