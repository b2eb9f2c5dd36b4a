"""Licences: ordered like modules, paid in full, issued, and opened once by the buyer (A7, I7)."""

import csv
import io

import pytest

from deploy.local.people import Journey, Refused
from e2e.stage import SKU

CODES = f"licenseTypes/{SKU}"
VENDORS_OWN = b"code\nVENDOR-KEY-0001\nVENDOR-KEY-0002\n"


def codes_in(files):
    """Return the codes of all files, in order."""
    rows = (csv.DictReader(io.StringIO(content.decode())) for content in files.values())
    return [row["code"] for each in rows for row in each]


def test_licences_go_from_a_draft_to_the_buyers_hands_and_nobody_elses(founded, vendor, firmware):
    acme = founded()
    buyer, factory, manager = acme.buyer, vendor.factory, vendor.business_manager
    product = acme.develops("Doorbell", firmware=firmware, model="DB-1")
    acme.administrator.authorizes(buyer, product)
    with pytest.raises(Refused, match="QUANTITY_BELOW_MINIMUM"):
        buyer.orders_licenses({(product, CODES): 4}, po_no="LIC-1")
    modules = buyer.drafts({product: 20})["name"]
    line = {"product": product, "quantity": 20, "licenseType": CODES}
    with pytest.raises(Refused, match="LICENSES_ON_THEIR_OWN"):
        buyer.post(f"{modules}:addLine", {"line": line})

    order = buyer.orders_licenses({(product, CODES): 20}, po_no="LIC-1", title=acme.legal_name)
    placed = buyer.sees_order(order, "INTENTION")
    assert placed["waitingOn"]["task"] == "confirm the price"
    for gate in ("software", "contract", "deposit", "production", "shipment"):
        assert placed["gates"][gate] == "NOT_REQUIRED"
    assert placed["total"] == {"currencyCode": "CNY", "units": "31", "nanos": 0}
    journey = Journey(vendor, buyer, order)
    journey.price_is_confirmed()
    assert buyer.sees_order(order, "CONFIRMED")["waitingOn"]["task"] == "pay the whole amount"
    assert not factory.license_issues(order)
    journey.deposit_is_paid()
    buyer.sees_order(order, "DEPOSIT_PAID")
    buyer.sees(lambda: factory.license_issues(order))

    (issue,) = factory.license_issues(order)
    factory.issues_licenses(issue["name"], content=VENDORS_OWN)
    with pytest.raises(Refused, match="MORE_THAN_PAID"):
        factory.issues_licenses(issue["name"], 19)
    with pytest.raises(Refused, match="NOT_YOUR_ROLE"):
        factory.post(f"{issue['name']}:openLicenses", {})
    factory.issues_licenses(issue["name"], 18)
    buyer.sees(lambda: buyer.order(order)["waitingOn"]["task"] == "open the licence codes")
    codes = codes_in(buyer.opens_licenses(order))
    assert codes[:2] == ["VENDOR-KEY-0001", "VENDOR-KEY-0002"]
    assert len(set(codes)) == 20

    buyer.sees_order(order, "DELIVERED")
    with pytest.raises(Refused, match="NOTHING_SEALED"):
        buyer.opens_licenses(order)
    manager.releases_licenses(issue["name"], "Their disk broke.")
    assert codes_in(buyer.opens_licenses(order)) == codes
    kept = buyer.get(issue["name"])
    acts = [each["act"] for each in kept["entries"]]
    delivery = ["OPENED", "DOWNLOADED"]
    assert acts == ["ISSUED", "ISSUED", *delivery, "RELEASED", *delivery]
    journey.invoice_is_wanted()
    journey.invoice_is_issued()
    buyer.sees_order(order, "COMPLETED")

    told_of = ("issued", "opened", "released")

    def told():
        # Each service tells by itself: what is last is not always told last.
        events = buyer.get(f"{acme.name}/orderEvents", pageSize=200)["orderEvents"]
        kinds = [each["type"] for each in events]
        assert [kinds.count(f"fulfillment.licenses.{each}") for each in told_of] == [2, 2, 1]
        return events

    events = buyer.sees(told)
    assert not any(code in str((events, kept)) for code in codes)
    assert not buyer.get(f"{acme.name}/contracts", order=order).get("contracts")
