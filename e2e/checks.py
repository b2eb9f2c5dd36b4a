"""What must hold of every order, whatever happened on its way: nothing lost, nothing doubled.

Each check takes what the API answered and fails with what is wrong; `test_checks` breaks each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from deploy.local.people import Journey
from deploy.local.people.amounts import amount_of
from deploy.local.people.customer import plan_of

Told = Mapping[str, Any]

ONCE = {
    "ordering.order.submitted",
    "ordering.order.price_confirmed",
    "ordering.order.software_confirmed",
    "ordering.order.confirmed",
    "contract.contract.generated",
    "contract.contract.buyer_signed",
    "contract.contract.signed",
    "ordering.order.contract_signed",
    "ordering.order.deposit_paid",
    "ordering.order.cleared_for_production",
    "ordering.order.cleared_for_shipping",
    "payment.invoice.requested",
    "payment.invoice.issued",
    "ordering.order.completed",
}
"""Events a completed order has exactly once each."""

A_LINE = {
    "fulfillment.production.started",
    "fulfillment.batch.started",
    "fulfillment.batch.completed",
}
"""Events it has once a line, made in one batch each; one that is withdrawn was none."""


def insist_whole(journey: Journey) -> None:
    """Insist that a completed order is there once, in every service."""
    manager, order = journey.vendor.business_manager, journey.order
    told = manager.order(order)
    enterprise = order.partition("/orders/")[0]
    insist_one_contract(
        told, list(manager.all(f"{enterprise}/contracts", "contracts", order=order))
    )
    payments = list(manager.all(f"{enterprise}/payments", "payments", order=order))
    postings = list(journey.vendor.finance.all(f"{plan_of(order)}/postings", "postings"))
    insist_right_ledger(told, manager.get(plan_of(order)), payments, postings)
    insist_one_work_order_a_line(told, journey.vendor.factory.work_orders(order))

    def is_told() -> bool:
        # Each service tells in order, and none waits for another: what is last is not always told
        # last, so the whole of it is waited for.
        insist_complete_feed(told, feed_of(journey))
        return True

    journey.buyer.sees(is_told)


def insist_one_contract(order: Told, contracts: Sequence[Told]) -> None:
    """Insist on one contract, signed, which the order knows."""
    (contract,) = contracts
    assert contract["name"] == order["contract"]
    assert contract["state"] == "SIGNED"
    assert contract["total"] == order["total"]


def insist_right_ledger(
    order: Told, plan: Told, payments: Sequence[Told], postings: Sequence[Told]
) -> None:
    """Insist that order, plan, payments and ledger say the same, to the cent (I5)."""
    journals: dict[str, Decimal] = defaultdict(Decimal)
    accounts: dict[str, Decimal] = defaultdict(Decimal)
    for posting in postings:
        journals[posting["journal"]] += amount_of(posting["amount"])
        accounts[posting["ledgerAccount"]] += amount_of(posting["amount"])
    assert not any(journals.values()), f"journals do not add up to zero: {dict(journals)}"
    settled = [each for each in payments if each["state"] == "SETTLED"]
    assert len(journals) == len(settled), "not one journal a payment"
    assert all(count == 1 for count in Counter(each["bankReference"] for each in settled).values())
    paid = sum((amount_of(each["amount"]) for each in settled), Decimal())
    total = amount_of(order["total"])
    assert {accounts["bank"], paid, amount_of(plan["settled"]), amount_of(order["settled"])} == {
        total
    }
    assert amount_of(plan["open"]) == 0


def insist_one_work_order_a_line(order: Told, work_orders: Sequence[Told]) -> None:
    """Insist that every line was made once, all of it shipped, as it was ordered (I6)."""
    made = {each["lineNo"]: each for each in work_orders}
    assert len(made) == len(work_orders), "two work orders for one line"
    assert set(made) == {line["lineNo"] for line in order["lines"]}
    for line in order["lines"]:
        work_order = made[line["lineNo"]]
        assert work_order["firmwareDigest"] == line["firmwareDigest"]
        for counted in ("quantity", "finishedQuantity", "shippedQuantity"):
            assert work_order[counted] == line[counted] == line["quantity"], counted
        assert line["receivedQuantity"] == line["quantity"]


def insist_complete_feed(order: Told, events: Sequence[Told]) -> None:
    """Insist that the feed tells everything that happened, in order and once (I9)."""
    insist_gap_free(events)
    assert {each["order"] for each in events} == {order["name"]}
    counts = Counter(each["type"] for each in events)
    counts["fulfillment.batch.started"] -= counts["fulfillment.batch.withdrawn"]
    wanted = dict.fromkeys(ONCE, 1) | dict.fromkeys(A_LINE, len(order["lines"]))
    wrong = {each: counts[each] for each in wanted if counts[each] != wanted[each]}
    assert not wrong, f"told too seldom or too often: {wrong}"
    assert counts["payment.payment.settled"] == 2
    dispatched = counts["fulfillment.shipment.dispatched"]
    assert counts["fulfillment.shipment.received"] == dispatched > 0
    insist_causal(events)


def insist_gap_free(events: Sequence[Told]) -> None:
    """Insist on 1, 2, 3 … and that nothing comes twice."""
    assert [each["sequence"] for each in events] == list(range(1, len(events) + 1))
    assert len({each["id"] for each in events}) == len(events), "an event came twice"


CAUSES = [
    ("ordering.order.submitted", "ordering.order.price_confirmed"),
    ("ordering.order.price_confirmed", "ordering.order.confirmed"),
    ("ordering.order.software_confirmed", "ordering.order.confirmed"),
    ("ordering.order.confirmed", "contract.contract.generated"),
    ("contract.contract.generated", "contract.contract.buyer_signed"),
    ("contract.contract.buyer_signed", "contract.contract.signed"),
    ("contract.contract.signed", "ordering.order.contract_signed"),
    ("ordering.order.contract_signed", "ordering.order.deposit_paid"),
    ("payment.payment.settled", "ordering.order.deposit_paid"),
    ("ordering.order.deposit_paid", "ordering.order.cleared_for_production"),
    ("ordering.order.cleared_for_production", "fulfillment.production.started"),
    ("fulfillment.production.started", "fulfillment.batch.started"),
    ("fulfillment.batch.started", "fulfillment.batch.completed"),
    ("fulfillment.batch.completed", "fulfillment.shipment.dispatched"),
    ("ordering.order.cleared_for_shipping", "fulfillment.shipment.dispatched"),
    ("fulfillment.shipment.dispatched", "fulfillment.shipment.received"),
    ("payment.invoice.requested", "payment.invoice.issued"),
    ("fulfillment.shipment.received", "ordering.order.completed"),
    ("payment.invoice.issued", "ordering.order.completed"),
]
"""What follows from what."""


def insist_causal(events: Sequence[Told]) -> None:
    """Insist that nothing happened before its cause, nor is told before what its service told.

    Between services only the times count: each tells in order, and nothing makes one of them wait
    for another.
    """
    first: dict[str, str] = {}
    for event in sorted(events, key=lambda each: each["time"]):
        first.setdefault(event["type"], event["time"])
    for cause, effect in CAUSES:
        assert first[cause] <= first[effect], f"{effect} happened before {cause}"
    told: dict[str, str] = {}
    for event in events:
        service = event["type"].partition(".")[0]
        if service in ("ordering", "contract"):  # one aggregate of theirs an order
            assert told.get(service, "") <= event["time"], f"{event['type']} is told too late"
            told[service] = event["time"]


def feed_of(journey: Journey) -> list[Any]:
    """Return what the feed tells of an order so far."""
    enterprise = journey.order.partition("/orders/")[0]
    asked = {"order": journey.order, "pageSize": 200}
    events: list[Any] = journey.buyer.get(f"{enterprise}/orderEvents", **asked)["orderEvents"]
    return events
