"""The flash gate: a unit with the wrong firmware stops its batch and holds the order (§6.2)."""

import pytest

from deploy.local.people import Refused
from deploy.local.people.vendor import digest_of, rig_log
from e2e import checks
from e2e.stage import submitted


def test_wrong_firmware_stops_the_batch_until_a_project_manager_lets_it_go_on(
    vendor, firmware, brand
):
    journey = submitted(vendor, brand, firmware).to("IN_PRODUCTION")
    factory, manager = vendor.factory, vendor.project_manager
    first, second = journey.work_orders()
    number, name = "FG-" + first["workOrderNo"], first["name"]
    serials = [f"{number}-{unit:03}" for unit in range(1, 21)]

    factory.starts_batch(name, number)
    factory.burns(first, number, serials[:5])
    stopped = factory.records(first, number, digest_of("an older image"), serials[5:7])
    (batch,) = stopped["batches"]
    assert (batch["state"], batch["passedQuantity"]) == ("STOPPED", 5)
    assert serials[5] in batch["stopReason"]

    held = journey.buyer.sees(lambda: journey.buyer.order(journey.order).get("hold"))
    assert serials[5] in held["reason"]
    factory.sees(lambda: factory.get(second["name"])["holdReason"])
    for forbidden in (
        lambda: factory.burns(first, number, serials[7:]),
        lambda: factory.completes(name, number),
        lambda: factory.makes(second),
    ):
        with pytest.raises(Refused, match=r"409 (ORDER_IS_HELD|BATCH_)"):
            forbidden()
    told = manager.sees(lambda: [m for m in manager.messages() if "stopped" in m["subject"]])
    assert told

    with pytest.raises(Refused, match="403"):
        factory.post(f"{name}:resumeBatch", {"productionBatchNo": number, "reason": "It is fine."})
    manager.resumes(name, number, "Station 3 was given the right image.")
    journey.buyer.sees(lambda: "hold" not in journey.buyer.order(journey.order))
    factory.sees(lambda: not any(each["holdReason"] for each in factory.work_orders(journey.order)))

    factory.burns(first, number, serials[5:])
    factory.attaches(name, number, rig_log(serials))
    factory.completes(name, number)
    factory.makes(second)
    journey.buyer.sees_order(journey.order, "READY_TO_SHIP")
    journey.to("COMPLETED")
    checks.insist_whole(journey)
