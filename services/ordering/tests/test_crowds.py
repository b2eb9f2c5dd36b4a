"""2,000 conflicting commands on 100 orders at once: each order ends somewhere legal, none half."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.domain.chart import headline
from services.ordering.store import Orders
from services.ordering.tests.builders import LAMP, PLUG
from services.ordering.tests.desk import BUYER, ENGINEER, MANAGER, Desk
from shared.errors import Outdated, Refusal
from shared.storage import EVERYTHING

ORDERS, COMMANDS = 100, 2000


def _acts(name: str, etag: str) -> list[tuple[Any, str, Any]]:
    known: dict[str, Any] = {"name": name, "etag": etag}
    changes = [rpc.OrderChange(line_no=2, quantity=1100)]
    return [
        (MANAGER, "ConfirmPrice", rpc.ConfirmPriceRequest(**known)),
        (ENGINEER, "ConfirmSoftware", rpc.ConfirmSoftwareRequest(**known)),
        (MANAGER, "RejectOrder", rpc.RejectOrderRequest(reason="No.", **known)),
        (BUYER, "CancelOrder", rpc.CancelOrderRequest(reason="No.", **known)),
        (BUYER, "ReplaceOrder", rpc.ReplaceOrderRequest(**known)),
        (MANAGER, "HoldOrder", rpc.HoldOrderRequest(reason="Wait.", **known)),
        (MANAGER, "ReleaseOrder", rpc.ReleaseOrderRequest(reason="Go on.", **known)),
        (
            BUYER,
            "AmendOrder",
            rpc.AmendOrderRequest(reason="More.", changes=changes, **known),
        ),
        (MANAGER, "ConfirmAmendment", rpc.ConfirmAmendmentRequest(**known)),
        (BUYER, "DeclineAmendment", rpc.DeclineAmendmentRequest(reason="No.", **known)),
    ]


def test_conflicting_commands_at_once_leave_every_order_whole(desk: Desk) -> None:
    chance = random.Random(20261123)
    with ThreadPoolExecutor(16) as crowd:
        orders = list(crowd.map(lambda _: desk.submitted((PLUG, 100), (LAMP, 1000)), range(ORDERS)))
        asked = [
            # Half of them say what they saw, half want it done to whatever is there.
            chance.choice(_acts(order.name, chance.choice(["", "2"])))
            for order in (chance.choice(orders) for _ in range(COMMANDS))
        ]
        outcomes = list(crowd.map(lambda it: _outcome(desk, *it), asked))

    assert all(isinstance(each, pb.Order | Refusal) for each in outcomes)
    assert any(isinstance(each, Outdated) for each in outcomes)
    assert sum(isinstance(each, pb.Order) for each in outcomes) > ORDERS
    _insist_whole(desk)


def _outcome(desk: Desk, who: Any, method: str, request: Any) -> Any:
    try:
        return getattr(desk.ask(who), method)(request)
    except Refusal as refusal:
        return refusal


def _insist_whole(desk: Desk) -> None:
    """Every order is where its gates say, with all its events and its last revision."""
    with desk.database.transaction(EVERYTHING) as tx:
        names = tx.execute(sa.text("select enterprise, id from orders")).all()
        told = tx.execute(sa.text("select aggregate, array_agg(sequence order by sequence) "
            "from outbox group by aggregate")).all()  # fmt: skip
        sequences = {row[0]: list(row[1]) for row in told}
        frozen = tx.execute(
            sa.text("select order_id, max(revision), count(*) from order_snapshots group by 1")
        )
        revisions = {row[0]: (row[1], row[2]) for row in frozen}
        for enterprise, order_id in names:
            order = Orders(tx).read(f"enterprises/{enterprise}/orders/{order_id}")
            assert order.state is headline(order)
            assert (order.waiting_on is None) == order.is_closed
            assert sequences.get(order.name, []) == list(range(1, order.sequence + 1))
            if order.submitted_at:
                assert revisions[order_id] == (order.revision, order.revision + 1)
