"""R&D samples: ordered while a product is developed, at list price, without a contract (A8)."""

import pytest

from deploy.local.people import Journey, Refused

STEPS = (
    ("DEPOSIT_PAID", Journey.deposit_is_paid),
    ("IN_PRODUCTION", Journey.production_starts),
    ("READY_TO_SHIP", Journey.everything_is_made),
    ("SHIPPED", Journey.rest_is_shipped),
    ("COMPLETED", Journey.goods_are_received),
)


def test_a_sample_goes_from_list_price_to_completion_without_a_contract(founded, vendor, firmware):
    acme = founded()
    buyer = acme.buyer
    product = acme.develops("Smart lock", firmware=firmware, model="SL-1", until="DEVELOPMENT")
    acme.administrator.authorizes(buyer, product)
    with pytest.raises(Refused, match="DEVELOPMENT_NOT_COMPLETED"):
        buyer.drafts({product: 20})
    with pytest.raises(Refused, match="QUANTITY_ABOVE_LIMIT"):
        buyer.drafts({product: 101}, "RND_SAMPLE")

    order = buyer.orders({product: 7}, "RND_SAMPLE", po_no="SAMPLE-1")
    placed = buyer.sees_order(order, "CONFIRMED")
    assert placed["waitingOn"]["task"] == "pay the whole amount"
    for gate in ("price", "software", "contract", "deposit"):
        assert placed["gates"][gate] == "NOT_REQUIRED"
    buyer.sees(lambda: buyer.plan(order)["allowedMethods"])
    journey = Journey(vendor, buyer, order)
    for state, step in STEPS:
        step(journey)
        buyer.sees_order(order, state)
    assert not buyer.get(f"{acme.name}/contracts", order=order).get("contracts")
