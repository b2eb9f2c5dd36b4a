"""Saying something to one's business manager, and answering (R17)."""

from sqlalchemy.orm import Session

from services.ordering.domain.errors import NotYourOrder, NotYourSpace
from services.ordering.domain.offer import Assortment
from services.ordering.domain.suggestion import Suggestion
from services.ordering.store import Orders, Suggestions
from shared.caller import Caller
from shared.names import parse


def create_suggestion(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    text: str,
    order: str,
    product: str,
    assortment: Assortment,
) -> Suggestion:
    """Suggest something; OrderNotFound, NotYourOrder, ProductNotFound for what is not theirs."""
    (enterprise,) = parse("enterprises/*", parent)
    if enterprise != caller.enterprise:
        raise NotYourSpace(enterprise=enterprise)
    made = Suggestion.make(
        caller=caller,
        customer=assortment.customer,
        text=text,
        order=order,
        product=product,
        subject=_subject(tx, caller, order, product, assortment),
    )
    Suggestions(tx).add(made)
    return made


def answer_suggestion(
    tx: Session, *, name: str, caller: Caller, answer: str, etag: str
) -> Suggestion:
    """Answer a suggestion; NotYourSuggestion, SuggestionAnsweredAlready."""
    suggestion = Suggestions(tx).get(name)
    suggestion.insist_unchanged(etag)
    suggestion.reply(answer, by=caller)
    return suggestion


def _subject(tx: Session, caller: Caller, order: str, product: str, assortment: Assortment) -> str:
    """Return what people call what it is about: an order's number, a product's PID, or both."""
    named = []
    if order:
        found = Orders(tx).read(order)
        if not caller.may_see(found.enterprise):
            raise NotYourOrder(order=found.order_no)
        named.append(found.order_no)
    if product:
        named.append(assortment.offer(product).pid)
    return " · ".join(named)
