"""The suggestion: what customers have to say to their business manager, and the answer (R17)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

from services.ordering.domain.events import SuggestionAnswered, SuggestionMade
from services.ordering.domain.offer import Customer
from shared.caller import Caller
from shared.clock import now
from shared.domain import Aggregate
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.ids import new_id

LONGEST_TEXT = 2000
MOST_OPEN = 20
"""How many suggestions of an account wait at once: each of them is a message to a person."""


class SuggestionNotFound(NotFound):
    """There is no suggestion {suggestion}."""

    fix = "Take the name of the suggestion from the list of suggestions."


class SuggestionChanged(Outdated):
    """The suggestion changed since you read it."""


class SuggestionAnsweredAlready(Disallowed):
    """{name} answered this suggestion already."""

    fix = "Nothing has to be done; the customer can make another suggestion."


class NotYourSuggestion(Forbidden):
    """The suggestion was made to {asked}, who alone may answer."""

    fix = "Ask {asked} to answer; a certifier can name a deputy while they are absent."


class TooManySuggestions(Disallowed):
    """You made {most} suggestions that wait for an answer."""

    fix = "Wait for the answers, or call your business manager."


class BadText(Malformed):
    """A text has 1 to {most} characters."""

    fix = "Say it in fewer words, or in two suggestions."

    def __init__(self, *, field: str) -> None:
        super().__init__(most=LONGEST_TEXT, field=field)


class State(Enum):
    """Whether it was answered."""

    OPEN = "open"
    ANSWERED = "answered"


BECOMES = {State.OPEN: {State.ANSWERED}, State.ANSWERED: set[State]()}
"""The state chart: an answer is given once."""


class Suggestion(Aggregate):
    """What somebody suggests, and what the business manager answers (R17)."""

    id: UUID
    state: State
    text: str
    order: str
    product: str
    subject: str
    """What people call what it is about."""

    author: str
    author_display_name: str
    enterprise_legal_name: str
    business_manager: str
    business_manager_display_name: str
    answer: str
    answered_by: str
    answered_by_display_name: str
    created_at: datetime
    answered_at: datetime | None

    @classmethod
    def make(
        cls,
        *,
        caller: Caller,
        customer: Customer,
        text: str,
        order: str = "",
        product: str = "",
        subject: str = "",
    ) -> Suggestion:
        """Suggest `text` to the customer's business manager; BadText."""
        made = cls()
        made.id, made.enterprise, made.sequence = new_id(), caller.enterprise, 0
        made.state, made.text = State.OPEN, _said(text, "text")
        made.order, made.product, made.subject = order, product, subject
        made.author, made.author_display_name = caller.account, caller.display_name
        made.enterprise_legal_name = customer.legal_name
        made.business_manager = customer.business_manager
        made.business_manager_display_name = customer.business_manager_display_name
        made.answer = made.answered_by = made.answered_by_display_name = ""
        made.created_at, made.answered_at = now(), None
        made.record(
            SuggestionMade(
                suggestion=made.name,
                subject=subject,
                text=made.text,
                author=made.author,
                author_display_name=made.author_display_name,
                enterprise_legal_name=made.enterprise_legal_name,
                asked=made.business_manager,
            )
        )
        return made

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/suggestions/{self.id}"

    def insist_unchanged(self, etag: str) -> None:
        """Refuse with SuggestionChanged if the caller saw another version."""
        if etag and etag != self.etag:
            raise SuggestionChanged

    def reply(self, answer: str, *, by: Caller) -> None:
        """Answer it, once; NotYourSuggestion, SuggestionAnsweredAlready, BadText."""
        if self.business_manager and not by.acts_for(self.business_manager):
            asked = self.business_manager_display_name or self.business_manager
            raise NotYourSuggestion(asked=asked)
        if State.ANSWERED not in BECOMES[self.state]:
            raise SuggestionAnsweredAlready(name=self.answered_by_display_name or self.answered_by)
        self.state, self.answer, self.answered_at = State.ANSWERED, _said(answer, "answer"), now()
        self.answered_by, self.answered_by_display_name = by.account, by.display_name
        self.record(
            SuggestionAnswered(
                suggestion=self.name,
                subject=self.subject,
                text=self.text,
                answer=self.answer,
                account=self.author,
                answered_by=self.answered_by,
                answered_by_display_name=self.answered_by_display_name,
            )
        )


def _said(text: str, field: str) -> str:
    if not 1 <= len(text := text.strip()) <= LONGEST_TEXT:
        raise BadText(field=field)
    return text
