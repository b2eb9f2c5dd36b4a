"""Attaching files to an order, and taking them off it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.ordering.domain.attachment import Attachment, attachment_of, submitted_with
from services.ordering.domain.events import OrderFileAttached, OrderFileRemoved
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Malformed

if TYPE_CHECKING:
    from services.ordering.domain.order import Order

MOST_ATTACHMENTS = 10
LONGEST_NAME = 200


class AttachmentNotAccepted(Malformed):
    """This file is no PDF, PNG, JPEG, CSV or XLSX file and no plain text."""

    fix = "Save it as one of these, and attach that."


class AttachmentIsActive(Malformed):
    """This workbook holds {what}, and only cells are taken."""

    fix = "Save it as XLSX without {what}, and attach that."


class TooManyAttachments(Disallowed):
    """Order {order} has {most} attachments, and room for no more."""

    fix = "Remove one that came after the submit, or put several files into one PDF."


class OrderTakesNoFiles(Disallowed):
    """Order {order} is {state}, so nothing can be attached to it any more."""

    fix = "Attach it to an order that is open, or send it to your business manager."


class OrderKeepsItsFiles(Disallowed):
    """Order {order} is {state}, and what was attached to it stays."""

    fix = "Nothing has to be done: nobody acts on it any more."


class NotSubmittedYet(Disallowed):
    """Order {order} is still being filled by its buyer."""

    fix = "Wait until it is submitted, or send the file to the buyer."


class AttachmentWasSubmitted(Disallowed):
    """The order was submitted with {file_name}: it is part of what was ordered, and stays."""

    fix = "Attach a newer one beside it, and say in its name that it is."


class AttachmentOfTheOthers(Forbidden):
    """{file_name} was attached by the other side, and it is theirs to remove."""

    fix = "Ask whoever attached it."


class BadFileName(Malformed):
    """A file is called by 1 to {most} characters."""

    fix = "Send the name of the file, without its folder."

    def __init__(self) -> None:
        super().__init__(most=LONGEST_NAME, field="file_name")


def insist_room(order: Order) -> None:
    """Refuse with OrderTakesNoFiles or TooManyAttachments what would not be taken."""
    if order.is_closed:
        raise OrderTakesNoFiles(order=order.order_no, state=order.state.value)
    if len(order.attachments) >= MOST_ATTACHMENTS:
        raise TooManyAttachments(order=order.order_no, most=MOST_ATTACHMENTS)


def attach(
    order: Order,
    *,
    file_name: str,
    media_type: str,
    size_bytes: int,
    digest: str,
    by: str,
    by_vendor: bool = False,
) -> None:
    """Add a file; the same one again is none. What was submitted stays as it was frozen.

    Once it is submitted, the other side is told; of a draft nobody has heard.
    """
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
        by_vendor=by_vendor,
    )
    order.attachments = (*order.attachments, new)
    order.updated_at = new.attach_time
    if order.submitted_at is not None:
        order.record(
            OrderFileAttached(
                order=order.name,
                order_no=order.order_no,
                file_name=new.file_name,
                media_type=media_type,
                size_bytes=size_bytes,
                digest=digest,
                by_vendor=by_vendor,
                asked=_other_side(order, by_vendor),
            )
        )


def remove(order: Order, digest: str, *, by_vendor: bool = False) -> None:
    """Take a file off a draft, or one that came after the submit off an open order.

    Refuses with AttachmentNotFound, OrderKeepsItsFiles once it is closed, AttachmentWasSubmitted
    (R14) and AttachmentOfTheOthers.
    """
    if order.is_closed:
        raise OrderKeepsItsFiles(order=order.order_no, state=order.state.value)
    gone = attachment_of(order, digest)
    if order.submitted_at is not None and gone in submitted_with(order):
        raise AttachmentWasSubmitted(order=order.order_no, file_name=gone.file_name)
    if gone.by_vendor is not by_vendor:
        raise AttachmentOfTheOthers(order=order.order_no, file_name=gone.file_name)
    order.attachments = tuple(each for each in order.attachments if each is not gone)
    order.updated_at = now()
    if order.submitted_at is not None:
        order.record(
            OrderFileRemoved(
                order=order.name,
                order_no=order.order_no,
                file_name=gone.file_name,
                digest=digest,
                by_vendor=by_vendor,
                asked=_other_side(order, by_vendor),
            )
        )


def _other_side(order: Order, by_vendor: bool) -> str:
    return order.buyer if by_vendor else order.business_manager


def _named(file_name: str) -> str:
    name = file_name.replace("\\", "/").rpartition("/")[2].strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadFileName
    return name
