"""Files that belong to an order: drawings, packing lists, what was agreed on elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from services.ordering.domain.chart import Act
from shared.clock import now
from shared.errors import Disallowed, Malformed, NotFound

if TYPE_CHECKING:
    from services.ordering.domain.order import Order

MOST_ATTACHMENTS = 10
LONGEST_NAME = 200


class AttachmentNotFound(NotFound):
    """Order {order} has no attachment {digest}."""

    fix = "Take the digest from the attachments of the order."


class AttachmentNotAccepted(Malformed):
    """This file is no PDF, PNG, JPEG, CSV or XLSX file and no plain text."""

    fix = "Save it as one of these, and attach that."


class AttachmentIsActive(Malformed):
    """This workbook holds {what}, and only cells are taken."""

    fix = "Save it as XLSX without {what}, and attach that."


class TooManyAttachments(Disallowed):
    """Order {order} has {most} attachments, and room for no more."""

    fix = "Remove one while it is a draft, or put several files into one PDF."


class OrderTakesNoFiles(Disallowed):
    """Order {order} is {state}, so nothing can be attached to it any more."""

    fix = "Attach it to an order that is open, or send it to your business manager."


class BadFileName(Malformed):
    """A file is called by 1 to {most} characters."""

    fix = "Send the name of the file, without its folder."

    def __init__(self) -> None:
        super().__init__(most=LONGEST_NAME, field="file_name")


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


def insist_room(order: Order) -> None:
    """Refuse with OrderTakesNoFiles or TooManyAttachments what would not be taken."""
    if order.is_closed:
        raise OrderTakesNoFiles(order=order.order_no, state=order.state.value)
    if len(order.attachments) >= MOST_ATTACHMENTS:
        raise TooManyAttachments(order=order.order_no, most=MOST_ATTACHMENTS)


def attach(
    order: Order, *, file_name: str, media_type: str, size_bytes: int, digest: str, by: str
) -> None:
    """Add a file; the same one again is none. What was submitted stays as it was frozen."""
    if any(each.digest == digest for each in order.attachments):
        return
    insist_room(order)
    new = Attachment(
        file_name=_named(file_name),
        media_type=media_type,
        size_bytes=size_bytes,
        digest=digest,
        attached_by=by,
        attach_time=now(),
    )
    order.attachments = (*order.attachments, new)
    order.updated_at = new.attach_time


def remove(order: Order, digest: str) -> None:
    """Take a file off a draft; AttachmentNotFound, OrderCannotBe once it is submitted."""
    order.insist(Act.CHANGE)
    gone = attachment_of(order, digest)
    order.attachments = tuple(each for each in order.attachments if each is not gone)
    order.updated_at = now()


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


def _named(file_name: str) -> str:
    name = file_name.replace("\\", "/").rpartition("/")[2].strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadFileName
    return name
