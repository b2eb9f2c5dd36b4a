"""An order that cannot be changed any more says why, as it is."""

import pytest
from millrun.ordering.v1.order_pb2 import Order

from shared.web.changeable import parts_of


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (Order.DRAFT, "It is a draft: change its lines and its form."),
        (Order.CONFIRMED, ""),
        (Order.SHIPPED, "It is on its way."),
        (Order.DELIVERED, "It is delivered."),
        (Order.COMPLETED, "It has ended."),
    ],
)
def test_it_says_where_it_stands(state: "Order.State.ValueType", why: str) -> None:
    assert parts_of(Order(state=state)).nothing == why
