"""Scenario 2: a manufacturer orders a product that belongs to its customer, a brand (R76-R78)."""

import pytest

from deploy.local.people import Journey, Refused
from e2e import checks


def test_a_manufacturer_orders_for_a_brand_that_sees_it_without_prices(vendor, firmware, founded):
    brand = founded("Nordlicht Home")
    maker = founded("Qiantang Precision", kinds=["MANUFACTURER"])
    own = maker.develops("Power strip", firmware=firmware, model="QT-1")
    socket = brand.develops("Smart socket", firmware=firmware, model="NL-1")

    with pytest.raises(Refused, match=r"404 PRODUCT_NOT_FOUND"):
        maker.administrator.post(
            f"{maker.name}/authorizations",
            {"email": maker.buyer.email, "role": "BUYER", "products": [socket]},
        )
    association = vendor.project_manager.associates(socket, manufacturer=maker.name)
    maker.administrator.authorizes(maker.buyer, socket, own)
    ordered = {"po_no": "QT-1", "title": maker.legal_name}
    # That it is open to the manufacturer may take a moment to arrive at the catalogue.
    order = maker.buyer.sees(lambda: maker.buyer.orders({socket: 20}, **ordered))
    with pytest.raises(Refused, match=r"409 ONE_OWNER_ONLY"):  # A12
        maker.buyer.drafts({socket: 20, own: 10})

    journey = Journey(vendor, maker.buyer, order).to("COMPLETED")
    checks.insist_whole(journey)

    seen = brand.administrator.order(order)
    assert (seen["state"], seen["owner"]) == ("COMPLETED", brand.name)
    assert "units" not in str(seen), "the brand sees no prices"
    listed = list(brand.administrator.all(f"{brand.name}/orders", "orders"))
    assert [each["name"] for each in listed] == [order]
    brand.administrator.invites(brand.buyer)
    for command, body in [("cancel", {"reason": "No."}), ("replace", {}), ("submit", {})]:
        with pytest.raises(Refused, match="403 NOT_YOUR_ORDER"):
            brand.administrator.invites(brand.buyer) or brand.buyer.post(f"{order}:{command}", body)
    for hidden in ("contracts", "paymentPlans", "invoices", "workOrders", "shipments"):
        with pytest.raises(Refused, match="404"):
            brand.administrator.get(f"{maker.name}/{hidden}")

    vendor.project_manager.post(f"{association}:dissociate", {})

    def closed():
        with pytest.raises(Refused, match="404 PRODUCT_NOT_FOUND"):
            maker.buyer.drafts({socket: 10})
        return True

    assert maker.buyer.sees(closed)
