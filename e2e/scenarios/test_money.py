"""Money and production: R5 holds whatever comes first, and the ledger says what happened."""

from decimal import Decimal

import pytest

from deploy.local.people import Refused
from deploy.local.people.amounts import amount_of
from e2e import checks
from e2e.stage import submitted


def test_nothing_is_made_before_all_of_r5(vendor, firmware, brand):
    journey = submitted(vendor, brand, firmware)
    for _, after, step in journey.steps:
        assert vendor.factory.work_orders(journey.order) == []
        step()
        journey.buyer.sees_order(journey.order, after)
        if after == "DEPOSIT_PAID":
            break
    made = journey.work_orders()
    cleared = journey.buyer.sees(
        lambda: _times(journey).get("ordering.order.cleared_for_production")
    )
    events = _times(journey)
    needed = ["order.price_confirmed", "order.software_confirmed", "order.contract_signed"]
    for gate in [f"ordering.{each}" for each in needed] + ["payment.payment.settled"]:
        assert events[gate] <= cleared
    assert all(cleared <= each["createTime"] for each in made)


def test_money_before_the_signature_is_booked_and_starts_nothing(vendor, firmware, brand):
    journey = submitted(vendor, brand, firmware).to("CONFIRMED")
    journey.buyer.reads_contract(journey.order)
    total = amount_of(journey.buyer.plan(journey.order)["total"])
    vendor.finance.books(journey.order, total)  # all of it, which covers the deposit too
    order = journey.buyer.sees(
        lambda: _paid(journey.buyer.order(journey.order), total),
    )
    assert order["state"] == "CONFIRMED"
    for refused in (journey.buyer.cancels, journey.buyer.replaces):
        with pytest.raises(Refused, match="409 MONEY_RECEIVED"):
            refused(journey.order)
    journey.buyer_signs()
    assert vendor.factory.work_orders(journey.order) == []
    journey.vendor_signs()
    journey.buyer.sees_order(journey.order, "DEPOSIT_PAID")
    assert len(journey.work_orders()) == 2


def test_the_ledger_takes_what_came_once_and_no_more_than_is_due(vendor, firmware, brand):
    journey = submitted(vendor, brand, firmware).to("CONTRACT_SIGNED")
    deposit = amount_of(journey.buyer.promises(journey.order)["amount"])
    with pytest.raises(Refused, match="409 ALREADY_INSTRUCTED"):
        journey.buyer.promises(journey.order)
    vendor.finance.books(journey.order, deposit - Decimal("0.01"), "BK-1-" + journey.order[-12:])
    assert vendor.factory.work_orders(journey.order) == []
    with pytest.raises(Refused, match="409 BOOKED_BEFORE"):
        vendor.finance.books(journey.order, Decimal("0.01"), "BK-1-" + journey.order[-12:])
    with pytest.raises(Refused, match="409 MORE_THAN_OPEN"):
        vendor.finance.books(journey.order, amount_of(journey.buyer.plan(journey.order)["total"]))
    assert journey.buyer.order(journey.order)["state"] == "CONTRACT_SIGNED"
    vendor.finance.books(journey.order, Decimal("0.01"))
    journey.buyer.sees_order(journey.order, "DEPOSIT_PAID")


def test_a_special_invoice_rules_out_platforms_and_channels_do_not_mix(vendor, firmware, brand):
    journey = submitted(vendor, brand, firmware, special=True).to("CONTRACT_SIGNED")
    plan = journey.buyer.sees(lambda: _payable(journey.buyer.plan(journey.order)))
    assert "THIRD_PARTY_PLATFORM" not in plan["allowedMethods"]
    with pytest.raises(Refused, match="409 PLATFORM_FORBIDDEN"):  # R71
        journey.buyer.promises(journey.order, "THIRD_PARTY_PLATFORM")
    journey.buyer.promises(journey.order)
    with pytest.raises(Refused, match="409 CHANNEL_FIXED"):  # R72
        journey.buyer.promises(journey.order, "ONLINE_BANKING")


def test_nothing_is_shipped_before_the_balance_is_paid(vendor, firmware, brand):
    journey = submitted(vendor, brand, firmware).to("READY_TO_SHIP")
    with pytest.raises(Refused, match="409 NOT_CLEARED_FOR_SHIPPING"):  # A3
        vendor.factory.ships(journey.order)
    journey.buyer.asks_for_invoice(journey.order)
    with pytest.raises(Refused, match="409 NOT_PAID_IN_FULL"):
        vendor.finance.issues_invoice(journey.order)


def _times(journey):
    return {each["type"]: each["time"] for each in checks.feed_of(journey)}


def _paid(order, total):
    return order if amount_of(order["settled"]) == total else None


def _payable(plan):
    return plan if plan["allowedMethods"] else None
