"""The order form: kept with gaps while it is a draft, and the day the buyer asks for."""

from datetime import date, timedelta

import pytest
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.domain.words import State
from services.ordering.tests.builders import (
    LAMP,
    PLUG,
    a_form,
    an_assortment,
    an_offer,
    an_order,
    confirm_price,
)
from services.ordering.tests.desk import BRAND, GADGET, MANAGER, RND, STRANGER, Desk, request_id
from services.ordering.wire import form_message
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated

TODAY = date(2031, 3, 1)


def save(order: pb.Order, form: pb.OrderForm, **more: str) -> rpc.SaveOrderFormRequest:
    return rpc.SaveOrderFormRequest(name=order.name, form=form, **more)  # type: ignore[arg-type]


def a_day(days: int) -> str:
    return (now().date() + timedelta(days=days)).isoformat()


def test_a_form_is_kept_with_its_gaps_and_submitted_later(desk: Desk) -> None:
    draft = desk.create(form=False)
    gappy = form_message(a_form(po_no="", remarks="Ring twice."))
    kept = desk.ask(RND).SaveOrderForm(save(draft, gappy, etag=draft.etag))

    assert (kept.state, kept.form) == (pb.Order.DRAFT, gappy)
    assert kept.etag != draft.etag
    assert kept == desk.get(draft)
    assert desk.told() == []
    with pytest.raises(Malformed, match="po_no"):
        desk.submit(kept)
    whole = form_message(a_form())
    desk.ask().SaveOrderForm(save(draft, whole, request_id=request_id()))
    assert desk.submit(kept).form == whole


def test_only_the_form_of_a_draft_of_ones_own_is_saved_and_never_over_a_later_one(
    desk: Desk,
) -> None:
    form = form_message(a_form())
    draft = desk.create((GADGET, 100), form=False)
    with pytest.raises(NotFound):
        desk.ask(STRANGER).SaveOrderForm(save(draft, form))
    with pytest.raises(Forbidden):
        desk.ask(BRAND).SaveOrderForm(save(draft, form))
    with pytest.raises(Forbidden):
        desk.ask(MANAGER).SaveOrderForm(save(draft, form))
    desk.ask().SaveOrderForm(save(draft, form))
    with pytest.raises(Outdated):
        desk.ask().SaveOrderForm(save(draft, form, etag=draft.etag))
    with pytest.raises(Malformed):
        desk.ask().SaveOrderForm(rpc.SaveOrderFormRequest(name=draft.name))
    submitted = desk.submit(draft)
    with pytest.raises(Disallowed) as refused:
        desk.ask().SaveOrderForm(save(submitted, form))
    assert refused.value.reason == "ORDER_CANNOT_BE"


@pytest.mark.parametrize(
    "day", ["2020-01-31", "31.01.2031", "2031-02-30", "20310131", "2031-W05-5", "soon", a_day(0)]
)
def test_a_day_that_is_none_or_over_is_refused_at_submit_beside_its_field(
    desk: Desk, day: str
) -> None:
    form = form_message(desk.a_new_form(requested_delivery_date=day))
    draft = desk.ask().SaveOrderForm(save(desk.create(), form))
    with pytest.raises(Malformed) as refused:
        desk.submit(draft)
    assert refused.value.reason == "DAY_NOT_TO_COME"
    assert refused.value.facts == {"text": day, "field": "requested_delivery_date"}


@pytest.mark.parametrize(
    ("field", "most"),
    [
        ("po_no", 200),
        ("remarks", 4000),
        ("delivery_address.street", 200),
        ("invoice_title.bank", 200),
    ],
)
def test_a_text_longer_than_its_line_is_refused_beside_its_field_and_one_that_fits_is_kept(
    desk: Desk, field: str, most: int
) -> None:
    draft, form = desk.create(form=False), form_message(a_form(po_no="", remarks=""))
    part, _, name = field.rpartition(".")
    for text, fits in (("插" * most, True), ("插" * (most + 1), False)):
        setattr(getattr(form, part) if part else form, name, text)
        if fits:
            assert desk.ask().SaveOrderForm(save(draft, form)).form == form
            continue
        with pytest.raises(Malformed) as refused:
            desk.ask().SaveOrderForm(save(draft, form))
        assert refused.value.reason == "TEXT_TOO_LONG"
        assert refused.value.facts == {"field": field, "most": str(most)}


def test_a_day_earlier_than_it_can_be_made_by_is_said_and_not_refused(desk: Desk) -> None:
    draft = desk.create()
    assert draft.earliest_delivery_date == a_day(21)
    form = form_message(desk.a_new_form(requested_delivery_date=a_day(1)))
    order = desk.submit(draft, form=form)
    assert order.form.requested_delivery_date < order.earliest_delivery_date
    assert desk.get(order, MANAGER).earliest_delivery_date == a_day(21)


def test_the_earliest_day_follows_the_slowest_line_then_what_was_agreed() -> None:
    offers = an_offer(PLUG, lead_time_days=40), an_offer(LAMP, lead_time_days=5)
    order = an_order(State.DRAFT, assortment=an_assortment(*offers))
    assert order.earliest_day(TODAY) == TODAY + timedelta(days=40)
    order = an_order(State.INTENTION)
    confirm_price(order, lead_time_days=60)
    assert order.earliest_day(TODAY) == TODAY + timedelta(days=60)


@pytest.mark.parametrize(
    "state", [State.IN_PRODUCTION, State.COMPLETED, State.CANCELLED, State.REJECTED]
)
def test_nothing_is_said_of_what_is_being_made_or_never_will_be(state: State) -> None:
    assert an_order(state).earliest_day(TODAY) is None


def test_a_list_says_nothing_of_days(desk: Desk) -> None:
    desk.create()
    [listed] = desk.ask().ListOrders(rpc.ListOrdersRequest(parent="enterprises/acme")).orders
    assert not listed.earliest_delivery_date
