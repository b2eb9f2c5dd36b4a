"""Makes an edge out of pages: routes, sign-in, languages, errors, headers, static files."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from urllib.parse import quote

import structlog
from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from shared import call as calls
from shared.clients import Clients
from shared.errors import Forbidden, Refusal, Unauthenticated, Unavailable
from shared.metrics import rpc_timer
from shared.revocations import following
from shared.revoked import Revocations
from shared.web import account, health, providers, second_step, sign_in, static, text
from shared.web import form as forms
from shared.web.calls import begin
from shared.web.form import Form, SentTooMuch
from shared.web.guard import FormIsForeign, SecurityHeaders, insist_on_own_form
from shared.web.pages import Entry, Pages, redirect
from shared.web.problem import Problem
from shared.web.settings import EdgeSettings
from shared.web.site import Admit, Site
from shared.web.text import _

SHARED = (sign_in.pages, second_step.pages, providers.pages, account.pages)
"""The pages both edges have."""

SENTENCES = {
    404: _("There is no page at this address."),
    405: _("This address does not work like that."),
}
"""What to say when no page was asked; translated when said."""

log = structlog.get_logger()


class NotYourPage(Forbidden):
    """This page is not for the role you act in."""

    fix = "Choose another space, or ask the space's administrator for the role."


def application(
    *,
    title: str,
    settings: EdgeSettings,
    clients: Clients,
    pages: Sequence[Pages],
    routes: Sequence[BaseRoute] = (),
    admit: Admit = lambda visitor: None,
    at_end: Callable[[], None] = lambda: None,
) -> Starlette:
    """Return an edge: `pages`, the pages both edges share, and other `routes`.

    `admit` refuses those who signed in but whom this edge is not for; `at_end` lets go of what the
    routes hold.
    """

    revocations = Revocations()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = settings.threads
        with following(clients, revocations):
            yield
        at_end()
        clients.close()

    app = Starlette(
        lifespan=lifespan,
        routes=[*health.routes(settings), *routes, Mount("/static", static.files())],
        middleware=[Middleware(SecurityHeaders, secure=settings.is_secure)],
        exception_handlers={HTTPException: _http_error},
    )
    app.state.web = Site(title, settings, clients, [*pages, *SHARED], admit)
    revocations.listen(app.state.web.visitors.forget_ended)
    app.routes.extend(_route(entry, title.lower()) for entry in app.state.web.entries)
    return app


def _route(entry: Entry, edge: str) -> Route:
    async def endpoint(request: Request) -> Response:
        began = time.perf_counter()
        prepare(request, name)
        form, too_much = None, None
        if entry.method == "POST":
            try:
                form = await forms.sent(request)
            except SentTooMuch as refusal:
                form, too_much = Form(), refusal
        response = await run_in_threadpool(_answer, entry, request, form, too_much)
        rpc_timer(edge, name, str(response.status_code))(time.perf_counter() - began)
        return response

    name = f"{entry.method} {entry.path}"
    return Route(entry.path, endpoint, methods=[entry.method], name=name)


def prepare(request: Request, rpc: str) -> None:
    """Put what a page needs where it looks for it."""
    request.state.call = begin(request, rpc)
    request.state.csrf = request.app.state.web.cookies.csrf_value(request)
    request.state.visitor = request.state.problem = request.state.form = None


def _answer(
    entry: Entry, request: Request, form: Form | None, too_much: SentTooMuch | None
) -> Response:
    text.speak(request.app.state.web.catalogs, text.language_of(request))
    with calls.within(request.state.call):
        try:
            response = _open(entry, request, form, too_much)
        except Refusal as refusal:
            response = _refused(entry, request, form, refusal)
        except Exception as error:
            response = error_page(request, _bug(request, error))
    return finish(request, response)


def _open(
    entry: Entry, request: Request, form: Form | None, too_much: SentTooMuch | None
) -> Response:
    _recognise(request, needed=not entry.open)
    if too_much is not None:
        raise too_much
    if form is not None:
        _insist_on_own_form(request, form)
    if request.state.visitor and not request.app.state.web.may_open(request, entry):
        raise NotYourPage
    return entry.function(request) if form is None else entry.function(request, form)


def _insist_on_own_form(request: Request, form: Form) -> None:
    """Refuse a foreign form; one of ours that was open for longer than the session is just late."""
    try:
        insist_on_own_form(request, form["csrf"])
    except FormIsForeign:
        was_signed_in = request.app.state.web.cookies.session in request.cookies
        if request.state.visitor or not was_signed_in:
            raise
        raise sign_in.SessionOver from None


def _recognise(request: Request, *, needed: bool) -> None:
    """Find out who this is; an open page is shown to somebody whose session is over, too."""
    web = request.app.state.web
    secret = request.cookies.get(web.cookies.session)
    if secret is None:
        if needed:
            raise sign_in.SessionOver
        return
    try:
        visitor = web.visitors.of(secret, request.cookies.get(web.cookies.space, ""))
        web.admit(visitor)
        request.state.visitor = visitor
    except Refusal:
        if needed:
            raise


def _refused(entry: Entry, request: Request, form: Form | None, refusal: Refusal) -> Response:
    if isinstance(refusal, Unauthenticated) and _leads_to_the_door(entry, refusal):
        return _to_sign_in(request)
    if isinstance(refusal, Unavailable) and refusal.cause:
        log.warning("refused", reason=refusal.reason, cause=refusal.cause)
    problem = Problem.of(refusal, request.state.call.trace_id)
    if isinstance(refusal, SentTooMuch):
        problem = replace(problem, status=413)
    request.state.problem, request.state.form = problem, form
    if form is None:
        return error_page(request, problem)
    if entry.again and not isinstance(refusal, Forbidden):
        return _again(entry.again, request, problem)
    return error_page(request, problem) if not _came_from(request) else _back(request, problem)


def _leads_to_the_door(entry: Entry, refusal: Refusal) -> bool:
    """Whether signing in again helps; what an open page was refused is for it to say."""
    if entry.open:
        return isinstance(refusal, sign_in.SessionOver) and entry.path != "/sign-in"
    return True


def _again(show: Callable[[Request], Response], request: Request, problem: Problem) -> Response:
    try:
        return show(request)
    except Refusal:
        # The page itself cannot be shown any more; the first refusal says why.
        return error_page(request, problem)


def _back(request: Request, problem: Problem) -> Response:
    sentence = f"{text.gettext(problem.detail)} {text.gettext(problem.fix)}".strip()
    return redirect(request, _came_from(request), sentence, kind="danger")


def _came_from(request: Request) -> str:
    """Return the page of ours the form was on; nothing if the browser does not say."""
    origin, _, path = request.headers.get("referer", "").partition("//")[2].partition("/")
    return f"/{path}" if origin and origin == request.headers.get("host") else ""


def _to_sign_in(request: Request) -> Response:
    onward = request.url.path if request.method == "GET" else "/"
    if request.url.query and request.method == "GET":
        onward += f"?{request.url.query}"
    response = RedirectResponse(f"/sign-in?next={quote(onward, safe='/')}", 303)
    sign_in.forget(request, response)
    return response


def error_page(request: Request, problem: Problem) -> Response:
    """Say what is wrong, who can do what about it, and what to quote when asking."""
    request.state.problem = None
    html = request.app.state.web.render(request, "error.html", {"error": problem})
    return Response(html, problem.status, media_type="text/html; charset=utf-8")


def finish(request: Request, response: Response) -> Response:
    """Hand over what the browser holds from now on, keep pages out of caches.

    That is its own value, the session's next secret, and no more the message that was shown.
    """
    cookies, visitor = request.app.state.web.cookies, request.state.visitor
    if visitor and visitor.secret:
        cookies.put(response, cookies.session, visitor.secret)
    shown = response.status_code != 303
    if shown and cookies.csrf not in request.cookies:
        cookies.put(response, cookies.csrf, request.state.csrf)
    if shown and cookies.flash in request.cookies:
        cookies.drop(response, cookies.flash)
    response.headers.setdefault("cache-control", "no-store")
    return response


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = SENTENCES.get(error.status_code, _("This could not be understood."))
    return await run_in_threadpool(_error, request, error.status_code, detail)


def _bug(request: Request, error: Exception) -> Problem:
    log.error("page failed", path=request.url.path, exc_info=error)
    sentence = text.gettext(_("Something went wrong on our side."))
    return Problem(status=500, detail=sentence, trace_id=request.state.call.trace_id)


def _error(request: Request, status: int, detail: str) -> Response:
    text.speak(request.app.state.web.catalogs, text.language_of(request))
    if not hasattr(request.state, "call"):
        prepare(request, request.url.path)
        # Whoever is signed in stays so where there is no page; what is wrong is said without that.
        with calls.within(request.state.call), suppress(Exception):
            _recognise(request, needed=False)
    sentence = text.gettext(detail)
    problem = Problem(status=status, detail=sentence, trace_id=request.state.call.trace_id)
    return finish(request, error_page(request, problem))
