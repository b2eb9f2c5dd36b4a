"""Each check fails when what it watches over is broken: a check that cannot fail proves nothing."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from deploy.local.people import Enterprise, Journey
from deploy.local.people.customer import plan_of
from deploy.local.people.enterprise import fresh
from e2e import checks
from e2e.stage import Stage, submitted


class Facts:
    """What the API says of one completed order, to be broken in all ways."""

    def __init__(self, journey: Journey) -> None:
        manager, order = journey.vendor.business_manager, journey.order
        enterprise = order.partition("/orders/")[0]
        self.order = manager.order(order)
        self.contracts = manager.get(f"{enterprise}/contracts", order=order)["contracts"]
        self.payments = manager.get(f"{enterprise}/payments", order=order)["payments"]
        self.plan = manager.get(plan_of(order))
        self.postings = manager.get(f"{plan_of(order)}/postings")["postings"]
        self.work_orders = journey.vendor.factory.work_orders(order)
        self.events = journey.buyer.sees(lambda: checks.feed_of(journey))

    def insist(self) -> None:
        """Check everything."""
        checks.insist_one_contract(self.order, self.contracts)
        checks.insist_right_ledger(self.order, self.plan, self.payments, self.postings)
        checks.insist_one_work_order_a_line(self.order, self.work_orders)
        checks.insist_complete_feed(self.order, self.events)


@pytest.fixture(scope="module")
def facts(one_stage: Stage) -> Facts:
    """Return what is true of an order that ran to its end."""
    acme = Enterprise.registers(one_stage.api, **fresh("Checked"))
    acme.is_certified_by(one_stage.vendor)
    journey = submitted(one_stage.vendor, acme, one_stage.firmware).to("COMPLETED")
    checks.insist_whole(journey)
    return Facts(journey)


def again(events: list[Any], index: int) -> None:
    """Tell an event once more, at the end."""
    events.append({**events[index], "sequence": len(events) + 1})


BROKEN: dict[str, Callable[[Facts], Any]] = {
    "a second contract": lambda it: it.contracts.append(it.contracts[0]),
    "no contract": lambda it: it.contracts.clear(),
    "a contract that is not signed": lambda it: it.contracts[0].update(state="GENERATED"),
    "a contract over another sum": lambda it: it.contracts[0].update(total=it.plan["open"]),
    "a posting lost": lambda it: it.postings.pop(),
    "a journal twice": lambda it: it.postings.extend(it.postings[:2]),
    "a payment twice": lambda it: it.payments.append(it.payments[0]),
    "a payment lost": lambda it: it.payments.pop(),
    "a plan that says less": lambda it: it.plan.update(settled=it.plan["open"]),
    "a work order twice": lambda it: it.work_orders.append(it.work_orders[0]),
    "a work order lost": lambda it: it.work_orders.pop(),
    "a work order for other firmware": lambda it: it.work_orders[0].update(firmwareDigest=""),
    "a unit too many": lambda it: it.work_orders[0].update(shippedQuantity=21),
    "an event lost": lambda it: it.events.pop(7),
    "an event told twice": lambda it: it.events.insert(7, it.events[7]),
    "an event that happened twice": lambda it: again(it.events, 0),
    "a last event lost": lambda it: it.events.pop(),
    "an effect before its cause": lambda it: it.events[6].update(time="2026-01-01T00:00:00Z"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_order_is_noticed(facts: Facts, broken: str) -> None:
    own = copy.deepcopy(facts)
    own.insist()
    BROKEN[broken](own)
    with pytest.raises((AssertionError, ValueError)):
        own.insist()
