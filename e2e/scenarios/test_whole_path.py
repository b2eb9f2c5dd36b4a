"""Scenario 1: an order of two products runs from registration to completion."""

from decimal import Decimal

import pytest

from deploy.local.people import Enterprise, Journey, Refused
from deploy.local.people.amounts import amount_of, money
from deploy.local.people.enterprise import fresh
from e2e import checks
from e2e.stage import LABEL


def test_an_order_runs_from_certification_to_completion(api, vendor, firmware):
    acme = Enterprise.registers(api, **fresh("Acme Lighting"))
    administrator, rnd, buyer = acme.administrator, acme.rnd, acme.buyer

    request = administrator.requests_certification()
    vendor.certifier.certifies(request)

    socket = rnd.creates("Smart socket", firmware=firmware)
    dimmer = rnd.creates("Dimmer", firmware=firmware)
    for product, model in [(socket, "AC-SKT-1"), (dimmer, "AC-DIM-1")]:
        administrator.labels(product, model)
        assert administrator.completes_development(product)["lifecycle"] == "TRIAL_PRODUCTION"
        with pytest.raises(Refused, match="PRODUCT_LOCKED"):  # R20: locked from here on
            rnd.configures(product, firmware)
        administrator.releases(product)
    administrator.authorizes(buyer, socket, dimmer)

    draft = buyer.drafts({socket: 100, dimmer: 20})
    assert draft["state"] == "DRAFT"
    buyer.wants_on_top(draft["name"], 1, LABEL)  # R25
    order = buyer.submits(draft["name"], po_no="PO-2026-7", title=acme.legal_name)["name"]
    order_no = draft["orderNo"]

    told = vendor.business_manager.sees(
        lambda: [m for m in vendor.business_manager.messages() if m["about"] == order]
    )
    assert order_no in told[0]["subject"]  # R7

    waived = {"lineNo": 1, "service": LABEL, "setupFee": money("0"), "reason": "A first order."}
    vendor.business_manager.confirms_price(order, {2: Decimal("13.9")}, servicePrices=[waived])
    vendor.project_manager.confirms_software(order)
    confirmed = buyer.sees_order(order, "CONFIRMED")
    goods, labels = Decimal("12.805") * 100 + Decimal("13.9") * 20, Decimal("0.125") * 100
    assert amount_of(confirmed["total"]) == goods + labels

    contract = buyer.reads_contract(order)
    document = buyer.downloads(f"{contract['name']}:download")
    assert document.startswith(b"%PDF-")
    buyer.signs(contract)
    vendor.business_manager.countersigns(contract)
    buyer.sees_order(order, "CONTRACT_SIGNED")

    deposit = buyer.promises(order)
    assert amount_of(deposit["amount"]) == amount_of(contract["deposit"])
    assert vendor.factory.work_orders(order) == []  # R5
    vendor.finance.books(order, amount_of(deposit["amount"]))
    buyer.sees_order(order, "DEPOSIT_PAID")

    made = vendor.factory.sees(lambda: vendor.factory.work_orders(order))
    assert [(each["lineNo"], each["quantity"]) for each in made] == [(1, 100), (2, 20)]
    assert all(each["snapshotDigest"] == confirmed["snapshotDigest"] for each in made)
    (label,) = made[0]["services"]
    assert label["displayName"] == "Custom label"
    assert "unitPrice" not in label
    assert made[1]["services"] == []
    for work_order in made:
        vendor.factory.starts(work_order["name"])
        vendor.factory.makes(work_order)
    buyer.sees_order(order, "READY_TO_SHIP")
    batch = vendor.factory.work_orders(order)[0]["batches"][0]["productionBatchNo"]
    tested = buyer.downloads(f"{made[0]['name']}:downloadTestData", productionBatchNo=batch)
    assert tested.startswith(b"serial_no,")  # R26

    balance = buyer.promises(order)
    vendor.finance.books(order, amount_of(balance["amount"]))
    vendor.factory.sees(
        lambda: all(each["clearedForShipping"] for each in vendor.factory.work_orders(order))
    )
    vendor.factory.ships(order)
    buyer.sees_order(order, "SHIPPED")
    buyer.receives(order)
    buyer.sees_order(order, "DELIVERED")
    buyer.asks_for_invoice(order)
    vendor.finance.issues_invoice(order)

    done = buyer.sees_order(order, "COMPLETED")
    checks.insist_whole(Journey(vendor, buyer, order))
    assert set(done["gates"].values()) == {"PASSED"}
