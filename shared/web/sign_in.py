"""Signing in and out, and choosing the space to act in: the same on both edges."""

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from urllib.parse import quote

from millrun.authorization.v1.account_pb2 import Role as RoleMessage
from millrun.authorization.v1.account_pb2 import Space as SpaceMessage
from millrun.authorization.v1.authorization_pb2 import (
    ExchangeSessionRequest,
    Session,
    SignInRequest,
    SignOutRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.sign_in_pb2 import (
    GetSignInOptionsRequest,
    Need,
    SignInOptions,
)
from starlette.requests import Request
from starlette.responses import Response

from shared import call as calls
from shared.caller import Role
from shared.clients import Clients
from shared.errors import Refusal, Unauthenticated
from shared.status import PeerFailed
from shared.web import text
from shared.web.calls import call
from shared.web.form import Form
from shared.web.pages import Pages, page, redirect, within
from shared.web.session import Space, Visitor

pages = Pages(Path(__file__).parent)

CHALLENGE = 300
"""Seconds the browser remembers that a code is asked for."""


class SessionOver(Unauthenticated):
    """You are not signed in any more."""


@pages.get("/sign-in", open=True)
def show_sign_in(request: Request) -> Response:
    """Ask for address and password."""
    sent: Form | None = request.state.form
    onward = within((sent or request.query_params).get("next") or "/")
    if request.state.visitor:
        return redirect(request, onward)
    return page(request, "sign_in.html", next=onward, provider=_provider(request))


@pages.post("/sign-in", open=True, again=show_sign_in)
def sign_in(request: Request, form: Form) -> Response:
    """Begin a session; whoever acts in several spaces chooses one next."""
    asked = SignInRequest(email=form["email"], password=form["password"])
    session: Session = call(request, AuthorizationServiceStub, "SignIn", asked)
    if session.challenge:
        cookies = request.app.state.web.cookies
        response = redirect(request, f"/sign-in/code?next={quote(within(form['next']))}")
        cookies.put(response, cookies.challenge, session.challenge, age=CHALLENGE)
        return response
    return begin(request, session, form["next"])


def begin(request: Request, session: Session, onward: str) -> Response:
    """Let the browser hold a session that was just opened, and go on."""
    _insist_admitted(request, session)
    onward = within(onward)
    if len(session.spaces) > 1:
        onward = f"/space?next={quote(onward)}"
    response = redirect(request, onward)
    cookies = request.app.state.web.cookies
    cookies.put(response, cookies.session, session.session_secret)
    cookies.put(response, cookies.space, session.space.enterprise)
    cookies.drop(response, cookies.csrf)
    return response


@pages.get("/space")
def show_spaces(request: Request) -> Response:
    """Offer the spaces the account can act in."""
    return page(request, "spaces.html", next=within(request.query_params.get("next", "/")))


@pages.post("/space", again=show_spaces)
def choose_space(request: Request, form: Form) -> Response:
    """Act in another space from now on; authorization has the last word."""
    web = request.app.state.web
    held = request.state.visitor.secret or request.cookies[web.cookies.session]
    chosen = web.visitors.of(held, form["space"])
    request.state.visitor = replace(chosen, secret=chosen.secret or request.state.visitor.secret)
    response = redirect(request, within(form["next"]))
    web.cookies.put(response, web.cookies.space, chosen.space.name if chosen.space else "")
    return response


@pages.post("/sign-out", open=True)
def sign_out(request: Request, form: Form) -> Response:
    """End the session here and at authorization."""
    web = request.app.state.web
    response = redirect(request, "/sign-in", text._("You are signed out."))
    if secret := request.cookies.get(web.cookies.session):
        if visitor := request.state.visitor:
            web.visitors.forget(visitor.account)
        call(request, AuthorizationServiceStub, "SignOut", SignOutRequest(session_secret=secret))
    forget(request, response)
    return response


@pages.post("/language", open=True)
def choose_language(request: Request, form: Form) -> Response:
    """Speak another language from now on."""
    response = redirect(request, within(form["next"]))
    if form["language"] in text.LANGUAGES:
        response.set_cookie(text.COOKIE, form["language"], max_age=31_536_000, samesite="lax")
    return response


def forget(request: Request, response: Response) -> None:
    """Take the session's cookies from the browser."""
    cookies = request.app.state.web.cookies
    request.state.visitor = None
    for name in (cookies.session, cookies.space, cookies.csrf):
        cookies.drop(response, name)


def exchange(clients: Clients, secret: str, space: str) -> Visitor:
    """Return who a session is, acting in `space`; SessionOver or as authorization refuses."""
    asked = ExchangeSessionRequest(session_secret=secret, space=space)
    # The session's secret speaks for itself; a token of an earlier minute must not come along.
    with calls.within(_without_token(calls.current())):
        return visitor_of(clients.of(AuthorizationServiceStub).ExchangeSession(asked))


def visitor_of(session: Session) -> Visitor:
    """Read who signed in, and where they may act."""
    return Visitor(
        account=session.account.name,
        display_name=session.account.display_name or session.account.email,
        email=session.account.email,
        space=_space(session.space) if session.HasField("space") else None,
        spaces=tuple(_space(space) for space in session.spaces),
        access_token=session.access_token,
        expires=session.expire_time.ToDatetime(UTC),
        session=session.name,
        staff=bool(session.account.staff_roles),
        needs=frozenset(Need.Name(need) for need in session.needs),
        secret=session.session_secret,
    )


def _provider(request: Request) -> str:
    """Return where else one can sign in; nothing while that cannot be found out."""
    try:
        asked = GetSignInOptionsRequest()
        options: SignInOptions = call(request, AuthorizationServiceStub, "GetSignInOptions", asked)
    except (Refusal, PeerFailed):
        return ""
    return options.provider


def _insist_admitted(request: Request, session: Session) -> None:
    """Refuse whom this edge is not for, and leave no session behind."""
    try:
        request.app.state.web.admit(visitor_of(session))
    except Refusal:
        over = SignOutRequest(session_secret=session.session_secret)
        call(request, AuthorizationServiceStub, "SignOut", over)
        raise


def _space(space: SpaceMessage) -> Space:
    return Space(
        name=space.enterprise,
        display_name=space.display_name,
        roles=frozenset(Role[RoleMessage.Name(role)] for role in space.roles if role),
        certified=space.certified,
        deputy_of=frozenset(space.deputy_of),
    )


def _without_token(call: calls.Call) -> calls.Call:
    return replace(call, token="")
