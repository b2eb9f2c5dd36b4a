"""Who of the vendor's decides about a change of an order, and why somebody else does not.

This only spares a reader a refusal; ordering decides, and is asked all the same.
"""

from collections.abc import Set

from millrun.ordering.v1.amending_pb2 import Amendment
from millrun.ordering.v1.order_pb2 import Order

from shared.web import _
from shared.web.session import Visitor

FIRMWARE = frozenset({"firmware_version", "firmware_digest"})
"""What of a change is the project manager's, as differences call it; the rest is business."""

Side = Amendment.Side
BUSINESS, TECHNICAL = Amendment.BUSINESS_MANAGER, Amendment.PROJECT_MANAGER


def sides_of(order: Order, me: Visitor) -> Set["Side.ValueType"]:
    """Return as whom of its managers the reader decides about `order`."""
    hands = {BUSINESS: order.business_manager, TECHNICAL: order.project_manager}
    return {side for side, account in hands.items() if me.acts_for(account)}


def agree(order: Order, sides: Set["Side.ValueType"]) -> str | None:
    """Say why the reader does not agree to what the buyer asks; None if the buyer asks nothing."""
    if not order.HasField("amendment") or order.amendment.proposed_as != Amendment.BUYER:
        return None
    if not sides or sides & set(order.amendment.awaits):
        return _in_hands(sides)
    if TECHNICAL in order.amendment.awaits:
        return _("The project manager has yet to agree.")
    return _("The business manager has yet to agree.")


def has_prices(order: Order, sides: Set["Side.ValueType"]) -> bool:
    """Whether prices are to be set with it, by the business manager whom it waits on."""
    awaits = set(order.amendment.awaits)
    elsewhere = TECHNICAL in awaits & sides and BUSINESS not in sides
    return bool(order.amended_lines) and BUSINESS in awaits and not elsewhere


def decline(order: Order, sides: Set["Side.ValueType"]) -> str | None:
    """Say why the reader does not turn a change down or take it back; None without a change."""
    if not order.HasField("amendment"):
        return None
    if not sides or sides & _concerned(order.amendment):
        return _in_hands(sides)
    if TECHNICAL in sides:
        return _("It is for the business manager to decide.")
    return _("It is for the project manager to decide.")


def _concerned(change: Amendment) -> Set["Side.ValueType"]:
    """Return who asked, who has to agree, and who may have agreed already."""
    fields = {each.field for each in change.changes}
    technical = {TECHNICAL} if fields & FIRMWARE else set()
    business = {BUSINESS} if fields - FIRMWARE else set()
    return {change.proposed_as, *change.awaits} | technical | business


def _in_hands(sides: Set["Side.ValueType"]) -> str:
    return "" if sides else _("The order is in a colleague's hands.")
