"""Ordering again: what can be had now of what was ordered before, and what not any more."""

from dataclasses import replace

import pytest
from millrun.authorization.v1.authorization_pb2 import PurchaseVerdict
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.domain import reorder
from services.ordering.domain.errors import NothingOrdered
from services.ordering.domain.words import FirmwareState, Lifecycle, State
from services.ordering.tests.builders import (
    BUYER as CHEN,
)
from services.ordering.tests.builders import (
    CAPS,
    LAMP,
    PLUG,
    a_form,
    an_assortment,
    an_invoice_title,
    an_offer,
    an_order,
    cny,
)
from services.ordering.tests.desk import (
    BRAND,
    BUYER,
    GADGET,
    MANAGER,
    RND,
    STRANGER,
    Desk,
    request_id,
)
from services.ordering.wire import form_message
from shared.caller import Caller
from shared.errors import Disallowed, Forbidden, NotFound


def again(
    desk: Desk, order: pb.Order, who: Caller = BUYER, **more: object
) -> rpc.ReorderOrderResponse:
    asked = rpc.ReorderOrderRequest(name=order.name, **more)  # type: ignore[arg-type]
    return desk.ask(who).ReorderOrder(asked)


def test_a_reorder_has_the_lines_and_the_form_but_numbers_of_its_own(desk: Desk) -> None:
    form = desk.a_new_form(
        invoice_title=an_invoice_title(),
        remarks="Ring twice.",
        requested_delivery_date="2031-05-31",
    )
    earlier = desk.submit(desk.create((PLUG, 100), (LAMP, 1000)), form=form_message(form))
    made = again(desk, earlier, RND)

    assert not made.left_out
    draft = made.order
    assert draft == desk.get(draft)
    assert (draft.state, draft.buyer) == (pb.Order.DRAFT, RND.account)
    assert draft.order_no != earlier.order_no
    assert [(line.product, line.quantity) for line in draft.lines] == [(PLUG, 100), (LAMP, 1000)]
    assert draft.form.delivery_address == earlier.form.delivery_address
    assert draft.form.invoice_title == earlier.form.invoice_title
    assert (draft.form.model_no, draft.form.remarks) == ("M-9", "Ring twice.")
    assert draft.form.po_no == draft.form.customer_batch_no == ""
    assert not draft.form.requested_delivery_date
    assert not draft.replaces
    assert desk.get(earlier) == earlier


@pytest.mark.parametrize("state", State)
def test_an_order_in_any_state_can_be_ordered_again(state: State) -> None:
    made = reorder.reorder(
        an_order(state), order_no="MR-2", buyer=CHEN, assortment=an_assortment(), caps=CAPS
    )
    assert [line.quantity for line in made.order.lines] == [100, 1000]
    assert made.order.state is State.DRAFT


def test_everything_but_product_and_quantity_is_what_the_catalogue_says_today() -> None:
    newer = an_offer(PLUG, firmware_version="3.0.0", tiers=())
    dearer = replace(newer, tiers=tuple(replace(t, unit_price=cny("12")) for t in an_offer().tiers))
    made = reorder.reorder(
        an_order(State.COMPLETED),
        order_no="MR-2",
        buyer=CHEN,
        assortment=an_assortment(dearer, an_offer(LAMP)),
        caps=CAPS,
    )
    plug = made.order.lines[0]
    assert (plug.firmware_version, plug.unit_price) == ("3.0.0", cny("12"))
    assert (plug.finished_quantity, plug.shipped_quantity) == (0, 0)


def test_what_cannot_be_ordered_any_more_is_left_out_and_says_why(desk: Desk) -> None:
    earlier = desk.submitted((PLUG, 100), (LAMP, 1000))
    retired = replace(desk.catalog.offers[PLUG], firmware_state=FirmwareState.RETIRED)
    desk.catalog.offers[PLUG] = retired
    made = again(desk, earlier)

    assert [line.product for line in made.order.lines] == [LAMP]
    [left] = made.left_out
    assert (left.line_no, left.product, left.pid, left.quantity) == (1, PLUG, "plug16", 100)
    assert left.reason == "FIRMWARE_NOT_ALLOWED"
    assert "is retired" in left.message
    assert left.fix
    assert left.facts["pid"] == "plug16"


def test_if_nothing_can_be_ordered_nothing_is_made_and_a_dry_run_names_every_line(
    desk: Desk,
) -> None:
    earlier = desk.submitted((PLUG, 100), (LAMP, 1000))
    in_development = replace(desk.catalog.offers[LAMP], lifecycle=Lifecycle.DEVELOPMENT)
    desk.catalog.offers[LAMP] = in_development
    desk.authorization.lacks[PLUG] = PurchaseVerdict(
        product=PLUG, visible=True, lack=PurchaseVerdict.ABOVE_CAP, remaining=60
    )
    with pytest.raises(Disallowed, match="Line 1: A quantity of 100 of product plug16") as refused:
        again(desk, earlier)
    assert refused.value.reason == "NOTHING_TO_REORDER"
    assert len(desk.ask().ListOrders(rpc.ListOrdersRequest(parent="enterprises/acme")).orders) == 1

    tried = again(desk, earlier, validate_only=True)
    assert [line.reason for line in tried.left_out] == [
        "ABOVE_AUTHORIZED_QUANTITY",
        "DEVELOPMENT_NOT_COMPLETED",
    ]
    assert not tried.order.lines


def test_an_enterprise_that_is_not_certified_any_more_reorders_nothing(desk: Desk) -> None:
    earlier = desk.submitted()
    desk.authorization.certified = False
    with pytest.raises(Disallowed) as refused:
        again(desk, earlier, validate_only=True)
    assert refused.value.reason == "ENTERPRISE_NOT_CERTIFIED"


def test_an_order_without_lines_has_nothing_to_order_again() -> None:
    empty = an_order(State.DRAFT)
    empty.lines = []
    with pytest.raises(NothingOrdered):
        reorder.reorder(empty, order_no="MR-2", buyer=CHEN, assortment=an_assortment(), caps=CAPS)


def test_only_who_ordered_orders_it_again(desk: Desk) -> None:
    earlier = desk.submit(desk.create((GADGET, 100)), form=form_message(a_form()))
    with pytest.raises(NotFound, match=f"There is no order {earlier.name}"):
        again(desk, earlier, STRANGER)
    with pytest.raises(Forbidden) as refused:
        again(desk, earlier, BRAND)
    assert refused.value.reason == "NOT_YOUR_ORDER"
    with pytest.raises(Forbidden):
        again(desk, earlier, MANAGER)


def test_a_repeated_reorder_makes_one_draft(desk: Desk) -> None:
    earlier, request = desk.submitted(), request_id()
    first = again(desk, earlier, request_id=request)
    assert again(desk, earlier, request_id=request) == first
    assert len(desk.ask().ListOrders(rpc.ListOrdersRequest(parent="enterprises/acme")).orders) == 2
