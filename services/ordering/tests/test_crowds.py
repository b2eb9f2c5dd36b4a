"""2,000 conflicting commands on 100 orders at once, while facts, late money and the clock come.

Each order ends somewhere legal, and nothing about it is half done, wherever it is written.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from google.type.money_pb2 import Money as MoneyMessage
from millrun.contract.v1 import events_pb2 as contract
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.payment.v1 import events_pb2 as payment

from services.ordering.clocks import expire_orders
from services.ordering.domain.words import State
from services.ordering.service import service
from services.ordering.tests.builders import CONTRACT, LAMP, PLUG
from services.ordering.tests.desk import BUYER, ENGINEER, MANAGER, Desk
from services.ordering.tests.whole import insist_whole
from shared.errors import Outdated, Refusal
from shared.inbox import Inbox
from shared.storage import EVERYTHING
from shared.testing import eventually
from shared.testing.databases import Databases
from shared.testing.golden import heard

ORDERS, COMMANDS, TICKS = 100, 2000, 20
PAID_FOR, SIGNED, OVERDUE = range(30), range(20, 50), range(50, 60)
"""Of which orders money comes, the contract is signed, and nobody acted in time."""

IN_ALL = 9075
"""What an order comes to, and what comes of it in three transfers."""

Act = Callable[[], Any]


def _commands(name: str, etag: str) -> list[tuple[Any, str, Any]]:
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
        (BUYER, "AmendOrder", rpc.AmendOrderRequest(reason="More.", changes=changes, **known)),
        (MANAGER, "ConfirmAmendment", rpc.ConfirmAmendmentRequest(**known)),
        (BUYER, "DeclineAmendment", rpc.DeclineAmendmentRequest(reason="No.", **known)),
    ]


def _money(order: str) -> Iterator[Any]:
    for number, settled in enumerate((100, 3000, IN_ALL), 1):
        amount = MoneyMessage(currency_code="CNY", units=settled)
        event = payment.PaymentSettled(order=order, settled=amount)
        yield heard(event, aggregate=f"{order}/plan", sequence=number, enterprise="acme")


def _signatures(order: str) -> Iterator[Any]:
    known: dict[str, Any] = {"order": order, "contract": CONTRACT}
    for number, event in enumerate(
        (
            contract.ContractGenerated(contract_no="MC-2026-000001", **known),
            contract.ContractBuyerSigned(version=1, **known),
            contract.ContractSigned(version=1, **known),
        ),
        1,
    ):
        yield heard(event, aggregate=f"{order}/contract", sequence=number, enterprise="acme")


def test_conflicting_commands_facts_and_clocks_at_once_leave_every_order_whole(
    desk: Desk,
) -> None:
    chance = random.Random(20261123)
    inbox = Inbox(desk.database, service.reactions, service.name)
    with ThreadPoolExecutor(16) as crowd:
        made = crowd.map(lambda _: desk.submitted((PLUG, 100), (LAMP, 1000)), range(ORDERS))
        orders = [order.name for order in made]
        _let_pass(desk, [orders[each] for each in OVERDUE])
        asked = [
            # Half of them say what they saw, half want it done to whatever is there.
            chance.choice(_commands(name, chance.choice(["", "2"])))
            for name in (chance.choice(orders) for _ in range(COMMANDS))
        ]
        letters = [letter for each in PAID_FOR for letter in _money(orders[each])]
        letters += [letter for each in SIGNED for letter in _signatures(orders[each])]
        acts: list[Act] = [lambda it=it: _answer(desk, *it) for it in asked]  # type: ignore[misc]
        # Every letter comes twice, and in any order.
        acts += [lambda it=it: inbox.receive([it]) for it in letters * 2]  # type: ignore[misc]
        acts += [lambda: expire_orders(desk.served.runtime)] * TICKS
        chance.shuffle(acts)
        outcomes = list(crowd.map(lambda act: act(), acts))

    eventually(lambda: _nothing_failed(desk, inbox))
    answered = [each for each in outcomes if isinstance(each, tuple)]
    assert len(answered) == COMMANDS
    assert any(isinstance(answer, Outdated) for _, _, answer in answered)
    assert sum(isinstance(answer, pb.Order) for _, _, answer in answered) > ORDERS
    whole = insist_whole(desk.database, _done(answered))
    assert any(order.state is State.EXPIRED for order in whole)
    _insist_facts_counted({order.name: order for order in whole}, orders)


def _let_pass(desk: Desk, names: list[str]) -> None:
    """Have the time of some orders be over."""
    ids = [name.rpartition("/")[2] for name in names]
    passed = sa.text(
        "update orders set expires_at = now() - interval '1 hour' where id = any(:ids)"
    )
    with desk.database.transaction(EVERYTHING) as tx:
        tx.execute(passed, {"ids": ids})


def _answer(desk: Desk, who: Any, method: str, request: Any) -> tuple[str, str, Any]:
    try:
        return request.name, method, getattr(desk.ask(who), method)(request)
    except Refusal as refusal:
        return request.name, method, refusal


def _nothing_failed(desk: Desk, inbox: Inbox) -> bool:
    """Whether all that was heard is applied; what lost a race is tried again in a second."""
    inbox.retry_due()
    with desk.database.transaction(EVERYTHING) as tx:
        return not tx.execute(sa.text("select count(*) from inbox_waiting")).scalar_one()


def _done(answered: list[tuple[str, str, Any]]) -> dict[str, Counter[str]]:
    done: dict[str, Counter[str]] = defaultdict(Counter)
    for name, method, answer in answered:
        if isinstance(answer, pb.Order):
            done[name][method] += 1
    return done


def _insist_facts_counted(found: dict[str, Any], orders: list[str]) -> None:
    """What is open has all its money and its signatures; what ended took nothing afterwards."""
    open_ones = late = 0
    for each in {*PAID_FOR, *SIGNED}:
        order = found[orders[each]]
        paid = IN_ALL if each in PAID_FOR else 0
        if order.is_closed:
            late += each in PAID_FOR and order.settled_amount < paid
            assert order.settled_amount in {0, 100, 3000, paid}
        else:
            open_ones += 1
            assert order.settled_amount == paid
            assert each not in SIGNED or order.contract == CONTRACT
    assert late, "no money came late"
    assert open_ones, "everything ended"


HALF_DONE = {
    "a state nobody told of": "update orders set state = 'CONFIRMED' where state = 'INTENTION'",
    "an event is missing": "delete from outbox where sequence = 1",
    "an event came twice": "insert into outbox (event_id, enterprise, aggregate, sequence, type,"
    " body) select gen_random_uuid(), enterprise, aggregate, sequence, type, body from outbox",
    "a revision is missing": "delete from order_snapshots",
    "what a digest stands for is another": "update order_snapshots set content = '{}'",
    "a passport is not signed": "update order_snapshots set signature = ''",
    "a line was changed, and nothing frozen": "update order_lines set quantity = quantity + 50",
    "the total stayed behind": "update orders set total_amount = total_amount + 1",
    "its time is over": "update orders set expires_at = now() - interval '1 hour'",
    "an event waits": "insert into inbox_waiting (event_id, source, aggregate, sequence, envelope,"
    " state, attempts, error, due_at, received_at) values (gen_random_uuid(), 'payment', 'a', 1,"
    " '{}', 'PARKED', 0, '', now(), now())",
}


@pytest.mark.parametrize("broken", HALF_DONE)
def test_an_order_that_is_half_done_is_noticed(
    desk: Desk, databases: Databases, broken: str
) -> None:
    done = _held_and_released(desk)
    insist_whole(desk.database, done)
    with databases.superuser(service.name).transaction() as tx:
        tx.connection.execute("set local session_replication_role = replica")
        tx.connection.execute(HALF_DONE[broken])
    with pytest.raises(AssertionError):
        insist_whole(desk.database, done)


def test_a_command_that_was_answered_and_not_told_is_noticed(desk: Desk) -> None:
    done = _held_and_released(desk)
    done[next(iter(done))]["HoldOrder"] += 1
    with pytest.raises(AssertionError):
        insist_whole(desk.database, done)


def _held_and_released(desk: Desk) -> dict[str, Counter[str]]:
    order = desk.submitted()
    desk.ask(MANAGER).HoldOrder(rpc.HoldOrderRequest(name=order.name, reason="Wait."))
    desk.ask(MANAGER).ReleaseOrder(rpc.ReleaseOrderRequest(name=order.name, reason="Go on."))
    return {order.name: Counter(HoldOrder=1, ReleaseOrder=1)}
