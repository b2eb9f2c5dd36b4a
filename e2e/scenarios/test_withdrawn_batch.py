"""A batch that was started by mistake is withdrawn, as if it had never been."""

import pytest

from deploy.local.people import Refused
from e2e import checks
from e2e.stage import submitted


def test_a_batch_that_was_started_by_mistake_is_withdrawn_and_the_order_made_in_others(
    vendor, firmware, brand
):
    journey = submitted(vendor, brand, firmware).to("IN_PRODUCTION")
    buyer, factory = journey.buyer, vendor.factory
    first, second = journey.work_orders()
    number, name = f"{second['workOrderNo']}-1", first["name"]

    # It has the number of the other line's batch, and a quantity of which too little is left.
    factory.starts_batch(name, number, 15)
    with pytest.raises(Refused, match="409 TOO_MANY_UNITS"):
        factory.starts_batch(name, f"{first['workOrderNo']}-1", 20)
    with pytest.raises(Refused, match="409 BATCH_NUMBER_TAKEN"):
        factory.starts_batch(second["name"], number)
    for person in (buyer, vendor.project_manager):
        with pytest.raises(Refused, match="403"):
            person.post(
                f"{name}:withdrawBatch", {"productionBatchNo": number, "reason": "I may not."}
            )
    left = factory.withdraws(name, number, "It has the number of the other line.")
    assert (left["state"], left["batches"]) == ("STARTED", [])
    assert [each["productionBatchNo"] for each in left["withdrawnBatches"]] == [number]

    told = vendor.project_manager.sees(
        lambda: [
            m for m in vendor.project_manager.messages() if f"{number} was with" in m["subject"]
        ]
    )
    assert told[0]["about"] == journey.order
    events = buyer.sees(
        lambda: [
            each
            for each in checks.feed_of(journey)
            if each["type"] == "fulfillment.batch.withdrawn"
        ]
    )
    assert events[0]["data"]["quantity"] == 15
    order = buyer.order(journey.order)
    assert order["state"] == "IN_PRODUCTION"
    assert not any(line["finishedQuantity"] for line in order["lines"])

    # The number goes to the batch it was meant for; what is burnt of that is not withdrawn.
    factory.makes(second)
    with pytest.raises(Refused, match="409 BATCH_IS_MADE"):
        factory.withdraws(second["name"], number, "It is not.")
    factory.makes(first)
    buyer.sees_order(journey.order, "READY_TO_SHIP")
    journey.to("COMPLETED")
    checks.insist_whole(journey)
