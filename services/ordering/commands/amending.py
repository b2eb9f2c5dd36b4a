"""Changing an order after it was submitted."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from services.ordering.commands.review import by_line, each_once
from services.ordering.domain import amending
from services.ordering.domain.amendment import Change, Field, Meaning
from services.ordering.domain.chart import Act
from services.ordering.domain.errors import NothingProposed
from services.ordering.domain.line_service import ServicePrice
from services.ordering.domain.order import Order
from services.ordering.domain.review import party_of
from services.ordering.domain.words import Party
from services.ordering.settings import ours
from services.ordering.store import Orders
from shared.caller import Caller
from shared.money import Money

Changed = tuple[Order, Meaning | None]


def amend_order(
    tx: Session, *, name: str, caller: Caller, changes: Iterable[Change], reason: str, etag: str
) -> Changed:
    """The buyer changes the order, or asks for it."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    outcome = amending.propose(
        order,
        by=caller.account,
        party=Party.BUYER,
        changes=changes,
        reason=reason,
        validity=ours(tx).validity,
        caps=ours(tx).caps,
    )
    return _agree(tx, order, outcome)


def propose_amendment(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    changes: Iterable[Change],
    service_prices: Sequence[ServicePrice],
    reason: str,
    etag: str,
) -> Changed:
    """The vendor asks the buyer to agree to a change."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    order.insist(Act.AMEND)
    changes = tuple(changes)
    # Of who is both managers it is the one whose it is to ask for.
    firmware = {each.field for each in changes} == {Field.FIRMWARE}
    first = [Party.PROJECT_MANAGER] if firmware else [Party.BUSINESS_MANAGER]
    outcome = amending.propose(
        order,
        by=caller.account,
        party=party_of(order, by=caller.account, deputy_of=caller.deputy_of, first=first),
        changes=changes,
        service_prices=each_once(service_prices),
        reason=reason,
        validity=ours(tx).validity,
        caps=ours(tx).caps,
    )
    return _agree(tx, order, outcome)


def accept_amendment(tx: Session, *, name: str, caller: Caller, etag: str) -> Changed:
    """The buyer agrees to what the vendor asked for."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    return _agree(
        tx,
        order,
        amending.agree(order, by=caller.account, party=Party.BUYER, validity=ours(tx).validity),
    )


def confirm_amendment(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    prices: Iterable[tuple[int, Money, str]],
    service_prices: Sequence[ServicePrice],
    etag: str,
) -> Changed:
    """The business or project manager agrees to what the buyer asked for."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    party = _deciding(order, caller)
    outcome = amending.agree(
        order,
        by=caller.account,
        party=party,
        prices=by_line(prices),
        service_prices=each_once(service_prices),
        validity=ours(tx).validity,
    )
    return _agree(tx, order, outcome)


def decline_amendment(tx: Session, *, name: str, caller: Caller, reason: str, etag: str) -> Order:
    """The buyer turns a change down, or takes it back."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    amending.decline(order, party=Party.BUYER, reason=reason)
    return order


def reject_amendment(tx: Session, *, name: str, caller: Caller, reason: str, etag: str) -> Order:
    """The business or project manager turns a change down, or takes it back."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    amending.decline(order, party=_deciding(order, caller), reason=reason)
    return order


def _agree(tx: Session, order: Order, outcome: amending.Outcome) -> Changed:
    if outcome.snapshot is not None:
        Orders(tx).freeze(outcome.snapshot)
    return order, outcome.meaning


def _deciding(order: Order, caller: Caller) -> Party:
    """Return for whom the caller decides: one may be both managers of an order."""
    if order.proposal is None:
        raise NothingProposed(order=order.order_no)
    first = [*amending.awaited(order, order.proposal), order.proposal.party]
    return party_of(order, by=caller.account, deputy_of=caller.deputy_of, first=first)
