"""Value-added services over the wire: added, priced anew, confirmed, amended, kept and proved."""

import json
from dataclasses import replace

import pytest
from millrun.ordering.v1 import amending_pb2 as pb_amending
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.domain.offer import PriceTier
from services.ordering.tests.builders import LABELS, LAMP, PACKING, PLUG, a_service, an_offer, cny
from services.ordering.tests.desk import (
    BRAND,
    ENGINEER,
    GADGET,
    MANAGER,
    STRANGER,
    Desk,
    request_id,
)
from shared.caller import Caller
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.testing.statements import statements
from shared.wire import money_from, money_message


def put(desk: Desk, order: pb.Order, *services: str, line_no: int = 1, etag: str = "") -> pb.Order:
    asked = rpc.ChangeOrderLineServicesRequest(
        name=order.name, line_no=line_no, services=services, etag=etag
    )
    return desk.ask().ChangeOrderLineServices(asked)


def names(order: pb.Order, line: int = 0) -> list[str]:
    return [each.service for each in order.lines[line].services]


def amend(desk: Desk, order: pb.Order, *changes: rpc.OrderChange) -> pb.Order:
    asked = rpc.AmendOrderRequest(name=order.name, changes=changes, reason="Needed after all.")
    return desk.ask().AmendOrder(asked)


def to_services(line_no: int, *services: str) -> rpc.OrderChange:
    return rpc.OrderChange(line_no=line_no, services=rpc.LineServices(services=services))


def test_services_come_with_the_line_and_are_kept_as_they_were_sold(desk: Desk) -> None:
    order = desk.create((PLUG, 100), services=[LABELS])
    line = pb.OrderLine(
        product=LAMP, quantity=1000, services=[pb.OrderLineService(service=PACKING)]
    )
    order = desk.ask().AddOrderLine(rpc.AddOrderLineRequest(name=order.name, line=line))

    assert (names(order), names(order, 1)) == ([LABELS], [PACKING])
    kept = desk.get(order)
    assert list(kept.lines) == list(order.lines)
    (labels,) = kept.lines[0].services
    assert (labels.display_name, labels.description) == ("Labels", "Hand in the label as a PDF.")
    assert money_from(labels.list_unit_price) == money_from(labels.unit_price) == cny("0.05")
    assert money_from(labels.amount) == cny("355")
    assert money_from(kept.total) == cny("950") + cny("355") + cny("8125") + cny("385")


def test_a_line_has_the_services_named_and_no_others(desk: Desk) -> None:
    order = desk.create((PLUG, 100), services=[LABELS])
    order = put(desk, order, PACKING, LABELS, etag=order.etag)
    assert names(order) == [PACKING, LABELS]
    order = put(desk, order)
    assert names(order) == []
    assert money_from(order.total) == cny("950")
    with pytest.raises(Outdated):
        put(desk, order, LABELS, etag="1")
    with pytest.raises(Malformed, match="twice"):
        put(desk, order, LABELS, LABELS)
    with pytest.raises(Disallowed, match="no value-added service gilding"):
        put(desk, order, "valueAddedServices/gilding")
    with pytest.raises(NotFound, match="no line 7"):
        put(desk, order, LABELS, line_no=7)


def test_others_put_nothing_on_it(desk: Desk) -> None:
    order = desk.create((GADGET, 100))
    asked = rpc.ChangeOrderLineServicesRequest(name=order.name, line_no=1, services=[LABELS])
    for who in (STRANGER, BRAND):
        with pytest.raises((NotFound, Forbidden)):
            desk.ask(who).ChangeOrderLineServices(asked)


def test_another_quantity_keeps_the_services_at_its_prices(desk: Desk) -> None:
    order = desk.create((PLUG, 100), services=[LABELS])
    asked = rpc.ChangeOrderLineRequest(name=order.name, line_no=1, quantity=1000)
    order = desk.ask().ChangeOrderLine(asked)
    assert money_from(order.lines[0].services[0].unit_price) == cny("0.035")


def test_lines_from_a_sheet_leave_the_services_of_others_alone(desk: Desk) -> None:
    order = desk.create((PLUG, 100), services=[LABELS])
    asked = rpc.ImportOrderLinesRequest(name=order.name, content=b"lamp9\t100")
    imported = desk.ask().ImportOrderLines(asked).order
    assert (names(imported), names(imported, 1)) == ([LABELS], [])


def test_the_catalogue_prices_services_only_for_orders_that_have_some(desk: Desk) -> None:
    desk.submit(desk.create((PLUG, 100)))
    assert desk.catalog.priced == [False, False]
    desk.submit(desk.create((LAMP, 100), services=[LABELS]))
    assert desk.catalog.priced[2:] == [True, True]


def test_a_submit_with_services_is_one_statement_more(desk: Desk) -> None:
    draft = desk.create((PLUG, 100), (LAMP, 100), services=[LABELS])
    with statements(desk.database) as said:
        desk.submit(draft, request_id=request_id())
    assert len(said) == 8, said


def test_a_service_retired_meanwhile_is_named_at_submit(desk: Desk) -> None:
    order = desk.create((PLUG, 100), services=[LABELS])
    del desk.catalog.services[LABELS]
    with pytest.raises(Disallowed, match="labels that can be ordered now"):
        desk.submit(order)


def test_a_service_is_set_up_once_for_a_product(desk: Desk) -> None:
    first = desk.submitted((PLUG, 100), services=[LABELS])
    again = desk.create((PLUG, 200), (LAMP, 200), services=[LABELS])

    (done,), (new,) = (line.services for line in again.lines)
    assert (done.setup_order_no, done.HasField("setup_fee")) == (first.order_no, False)
    assert (new.setup_order_no, money_from(new.setup_fee)) == ("", cny("300"))
    desk.ask().CancelOrder(rpc.CancelOrderRequest(name=first.name, reason="A mistake."))
    with pytest.raises(Disallowed) as refused:
        desk.submit(again)
    assert refused.value.reason == "PRICES_CHANGED"
    knowing = money_message(money_from(again.total) + cny("300"))
    (anew,) = desk.submit(again, expected_total=knowing).lines[0].services
    assert money_from(anew.setup_fee) == cny("300")


def test_r61_the_manager_confirms_prices_of_services(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100), services=[LABELS])
    price = rpc.ServicePrice(
        line_no=1, service=LABELS, setup_fee=money_message(cny("0")), reason="A regular."
    )
    twice = rpc.ConfirmPriceRequest(name=order.name, service_prices=[price, price])
    with pytest.raises(Malformed, match="two prices"):
        desk.ask(MANAGER).ConfirmPrice(twice)
    asked = rpc.ConfirmPriceRequest(name=order.name, service_prices=[price])
    order = desk.ask(MANAGER).ConfirmPrice(asked)

    (labels,) = order.lines[0].services
    assert labels.price_reason == "A regular."
    assert money_from(labels.list_setup_fee) == cny("300")
    assert money_from(labels.setup_fee) == cny("0")
    assert money_from(order.total) == cny("1005")
    assert order.terms.lead_time_days == 23


def test_r78_the_owner_of_the_product_sees_what_is_done_and_no_price(desk: Desk) -> None:
    order = desk.submitted((GADGET, 100), services=[LABELS])
    (labels,) = desk.get(order, BRAND).lines[0].services
    assert labels.display_name == "Labels"
    for field in ("list_unit_price", "unit_price", "price_per_order", "setup_fee", "amount"):
        assert not labels.HasField(field)
    amend(desk, order, rpc.OrderChange(line_no=1, quantity=150))
    assert len(desk.get(order).amended_lines) == 1
    assert not desk.get(order, BRAND).amended_lines


def test_the_passport_has_them_and_revisions_say_what_came_and_went(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100), services=[LABELS])
    amended = amend(desk, order, to_services(1, PACKING))
    assert [(each.field, each.before, each.after) for each in amended.amendment.changes] == [
        ("services.labels", "Labels", ""),
        ("services.packing", "", "Packing"),
    ]
    assert list(amended.amendment.awaits) == [pb_amending.Amendment.BUSINESS_MANAGER]
    asked = rpc.ConfirmAmendmentRequest(name=order.name)
    assert names(desk.ask(MANAGER).ConfirmAmendment(asked)) == [PACKING]

    passport = desk.ask().GetPassport(rpc.GetPassportRequest(name=f"{order.name}/passport"))
    (line,) = json.loads(passport.content)["lines"]
    assert [each["service"] for each in line["services"]] == [PACKING]
    compared = desk.ask().CompareOrderRevisions(
        rpc.CompareOrderRevisionsRequest(name=order.name, before=0, after=1)
    )
    found = {each.field: (each.before, each.after) for each in compared.differences}
    assert found["services.labels"] == ("Labels", "")
    assert found["services.packing"] == ("", "Packing")
    assert found["services.packing.setup_fee"] == ("", "300.00 CNY")


def test_a_service_asked_for_later_is_priced_by_the_catalogue(desk: Desk) -> None:
    order = desk.confirmed()
    tried = amend(desk, order, to_services(2, LABELS), rpc.OrderChange(line_no=2, quantity=1100))
    assert money_from(tried.amendment.total_after) == (
        cny("950") + cny("8937.50") + cny("38.50") + cny("350")
    )
    (line,) = tried.amended_lines
    assert (line.line_no, line.quantity) == (2, 1100)
    assert money_from(line.services[0].list_setup_fee) == cny("300")
    waived = rpc.ServicePrice(
        line_no=2, service=LABELS, setup_fee=money_message(cny("100")), reason="Half of it."
    )
    asked = rpc.ConfirmAmendmentRequest(name=order.name, service_prices=[waived])
    amended = desk.ask(MANAGER).ConfirmAmendment(asked)
    assert money_from(amended.lines[1].services[0].setup_fee) == cny("100")
    assert money_from(amended.total) == cny("10076.00")


def test_services_stay_when_the_quantity_of_their_line_is_amended(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100), services=[LABELS])
    desk.catalog.services[LABELS] = replace(a_service(), price_per_order=cny("60"))
    tried = amend(desk, order, rpc.OrderChange(line_no=1, quantity=1000))
    assert money_from(tried.amendment.total_after) == cny("8125") + cny("35") + cny("360")


def propose(
    desk: Desk, order: pb.Order, quantity: int, *prices: rpc.ServicePrice, dry: bool = False
) -> pb.Order:
    asked = rpc.ProposeAmendmentRequest(
        name=order.name,
        changes=[rpc.OrderChange(line_no=1, quantity=quantity)],
        service_prices=prices,
        reason="A larger run.",
        validate_only=dry,
    )
    return desk.ask(MANAGER).ProposeAmendment(asked)


def test_a_manager_proposes_a_price_of_a_service_and_nothing_else_changes(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100), services=[LABELS])
    desk.catalog.offers[PLUG] = an_offer(
        tiers=(PriceTier(from_quantity=1, unit_price=cny("11.00")),)
    )
    waived = rpc.ServicePrice(
        line_no=1, service=LABELS, setup_fee=money_message(cny("0")), reason="Sorry."
    )
    with pytest.raises(Malformed, match="two prices"):
        propose(desk, order, 100, waived, waived)
    proposed = propose(desk, order, 100, waived)
    assert [(each.field, each.after) for each in proposed.amendment.changes] == [
        ("services.labels.setup_fee", "0.00 CNY")
    ]
    agreed = desk.ask().AcceptAmendment(rpc.AcceptAmendmentRequest(name=order.name))
    assert money_from(agreed.total) == cny("950") + cny("55")


def test_what_a_manager_proposes_costs_what_the_list_says_of_that_quantity(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100), services=[LABELS])
    asked = len(desk.catalog.asked)
    tried = propose(desk, order, 1000, dry=True)
    assert desk.catalog.asked[asked:] == [[PLUG]]
    assert money_from(tried.amendment.total_after) == cny("8125") + cny("35") + cny("350")
    price = rpc.ServicePrice(
        line_no=1, service=LABELS, unit_price=money_message(cny("0.02")), reason="A larger run."
    )
    tried = propose(desk, order, 1000, price, dry=True)
    assert money_from(tried.amendment.total_after) == cny("8125") + cny("20") + cny("350")


@pytest.mark.parametrize("who", [MANAGER, ENGINEER])
def test_the_vendor_asks_for_no_services(desk: Desk, who: Caller) -> None:
    order = desk.confirmed()
    asked = rpc.ProposeAmendmentRequest(
        name=order.name, changes=[to_services(1)], reason="Better so."
    )
    with pytest.raises(Forbidden, match="the services"):
        desk.ask(who).ProposeAmendment(asked)


def test_a_service_for_other_modules_is_refused(desk: Desk) -> None:
    desk.catalog.services[LABELS] = replace(a_service(), modules=("modules/other",))
    with pytest.raises(Disallowed, match="WB3S"):
        desk.create((PLUG, 100), services=[LABELS])


def test_ordered_again_the_services_come_along_and_what_cannot_be_had_is_told(desk: Desk) -> None:
    earlier = desk.submitted((PLUG, 100), services=[LABELS, PACKING])
    del desk.catalog.services[LABELS]
    made = desk.ask().ReorderOrder(rpc.ReorderOrderRequest(name=earlier.name))

    assert names(made.order) == [PACKING]
    (left,) = made.left_out
    assert (left.line_no, left.service_display_name) == (1, "Labels")
    assert left.reason == "SERVICE_NOT_SOLD"
    (packing,) = made.order.lines[0].services
    assert packing.setup_order_no == earlier.order_no
