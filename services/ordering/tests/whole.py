"""What has to be true of all orders at once, in every place that says something of them.

Row, outbox, revisions, passports and inbox are written together or not at all: each is held to the
others, and to what was answered to whoever asked.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.chart import headline
from services.ordering.domain.order import Order
from services.ordering.domain.purchase_order import digest_of
from services.ordering.domain.words import State
from services.ordering.passport_keys import signer
from services.ordering.settings import ours
from services.ordering.store import Orders, order_snapshots
from shared.clock import now
from shared.storage import EVERYTHING, Database, inbox_cursors, inbox_waiting, outbox

TOLD_BY = {
    "ConfirmPrice": "OrderPriceConfirmed",
    "ConfirmSoftware": "OrderSoftwareConfirmed",
    "RejectOrder": "OrderRejected",
    "CancelOrder": "OrderCancelled",
    "ReplaceOrder": "OrderReplaced",
    "HoldOrder": "OrderHeld",
    "ReleaseOrder": "OrderReleased",
    "AmendOrder": "OrderAmendmentProposed",
    "DeclineAmendment": "OrderAmendmentDeclined",
}
"""What a command that was answered tells, once."""

ENDS = {
    "OrderRejected": State.REJECTED,
    "OrderCancelled": State.CANCELLED,
    "OrderReplaced": State.REPLACED,
    "OrderExpired": State.EXPIRED,
    "OrderCompleted": State.COMPLETED,
}
CHANGES = ("OrderRevised", "OrderAmended")

Done = Mapping[str, Counter[str]]
"""How often which command was answered, by order."""


def insist_whole(database: Database, done: Done | None = None) -> list[Order]:
    """Insist on all of it, of every order; return them. `done` is what was answered, if known."""
    with database.transaction(EVERYTHING) as tx:
        told, frozen = _told(tx), _frozen(tx)
        names = tx.execute(sa.text("select enterprise, id from orders")).all()
        orders = [Orders(tx).read(f"enterprises/{each}/orders/{id_}") for each, id_ in names]
        for order in orders:
            events = told.get(order.name, [])
            _insist_row(order)
            _insist_told(order, events)
            _insist_frozen(order, frozen.get(order.id, []), events, signer(ours(tx).passport_keys))
            if done is not None:
                kinds = Counter(kind for _, kind, _ in events)
                asked = done.get(order.name, Counter())
                assert {each: kinds[each] for each in TOLD_BY.values()} == {
                    event: asked[command] for command, event in TOLD_BY.items()
                }
        _insist_nothing_waits(tx)
    _insist_replacements(orders)
    return orders


def _insist_row(order: Order) -> None:
    """It is where its gates say, and nothing is left that a clock should have ended."""
    assert order.state is headline(order)
    assert (order.waiting_on is None) == order.is_closed
    assert not (order.is_closed and (order.proposal or order.expires_at))
    late = order.expires_at is not None and order.expires_at <= now()
    assert not late or order.holds or order.settled_amount or order.buyer_signed
    if order.state in {State.CANCELLED, State.REPLACED, State.EXPIRED}:
        assert not order.settled_amount, "it ended although money had come"
    assert order.total_amount == sum(line.total.amount for line in order.lines)


def _insist_told(order: Order, events: list[tuple[int, str, Any]]) -> None:
    """Each event is there, once, and they tell where the order came to."""
    assert [number for number, _, _ in events] == list(range(1, order.sequence + 1))
    ends = [ENDS[kind] for _, kind, _ in events if kind in ENDS]
    assert ends == ([order.state] if order.is_closed and order.submitted_at else [])
    kinds = [kind for _, kind, _ in events]
    assert (kinds.count("OrderSubmitted") == 1) == (order.submitted_at is not None)
    assert kinds.count("OrderHeld") - kinds.count("OrderReleased") == bool(order.holds)
    assert ("OrderClearedForProduction" in kinds) == order.production_cleared


def _insist_frozen(order: Order, rows: list[Any], events: list[Any], signing: Any) -> None:
    """Each revision is kept, signed and told, and the last one is what is ordered."""
    revisions = range(order.revision + 1) if order.submitted_at else []
    assert [row.revision for row in rows] == list(revisions)
    for row in rows:
        assert (digest_of(row.content), signing.sign(row.content)) == (row.digest, row.signature)
    told = [data for _, kind, data in events if kind in {"OrderSubmitted", *CHANGES}]
    assert [data["purchaseOrder"]["snapshotDigest"] for data in told] == [r.digest for r in rows]
    if rows:
        assert rows[-1].digest == order.snapshot_digest
        lines = {each["lineNo"]: each["quantity"] for each in json.loads(rows[-1].content)["lines"]}
        assert lines == {line.line_no: line.quantity for line in order.lines}


def _insist_nothing_waits(tx: Session) -> None:
    """Everything that was heard was applied."""
    waiting = tx.execute(sa.select(inbox_waiting.c.aggregate, inbox_waiting.c.error)).all()
    assert waiting == []
    assert not any(tx.scalars(sa.select(inbox_cursors.c.waiting)))


def _insist_replacements(orders: Iterable[Order]) -> None:
    """Who was replaced and what stands in its place name each other."""
    replaced = {order.name: order.replaced_by for order in orders if order.replaced_by}
    assert replaced == {order.replaces: order.name for order in orders if order.replaces}


def _told(tx: Session) -> dict[str, list[tuple[int, str, Any]]]:
    """Return every order's events, in order: number, name and what they say."""
    found = defaultdict(list)
    rows = sa.select(outbox.c.aggregate, outbox.c.sequence, outbox.c.type, outbox.c.body)
    for aggregate, sequence, type_, body in tx.execute(rows.order_by(outbox.c.position)):
        found[aggregate].append((sequence, type_.rpartition(".")[2], body["data"]))
    return found


def _frozen(tx: Session) -> dict[Any, list[Any]]:
    found = defaultdict(list)
    for row in tx.execute(sa.select(order_snapshots).order_by(order_snapshots.c.revision)):
        found[row.order_id].append(row)
    return found
