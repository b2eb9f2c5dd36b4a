"""Suggestions in and out of protobuf."""

from millrun.ordering.v1.ordering_pb2 import ListSuggestionsResponse
from millrun.ordering.v1.suggestion_pb2 import Suggestion as Message

from services.ordering.domain.suggestion import State, Suggestion
from services.ordering.wire import name_of
from shared.paging import Page
from shared.wire import time_message


def suggestion_message(suggestion: Suggestion) -> Message:
    """Return a suggestion."""
    return Message(
        name=suggestion.name,
        state=Message.State.Value(suggestion.state.name),
        text=suggestion.text,
        order=suggestion.order,
        product=suggestion.product,
        subject=suggestion.subject,
        author=suggestion.author,
        author_display_name=suggestion.author_display_name,
        enterprise_legal_name=suggestion.enterprise_legal_name,
        business_manager=suggestion.business_manager,
        answer=suggestion.answer,
        answered_by=suggestion.answered_by,
        answered_by_display_name=suggestion.answered_by_display_name,
        create_time=time_message(suggestion.created_at),
        answer_time=time_message(suggestion.answered_at),
        etag=suggestion.etag,
    )


def suggestions_message(page: Page[Suggestion]) -> ListSuggestionsResponse:
    """Return a page of suggestions."""
    return ListSuggestionsResponse(
        suggestions=map(suggestion_message, page.items), next_page_token=page.next_token
    )


def state_from(number: int) -> State | None:
    """Read the state a list is limited to; None for all."""
    return State[name_of(Message.State.DESCRIPTOR, number)] if number else None
