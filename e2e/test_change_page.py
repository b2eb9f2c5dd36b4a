"""What pages offer to change is what ordering lets a buyer, or the vendor, change."""

import pytest
from millrun.catalog.v1.module_pb2 import Firmware
from millrun.ordering.v1 import order_pb2 as pb

from services.ordering.domain.agreeing import TABLE
from services.ordering.domain.amendment import Field
from services.ordering.domain.rules import RULES
from services.ordering.domain.words import State
from shared.web.burnable import BURNABLE
from shared.web.changeable import parts_of

FIELDS = {
    "lines": Field.QUANTITY,
    "date": Field.DELIVERY_DATE,
    "address": Field.DELIVERY_ADDRESS,
    "title": Field.INVOICE_TITLE,
}


@pytest.mark.parametrize("state", State)
def test_a_part_of_an_order_is_offered_exactly_while_it_can_be_changed(state):
    parts = parts_of(pb.Order(state=pb.Order.State.Value(state.name)))
    offered = {name for name in FIELDS if not getattr(parts, name)}
    assert offered == {name for name, field in FIELDS.items() if state in TABLE[field]}


def test_firmware_is_offered_exactly_for_the_purposes_it_may_be_burnt_for():
    allowed = {
        pb.Purpose.Value(purpose.name): {Firmware.State.Value(each.name) for each in rule.firmware}
        for purpose, rule in RULES.items()
    }
    assert allowed == BURNABLE
