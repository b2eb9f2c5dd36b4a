"""Attaching files to an order, and taking them off it."""

from sqlalchemy.orm import Session

from services.ordering.domain import attaching
from services.ordering.domain.order import Order
from services.ordering.domain.review import party_of
from services.ordering.store import Orders
from shared import documents
from shared.caller import Caller


def attach_file(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    file_name: str,
    media_type: str,
    content: bytes,
    etag: str,
) -> Order:
    """Attach a file that was looked at; TooManyAttachments, OrderTakesNoFiles, BadFileName."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    attaching.attach(
        order,
        file_name=file_name,
        media_type=media_type,
        size_bytes=len(content),
        digest=documents.digest_of(content),
        by=caller.account,
        by_vendor=_of_vendor(order, caller),
    )
    documents.put(tx, enterprise=order.enterprise, media_type=media_type, content=content)
    return order


def remove_attachment(tx: Session, *, name: str, caller: Caller, digest: str, etag: str) -> Order:
    """Take a file off an order; what `attaching.remove` refuses, NotAssigned."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    attaching.remove(order, digest, by_vendor=_of_vendor(order, caller))
    return order


def _of_vendor(order: Order, caller: Caller) -> bool:
    """Whether the caller is the vendor's; NotAssigned if the order is in others' hands."""
    if caller.enterprise:
        return False
    if order.submitted_at is None:
        raise attaching.NotSubmittedYet(order=order.order_no)
    party_of(order, by=caller.account, deputy_of=caller.deputy_of)
    return True
