"""Asking whoever can change it to let a product be ordered."""

from sqlalchemy.orm import Session

from services.ordering.domain.checks import Kind
from services.ordering.domain.explaining import Explanation
from services.ordering.domain.purchase_request import PurchaseRequest
from services.ordering.store import PurchaseRequests
from shared.caller import Caller


def ask_for_purchase(
    tx: Session, *, explanation: Explanation, kind: Kind, note: str, caller: Caller
) -> PurchaseRequest:
    """Ask about a check that fails (R41); NothingToAsk, NoteTooLong, AskedAlready."""
    request = PurchaseRequest.ask(explanation, kind, caller=caller, note=note)
    PurchaseRequests(tx).add(request)
    return request
