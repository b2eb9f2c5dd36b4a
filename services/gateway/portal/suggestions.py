"""What one has to say to the business manager, and what they answer (R17)."""

from pathlib import Path

from millrun.ordering.v1.ordering_pb2 import (
    CreateSuggestionRequest,
    GetSuggestionRequest,
    ListSuggestionsRequest,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from millrun.ordering.v1.suggestion_pb2 import Suggestion
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import CUSTOMERS, from_path, own
from shared.web import Form, Nav, Pages, _, call, page, redirect
from shared.web.formats import last

pages = Pages(Path(__file__).parent)

PATH = "/suggestions"


@pages.get(PATH, roles=CUSTOMERS, nav=Nav("Suggestions", icon="message-circle"))
def show_suggestions(request: Request) -> Response:
    """List suggestions, and offer to make one; `?order=` or `?product=` says what about."""
    wanted = request.query_params
    asked = ListSuggestionsRequest(
        parent=own(request), page_size=20, page_token=wanted.get("page_token", "")
    )
    found = call(request, OrderingServiceStub, "ListSuggestions", asked)
    return page(
        request,
        "suggestions.html",
        suggestions=found.suggestions,
        next_page_token=found.next_page_token,
        about=_about(request),
    )


@pages.post(PATH, roles=CUSTOMERS, again=show_suggestions)
def make_suggestion(request: Request, form: Form) -> Response:
    """Suggest something."""
    asked = CreateSuggestionRequest(
        parent=own(request),
        suggestion=Suggestion(text=form["text"], order=form["order"], product=form["product"]),
        request_id=form["request_id"],
    )
    made = call(request, OrderingServiceStub, "CreateSuggestion", asked)
    done = _("Your business manager was told. You are told when there is an answer.")
    return redirect(request, f"{PATH}/{last(made.name)}", done)


@pages.get(PATH + "/{suggestion}", roles=CUSTOMERS)
def show_suggestion(request: Request) -> Response:
    """Show a suggestion and its answer."""
    asked = GetSuggestionRequest(name=from_path(request, "suggestions", "suggestion"))
    found = call(request, OrderingServiceStub, "GetSuggestion", asked)
    return page(request, "suggestion.html", suggestion=found)


def _about(request: Request) -> dict[str, str]:
    """Return the names of what is to be written about, and how people call it."""
    form: Form | None = getattr(request.state, "form", None)
    said = form if form is not None else request.query_params
    return {name: said.get(name, "") for name in ("order", "product", "called")}
