"""Until when whoever an order waits on agreed to act (requirements §6.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.ordering.domain import waiting
from services.ordering.domain.waiting import Wait
from services.ordering.domain.words import Party

TASKS = frozenset(
    {waiting.AGREE, *(each.task for each in vars(waiting).values() if isinstance(each, Wait))}
)
"""Everything an order can wait for."""

SIGNING = frozenset({waiting.SIGN.task, waiting.SIGN_ADDENDUM.task})
"""Can be done until the terms end, and not later."""

MAKING = frozenset({waiting.START.task, waiting.FINISH.task})
"""Done when the goods are: by the day that follows from the lead time."""

FREE = frozenset({waiting.SUBMIT.task, waiting.ASK_FOR_INVOICE.task})
"""Nobody agreed to do it at all."""


@dataclass(frozen=True)
class Agreed:
    """Within what time things are done."""

    parties: Mapping[Party, timedelta]
    """By who does them; nobody agreed to any time who is not in it."""

    tasks: Mapping[str, timedelta]
    """What takes another time than its party usually does."""


def due_at(order: Any, agreed: Agreed) -> datetime | None:
    """Return until when the order's next step is agreed to be done; None for no time.

    `order` is an Order or a row of one. Nobody can act on what is held, so nothing is due then.
    """
    since: datetime | None = order.waiting_since
    task: str = order.waiting_task
    if since is None or order.holds or task in FREE:
        return None
    if task in SIGNING and order.terms:
        return _moment(order.terms.valid_until)
    within = agreed.tasks.get(task) or agreed.parties.get(order.waiting_on)
    due = since + within if within else None
    if task in MAKING and order.promised_at:
        own = agreed.tasks.get(task)
        return min(order.promised_at, since + own) if own else _moment(order.promised_at)
    return min(due, _moment(order.expires_at)) if due and order.expires_at else due


def _moment(at: Any) -> datetime:
    assert isinstance(at, datetime)
    return at
