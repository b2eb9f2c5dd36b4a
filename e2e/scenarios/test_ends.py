"""How an order ends before its time: rejected, cancelled, replaced, expired."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from deploy.local.people import Journey, Refused, Vendor
from deploy.local.people.amounts import amount_of
from e2e.checks import feed_of, insist_gap_free
from e2e.stage import submitted


def insist_over(journey: Journey, state: str) -> None:
    """Insist that nothing can be done with the order any more, and nobody waits for money."""
    buyer, manager = journey.buyer, journey.vendor.business_manager
    ended = buyer.sees_order(journey.order, state)
    assert "waitingOn" not in ended
    for command in (
        lambda: buyer.cancels(journey.order),
        lambda: buyer.replaces(journey.order),
        lambda: buyer.submits(journey.order, po_no="PO-2"),
        lambda: manager.confirms_price(journey.order),
        lambda: manager.rejects(journey.order, "No."),
        lambda: manager.holds(journey.order, "No."),
    ):
        with pytest.raises(Refused, match="409 ORDER_CANNOT_BE"):
            command()
    assert journey.vendor.factory.work_orders(journey.order) == []


def insist_void(journey: Journey) -> None:
    """Insist that a confirmed order that ended leaves neither contract nor plan behind."""
    enterprise = journey.order.partition("/orders/")[0]

    def void() -> bool:
        contracts = journey.buyer.get(f"{enterprise}/contracts", order=journey.order)["contracts"]
        assert [each["state"] for each in contracts] == ["VOID"]
        return bool(journey.buyer.plan(journey.order)["closed"])

    assert journey.buyer.sees(void)


@pytest.mark.parametrize("who", ["business_manager", "project_manager"])
def test_a_rejected_order_is_over_and_its_buyer_is_told(vendor, firmware, brand, who):
    journey = submitted(vendor, brand, firmware)
    getattr(vendor, who).rejects(journey.order, "This module runs out.")
    insist_over(journey, "REJECTED")
    assert journey.buyer.order(journey.order)["closeReason"] == "This module runs out."
    told = journey.buyer.sees(
        lambda: [each for each in journey.buyer.messages() if "rejected" in each["subject"]]
    )
    assert told[0]["text"] == "This module runs out."


@pytest.mark.parametrize("state", ["INTENTION", "CONFIRMED"])
def test_a_cancelled_order_is_over(vendor, firmware, brand, state):
    journey = submitted(vendor, brand, firmware).to(state)
    if state == "CONFIRMED":
        journey.buyer.reads_contract(journey.order)
    journey.buyer.cancels(journey.order)
    insist_over(journey, "CANCELLED")
    if state == "CONFIRMED":
        insist_void(journey)


def test_a_signed_order_cannot_be_cancelled(vendor, firmware, brand):
    journey = submitted(vendor, brand, firmware).to("CONTRACT_SIGNED")
    with pytest.raises(Refused, match="409 ORDER_CANNOT_BE"):
        journey.buyer.cancels(journey.order)


def test_what_is_owed_for_an_order_that_ended_is_paid_or_waived(vendor, firmware, brand):
    journey = submitted(vendor, brand, firmware).to("CONTRACT_SIGNED")
    journey.ended()
    insist_over(journey, "CANCELLED")
    finance, order = vendor.finance, journey.order
    (owed,) = finance.receivables(order)
    total = amount_of(journey.buyer.order(order)["total"])
    assert Decimal() < amount_of(owed["amount"]) < total
    assert journey.buyer.plan(order)["open"] == owed["open"] == owed["amount"]

    said = journey.buyer.promises(order)
    assert (said["instalment"], said["amount"]) == ("ENDING", owed["amount"])
    assert said["reference"] == owed["reference"]
    finance.books(order, amount_of(owed["amount"]) - 1)
    (partly,) = finance.receivables(order)
    assert partly["state"] == "OPEN"
    assert amount_of(partly["open"]) == Decimal(1)
    with pytest.raises(Refused, match="403 NOT_YOUR_ROLE"):
        vendor.business_manager.post(f"{owed['name']}:waive", {"reason": "A regular."})
    finance.waives(owed["name"], "A regular.")
    (closed,) = finance.receivables(order)
    assert (closed["state"], closed["waiveReason"]) == ("WAIVED", "A regular.")
    assert finance.refunds(order) == []
    kinds = {"payment.receivable.opened", "payment.payment.settled", "payment.receivable.waived"}
    journey.buyer.sees(lambda: kinds <= {each["type"] for each in feed_of(journey)})
    insist_gap_free(feed_of(journey))
    told = journey.buyer.sees(
        lambda: [each for each in journey.buyer.messages() if "not asked for" in each["subject"]]
    )
    assert told[0]["text"] == "A regular."


@pytest.mark.parametrize("state", ["INTENTION", "CONFIRMED"])
def test_a_replaced_order_goes_on_as_another(vendor, firmware, brand, state):
    journey = submitted(vendor, brand, firmware).to(state)
    if state == "CONFIRMED":
        journey.buyer.reads_contract(journey.order)
    old = journey.buyer.order(journey.order)
    draft = journey.buyer.replaces(journey.order)
    assert draft["state"] == "DRAFT"
    assert draft["replaces"] == journey.order
    assert draft["form"] == old["form"]
    wanted = [(line["product"], line["quantity"]) for line in old["lines"]]
    assert [(line["product"], line["quantity"]) for line in draft["lines"]] == wanted
    insist_over(journey, "REPLACED")
    if state == "CONFIRMED":
        insist_void(journey)
    assert journey.buyer.order(journey.order)["replacedBy"] == draft["name"]
    journey.buyer.post(f"{draft['name']}:submit", {})
    Journey(vendor, journey.buyer, draft["name"]).to("CONFIRMED")


def confirmed_for_now(vendor: Vendor, order: str) -> datetime:
    """Confirm an order's price for three seconds, from a moment on at which that came in time."""

    def confirmed() -> datetime:
        soon = datetime.now(UTC) + timedelta(seconds=3)
        vendor.business_manager.confirms_price(order, validUntil=soon.isoformat())
        return soon

    return vendor.business_manager.sees(confirmed)


def test_orders_nobody_signs_in_time_expire(vendor, firmware, brand):
    asked, confirmed = (
        submitted(vendor, brand, firmware, po_no=number) for number in ("PO-1", "PO-2")
    )
    vendor.project_manager.confirms_software(confirmed.order)
    soon = max(confirmed_for_now(vendor, each.order) for each in (confirmed, asked))
    contract = confirmed.buyer.reads_contract(confirmed.order)
    for each in (confirmed, asked):
        insist_over(each, "EXPIRED")
    assert datetime.now(UTC) >= soon
    insist_void(confirmed)
    with pytest.raises(Refused, match="409"):
        confirmed.buyer.signs(contract)
