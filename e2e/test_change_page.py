"""What the portal offers to change is what ordering lets a buyer change, in each state."""

import pytest
from millrun.ordering.v1 import order_pb2 as pb

from services.ordering.domain.agreeing import TABLE
from services.ordering.domain.amendment import Field
from services.ordering.domain.words import State
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
