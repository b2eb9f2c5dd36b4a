"""Messages and their deliveries."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.notification.domain.errors import MessageNotFound
from services.notification.domain.message import Channel, Delivery, Message, State
from services.notification.store.tables import deliveries, messages
from shared.caller import Caller
from shared.clock import now
from shared.names import parse
from shared.rows import insert, vars_of
from shared.storage import Scope, see


def see_own(tx: Session, caller: Caller) -> None:
    """From now on let `tx` see the messages of `caller`, and nobody else's.

    Messages belong to an account, in whichever space it acts; to row-level security it is a space
    of its own, which no enterprise can be called like.
    """
    see(tx, Scope(enterprise=caller.account))


class Messages:
    """All messages the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, new: Sequence[Message]) -> None:
        """Keep new messages, however many, in a statement for them and one for their deliveries."""
        insert(self._tx, messages, [vars_of(each, messages) | {"version": 1} for each in new])
        to_send = [
            vars_of(delivery, deliveries) | {"message_id": message.id}
            for message in new
            for delivery in message.deliveries
        ]
        insert(self._tx, deliveries, to_send)

    def get(self, name: str) -> Message:
        """Return the message called `accounts/*/messages/*`."""
        _, text = parse("accounts/*/messages/*", name)
        found = self._tx.get(Message, id_) if (id_ := _uuid(text)) else None
        if found is None:
            raise MessageNotFound(message=name)
        return found

    def read_all(self, account: str, *, up_to: UUID | None) -> int:
        """Note that an account read all it was told, up to a message; return how many were not.

        Ids are in the order in which messages were told.
        """
        unread = (messages.c.account == account, messages.c.read_at.is_(None))
        seen = () if up_to is None else (messages.c.id <= up_to,)
        marked = self._tx.execute(
            sa.update(messages)
            .where(*unread, *seen)
            .values(read_at=now(), version=messages.c.version + 1)
            .returning(messages.c.id)
        )
        return len(marked.all())

    def never_sent(self, account: str) -> list[Message]:
        """Return messages of an account that could not be sent anywhere outside."""
        unsent = ~sa.exists().where(deliveries.c.message_id == messages.c.id)
        select = sa.select(Message).where(messages.c.account == account, unsent)
        return list(self._tx.scalars(select))

    def begin_due(self, channel: Channel) -> tuple[Message, Delivery] | None:
        """Begin a delivery over `channel` that is due and nobody else is at, if there is one."""
        delivery = self._tx.scalar(
            sa.select(Delivery)
            .where(
                deliveries.c.channel == channel,
                deliveries.c.state == State.PENDING,
                deliveries.c.due_at <= now(),
            )
            .order_by(deliveries.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if delivery is None:
            return None
        delivery.begin()
        return self._tx.get_one(Message, delivery.message_id), delivery

    def locked(self, id_: UUID) -> Message:
        """Return a message for a change that depends on all its deliveries."""
        return self._tx.get_one(Message, id_, with_for_update=True)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
