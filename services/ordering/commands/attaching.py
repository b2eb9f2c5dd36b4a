"""Attaching files to an order, and taking them off a draft."""

from sqlalchemy.orm import Session

from services.ordering.domain import attachment
from services.ordering.domain.order import Order
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
    attachment.attach(
        order,
        file_name=file_name,
        media_type=media_type,
        size_bytes=len(content),
        digest=documents.digest_of(content),
        by=caller.account,
    )
    documents.put(tx, enterprise=order.enterprise, media_type=media_type, content=content)
    return order


def remove_attachment(tx: Session, *, name: str, caller: Caller, digest: str, etag: str) -> Order:
    """Take a file off a draft; AttachmentNotFound, OrderCannotBe."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    attachment.remove(order, digest)
    return order
