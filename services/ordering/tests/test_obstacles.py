"""A draft that can no longer be ordered says so before anybody submits it."""

from dataclasses import replace

import pytest
from millrun.authorization.v1.authorization_pb2 import PurchaseVerdict
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.filling_pb2 import Obstacle

from services.ordering.domain.words import FirmwareState, Lifecycle
from services.ordering.tests.builders import LABELS, LAMP, PLUG
from services.ordering.tests.desk import ADMIN, BRAND, BUYER, GADGET, STRANGER, Desk
from shared.caller import Caller
from shared.errors import Disallowed, Forbidden, NotFound, Refusal


def in_the_way(desk: Desk, order: pb.Order, who: Caller = BUYER) -> list[Obstacle]:
    asked = rpc.ListObstaclesRequest(name=order.name)
    return list(desk.ask(who).ListObstacles(asked).obstacles)


def test_nothing_is_in_the_way_of_what_can_be_ordered(desk: Desk) -> None:
    order = desk.create((PLUG, 100), (LAMP, 1000))
    assert in_the_way(desk, order) == []
    desk.submit(order)


def test_a_product_that_is_gone_is_said_to_be_beside_its_line(desk: Desk) -> None:
    order = desk.create((PLUG, 100), (LAMP, 1000))
    del desk.catalog.offers[LAMP]
    [found] = in_the_way(desk, order)
    assert (found.line_no, found.product) == (2, LAMP)
    assert found.reason == "PRODUCT_NOT_FOUND"
    assert dict(found.facts)["pid"] in found.message
    assert "product's owner" in found.fix
    with pytest.raises(NotFound, match=found.message):
        desk.submit(order)
    assert desk.get(order) == order


def test_every_line_says_its_own_and_what_a_submit_would_say(desk: Desk) -> None:
    order = desk.create((PLUG, 100), (LAMP, 1000))
    offers = desk.catalog.offers
    offers[PLUG] = replace(offers[PLUG], lifecycle=Lifecycle.DEVELOPMENT)
    offers[LAMP] = replace(offers[LAMP], firmware_state=FirmwareState.RETIRED)
    found = in_the_way(desk, order)
    assert [(each.line_no, each.reason) for each in found] == [
        (1, "DEVELOPMENT_NOT_COMPLETED"),
        (2, "FIRMWARE_NOT_ALLOWED"),
    ]
    with pytest.raises(Refusal) as refused:
        desk.submit(order)
    assert (refused.value.reason, str(refused.value)) == (found[0].reason, found[0].message)


def test_what_was_taken_from_whoever_asks_is_said(desk: Desk) -> None:
    order = desk.create((PLUG, 100))
    desk.authorization.lacks[PLUG] = PurchaseVerdict(
        product=PLUG, visible=True, lack=PurchaseVerdict.ABOVE_CAP, remaining=40
    )
    [found] = in_the_way(desk, order)
    assert (found.reason, found.facts["remaining"]) == ("ABOVE_AUTHORIZED_QUANTITY", "40")


def test_an_enterprise_that_is_not_certified_any_more_reads_it_once(desk: Desk) -> None:
    order = desk.create((PLUG, 100), (LAMP, 1000))
    desk.authorization.certified = False
    del desk.catalog.offers[LAMP]
    found = in_the_way(desk, order)
    assert [(each.line_no, each.product, each.reason) for each in found] == [
        (0, "", "ENTERPRISE_NOT_CERTIFIED"),
        (2, LAMP, "PRODUCT_NOT_FOUND"),
    ]


def test_a_service_nobody_sells_any_more_is_in_the_way_of_its_line(desk: Desk) -> None:
    order = desk.create((PLUG, 100), services=[LABELS])
    assert in_the_way(desk, order) == []
    del desk.catalog.services[LABELS]
    [found] = in_the_way(desk, order)
    assert (found.line_no, found.reason) == (1, "SERVICE_NOT_SOLD")


def test_only_a_draft_of_ones_own_is_looked_at(desk: Desk) -> None:
    draft, submitted = desk.create((GADGET, 100)), desk.submitted()
    with pytest.raises(Disallowed, match="cannot be submitted"):
        in_the_way(desk, submitted)
    with pytest.raises(NotFound):
        in_the_way(desk, draft, STRANGER)
    with pytest.raises(Forbidden, match="placed by another enterprise"):
        in_the_way(desk, draft, BRAND)
    with pytest.raises(Forbidden):
        in_the_way(desk, draft, ADMIN)
