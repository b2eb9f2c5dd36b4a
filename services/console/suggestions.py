"""What customers suggest, and answering them (R17)."""

from collections.abc import Mapping
from pathlib import Path

from millrun.ordering.v1.ordering_pb2 import (
    AnswerSuggestionRequest,
    GetSuggestionRequest,
    ListSuggestionsRequest,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from millrun.ordering.v1.suggestion_pb2 import Suggestion
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of
from services.console.people import STAFF, names
from services.console.reading import chosen
from services.console.roles import BUSINESS
from shared.web import Form, Nav, Pages, _, call, page, redirect, together, visitor

pages = Pages(Path(__file__).parent)

PATH = "/suggestions/{enterprise}/{id}"


@pages.get("/suggestions", roles=BUSINESS, nav=Nav("Suggestions", icon="message-circle"))
def list_suggestions(request: Request) -> Response:
    """List suggestions of all customers, the newest first."""
    asked = ListSuggestionsRequest(
        parent="enterprises/-",
        state=chosen(request, "state", Suggestion.State),
        page_token=request.query_params.get("page_token", ""),
    )
    parts = together(request, found=(OrderingServiceStub, "ListSuggestions", asked), staff=STAFF)
    return page(
        request,
        "suggestions.html",
        fragment="rows",
        found=parts["found"].insist(),
        called=names(request, parts["staff"]),
    )


@pages.get(PATH, roles=BUSINESS)
def show_suggestion(request: Request) -> Response:
    """Show a suggestion, and ask for the answer."""
    asked = GetSuggestionRequest(name=named(request, "suggestions"))
    parts = together(request, found=(OrderingServiceStub, "GetSuggestion", asked), staff=STAFF)
    found: Suggestion = parts["found"].insist()
    called = names(request, parts["staff"])
    why_not = _why_not(request, found, called)
    return page(request, "suggestion.html", suggestion=found, why_not=why_not)


@pages.post(PATH, roles=BUSINESS, again=show_suggestion)
def answer_suggestion(request: Request, form: Form) -> Response:
    """Answer it."""
    asked = AnswerSuggestionRequest(
        name=named(request, "suggestions"),
        answer=form["answer"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    answered = call(request, OrderingServiceStub, "AnswerSuggestion", asked)
    return redirect(request, page_of(answered.name), _("Answered; the customer is told."))


def _why_not(request: Request, suggestion: Suggestion, called: Mapping[str, str]) -> str:
    """Return why the reader cannot answer; empty if they can."""
    asked = suggestion.business_manager
    if not asked or visitor(request).acts_for(asked):
        return ""
    return _("It was made to %(name)s.", name=called.get(asked, asked))
