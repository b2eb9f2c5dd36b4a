"""Files that belong to an order: drawings, packing lists, what was agreed on elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shared.errors import NotFound

if TYPE_CHECKING:
    from services.ordering.domain.order import Order


class AttachmentNotFound(NotFound):
    """Order {order} has no attachment {digest}."""

    fix = "Take the digest from the attachments of the order."


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file of an order; the fields are those of the proto."""

    file_name: str
    media_type: str
    """What it is by what is in it, whatever it is called."""

    size_bytes: int
    digest: str
    """`sha256:` and 64 hexadecimal digits."""

    attached_by: str
    attach_time: datetime
    by_vendor: bool = False
    """Whether the vendor's people attached it; else the buyer's did."""


def attachment_of(order: Order, digest: str) -> Attachment:
    """Return the attachment with this digest; else AttachmentNotFound."""
    for each in order.attachments:
        if each.digest == digest:
            return each
    raise AttachmentNotFound(order=order.order_no, digest=digest[:80])


def submitted_with(order: Order) -> tuple[Attachment, ...]:
    """Return the files the order was submitted with: they are part of what was ordered (R14)."""
    at = order.submitted_at
    return tuple(each for each in order.attachments if at is None or each.attach_time <= at)
