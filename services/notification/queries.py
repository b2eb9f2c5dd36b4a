"""What can be known about messages and the feed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from services.notification.domain.errors import FeedNotFound, MessagesNotFound
from services.notification.domain.feed import OrderEvent
from services.notification.store import Feed
from services.notification.store.feed import START
from services.notification.store.messages import see_own
from services.notification.store.tables import deliveries, messages
from shared.caller import Caller
from shared.names import parse
from shared.paging import BadPageToken, Page, decode, encode, page_of_rows, size_of

MOST_UNREAD = 100
"""Where counting what was not read ends."""


class Shown(Protocol):
    """A message as a list shows it."""

    id: UUID
    account: str
    subject: str
    text: str
    subject_form: str
    text_form: str
    facts: Mapping[str, str]
    about: str
    read_at: datetime | None
    created_at: datetime

    @property
    def outcomes(self) -> Sequence[Mapping[str, str]]:
        """Channel, state and error of each delivery."""


@dataclass(frozen=True)
class Inbox:
    """A page of messages, and how many were not read yet."""

    page: Page[Shown]
    unread: int


def list_messages(
    tx: Session, *, parent: str, caller: Caller, unread_only: bool, size: int, token: str
) -> Inbox:
    """Return the caller's messages, newest first: one statement."""
    (account,) = parse("accounts/*", parent)
    if f"accounts/{account}" not in {"accounts/me", caller.account}:
        raise MessagesNotFound(account=parent)
    see_own(tx, caller)
    unread = _unread(caller.account)
    select = sa.select(messages, _OUTCOMES, unread).where(messages.c.account == caller.account)
    if unread_only:
        select = select.where(messages.c.read_at.is_(None))
    page = page_of_rows(tx, select, key=messages.c.id, size=size, token=token)
    count = page.items[0].unread if page.items else tx.scalar(sa.select(unread))
    return Inbox(cast(Page[Shown], page), count or 0)


def list_order_events(
    tx: Session, *, parent: str, caller: Caller, order: str, size: int, token: str
) -> Page[OrderEvent]:
    """Return events of an enterprise's orders from a position on, oldest first: one statement.

    The token is never empty: with it the caller asks for what came since. One from beyond the end
    is of another feed, or of one that was lost: whoever asked with it would wait in silence, and
    miss what comes till there. BadPageToken, which an empty page takes a second statement for.
    """
    (enterprise,) = parse("enterprises/*", parent)
    if not caller.may_see(enterprise):
        raise FeedNotFound(enterprise=parent)
    if order:
        parse("enterprises/*/orders/*", order)
    feed, position = Feed(tx), _position(token)
    events, last = feed.after(
        position, enterprise=enterprise, order=order, caller=caller, limit=size_of(size)
    )
    if position and not events and position > feed.end(enterprise):
        raise BadPageToken
    return Page([each.seen_by(caller) for each in events], encode(UUID(int=last)))


def _position(token: str) -> int:
    position = decode(token).int if token else START
    if position >= 2**63:
        raise BadPageToken
    return position


def _unread(account: str) -> sa.Label[int]:
    some = (
        sa.select(messages.c.id)
        .where(messages.c.account == account, messages.c.read_at.is_(None))
        .limit(MOST_UNREAD)
        .correlate(None)
        .subquery("some")
    )
    return sa.select(sa.func.count()).select_from(some).scalar_subquery().label("unread")


_OUTCOME = sa.func.jsonb_build_object(
    "channel",
    sa.func.lower(sa.cast(deliveries.c.channel, sa.Text)),
    "state",
    deliveries.c.state,
    "error",
    deliveries.c.error,
)
_OUTCOMES = sa.func.coalesce(
    sa.select(sa.func.jsonb_agg(aggregate_order_by(_OUTCOME, deliveries.c.channel)))
    .where(deliveries.c.message_id == messages.c.id)
    .scalar_subquery(),
    sa.text("'[]'::jsonb"),
).label("outcomes")
