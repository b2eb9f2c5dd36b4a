"""How many may be asked for in place of what was ordered: as many as could be ordered."""

from dataclasses import replace

import pytest
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.amending_pb2 import Amendment

from services.ordering.domain.amendment import Burnt
from services.ordering.domain.errors import FirmwareNotForPurpose, FirmwareNotOffered
from services.ordering.domain.offer import Assortment
from services.ordering.domain.words import FirmwareState, Purpose
from services.ordering.tests.builders import BM, PLUG, PM, an_order
from services.ordering.tests.changes import NEWER
from services.ordering.tests.desk import MANAGER, Desk
from services.ordering.wire.asked import changes_from
from shared.caller import Role
from shared.errors import Disallowed, Malformed, Refusal
from shared.testing.callers import caller


def amend(desk: Desk, order: pb.Order, quantity: int) -> pb.Order:
    change = rpc.OrderChange(line_no=1, quantity=quantity)
    asked = rpc.AmendOrderRequest(name=order.name, changes=[change], reason="Other demand.")
    return desk.ask().AmendOrder(asked)


@pytest.mark.parametrize(
    ("quantity", "family", "reason"),
    [
        (0, Malformed, "BAD_QUANTITY"),
        (-50, Malformed, "BAD_QUANTITY"),
        (50, Disallowed, "QUANTITY_BELOW_MINIMUM"),
        (110, Disallowed, "QUANTITY_NOT_PACKED"),
    ],
)
def test_a_buyer_asks_for_no_quantity_that_could_not_be_ordered(
    desk: Desk, quantity: int, family: type[Refusal], reason: str
) -> None:
    order = desk.submitted((PLUG, 100))
    with pytest.raises(family) as refused:
        amend(desk, order, quantity)
    assert refused.value.reason == reason
    assert amend(desk, order, 150).amendment.changes


def test_the_manager_may_ask_for_packages_that_are_not_full(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100))
    change = rpc.OrderChange(line_no=1, quantity=110)
    asked = rpc.ProposeAmendmentRequest(name=order.name, changes=[change], reason="What is left.")
    assert desk.ask(MANAGER).ProposeAmendment(asked).amendment.changes[0].after == "110"


def test_firmware_that_is_not_released_is_called_by_its_version() -> None:
    order, name = an_order(purpose=Purpose.MASS_PRODUCTION), "modules/wb3s/firmware/0190"
    asked = [rpc.OrderChange(line_no=1, firmware=name)]
    beta = {name: (Burnt(firmware=name, version="2.5.0", digest="sha256:00"), FirmwareState.BETA)}
    with pytest.raises(FirmwareNotForPurpose, match=r"Firmware 2\.5\.0 is beta"):
        changes_from(asked, order, Assortment.unknown(), beta)
    with pytest.raises(FirmwareNotOffered):
        changes_from(asked, order, Assortment.unknown(), {})


def test_who_stands_in_for_the_project_manager_asks_for_firmware_in_their_place(
    desk: Desk,
) -> None:
    """And takes it back: the business manager alone may neither ask for it nor decide about it."""
    order = desk.submitted((PLUG, 100))
    both = replace(
        caller(Role.BUSINESS_MANAGER, Role.PROJECT_MANAGER, account=BM), deputy_of=frozenset({PM})
    )
    change = rpc.OrderChange(line_no=1, firmware=NEWER.firmware)
    asked = rpc.ProposeAmendmentRequest(name=order.name, changes=[change], reason="It is newer.")
    with pytest.raises(Refusal) as refused:
        desk.ask(MANAGER).ProposeAmendment(asked)
    assert refused.value.reason == "NOT_YOURS_TO_PROPOSE"
    proposed = desk.ask(both).ProposeAmendment(asked)
    assert proposed.amendment.proposed_as == Amendment.PROJECT_MANAGER

    back = rpc.RejectAmendmentRequest(name=order.name, reason="It is not needed.")
    with pytest.raises(Refusal) as refused:
        desk.ask(MANAGER).RejectAmendment(back)
    assert refused.value.reason == "NOT_YOURS_TO_AGREE"
    assert not desk.ask(both).RejectAmendment(back).HasField("amendment")
