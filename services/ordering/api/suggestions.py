"""Suggestions over gRPC."""

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering.api.roles import BUSINESS
from services.ordering.asking import ask_assortment
from services.ordering.commands import suggestions as commands
from services.ordering.domain.offer import Assortment, Basket
from services.ordering.domain.suggestion import Suggestion
from services.ordering.queries.suggestions import list_suggestions
from services.ordering.store import Suggestions
from services.ordering.wire.suggestions import state_from, suggestion_message, suggestions_message
from shared.caller import CUSTOMER_ROLES, Caller
from shared.paging import Page
from shared.rpc import Servicer, command, query


class SuggestionRpcs(Servicer):
    """What customers suggest, and what their business managers answer (R17)."""

    def _ask_for_manager(self, request: rpc.CreateSuggestionRequest, caller: Caller) -> Assortment:
        about = request.suggestion.product
        return ask_assortment(self.clients, Basket(None, {about: 1} if about else {}))

    @command(answer=suggestion_message, allow=CUSTOMER_ROLES, ask=_ask_for_manager)
    def CreateSuggestion(
        self, request: rpc.CreateSuggestionRequest, tx: Session, caller: Caller, asked: Assortment
    ) -> Suggestion:
        return commands.create_suggestion(
            tx,
            parent=request.parent,
            caller=caller,
            text=request.suggestion.text,
            order=request.suggestion.order,
            product=request.suggestion.product,
            assortment=asked,
        )

    @query(answer=suggestion_message, allow=CUSTOMER_ROLES | BUSINESS)
    def GetSuggestion(
        self, request: rpc.GetSuggestionRequest, tx: Session, caller: Caller
    ) -> Suggestion:
        return Suggestions(tx).get(request.name)

    @query(answer=suggestions_message, allow=CUSTOMER_ROLES | BUSINESS)
    def ListSuggestions(
        self, request: rpc.ListSuggestionsRequest, tx: Session, caller: Caller
    ) -> Page[Suggestion]:
        return list_suggestions(
            tx,
            parent=request.parent,
            caller=caller,
            state=state_from(request.state),
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=suggestion_message, allow=BUSINESS)
    def AnswerSuggestion(
        self, request: rpc.AnswerSuggestionRequest, tx: Session, caller: Caller
    ) -> Suggestion:
        return commands.answer_suggestion(
            tx, name=request.name, caller=caller, answer=request.answer, etag=request.etag
        )
