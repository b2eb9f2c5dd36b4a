"""Orders of licences over gRPC, from the draft to the clearance."""

import json

import pytest
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.payment.v1 import events_pb2 as payment

from services.ordering.tests.builders import AUDIO, LAMP, PLUG, VIDEO, a_license, cny
from services.ordering.tests.desk import ENGINEER, MANAGER, Desk
from shared.errors import Disallowed, Malformed, NotFound
from shared.wire import money_message


def a_draft(desk: Desk, *wanted: tuple[str, int, str]) -> pb.Order:
    lines = [pb.OrderLine(product=p, quantity=n, license_type=sku) for p, n, sku in wanted]
    order = pb.Order(purpose=pb.MASS_PRODUCTION, family=pb.LICENSE, lines=lines)
    return desk.ask().CreateOrder(rpc.CreateOrderRequest(parent="enterprises/acme", order=order))


def submitted(desk: Desk, *wanted: tuple[str, int, str]) -> pb.Order:
    order = a_draft(desk, *(wanted or ((PLUG, 100, VIDEO), (PLUG, 20, AUDIO))))
    asked = rpc.SubmitOrderRequest(name=order.name, form=desk.create(form=True).form)
    return desk.ask().SubmitOrder(asked)


def test_licences_go_from_draft_to_clearance_without_software_or_production(desk: Desk) -> None:
    order = submitted(desk)
    assert order.gates.software == order.gates.production == pb.NOT_REQUIRED
    assert order.waiting_on.task == "confirm the price"
    with pytest.raises(Disallowed, match="nobody"):
        desk.ask(ENGINEER).ConfirmSoftware(rpc.ConfirmSoftwareRequest(name=order.name))
    desk.ask(MANAGER).ConfirmPrice(rpc.ConfirmPriceRequest(name=order.name))
    confirmed = desk.get(order)
    assert (confirmed.state, confirmed.terms.deposit_percent) == (pb.Order.CONFIRMED, 100)
    settled = payment.PaymentSettled(
        order=order.name,
        settled=confirmed.total,
        deposit_covered=True,
        paid_in_full=True,
    )
    desk.hear(settled, of="enterprises/acme/payments/p1")

    assert desk.get(order).waiting_on.task == "issue the licence codes"
    cleared = next(
        each for each in desk.letters() if each.type.endswith("OrderClearedForLicensing")
    )
    lines = cleared.data["purchaseOrder"]["lines"]
    assert [(line["licenseType"], line["quantity"]) for line in lines] == [
        (VIDEO, 100),
        (AUDIO, 20),
    ]
    assert "price" not in json.dumps(cleared.data).lower()


def test_lines_of_licences_are_added_changed_and_read_as_they_were_ordered(desk: Desk) -> None:
    order = a_draft(desk, (PLUG, 100, VIDEO))
    line = pb.OrderLine(product=PLUG, quantity=1000, license_type=AUDIO)
    order = desk.ask().AddOrderLine(rpc.AddOrderLineRequest(name=order.name, line=line))
    changed = desk.ask().ChangeOrderLine(
        rpc.ChangeOrderLineRequest(name=order.name, line_no=1, quantity=50)
    )

    assert [(each.license_type, each.quantity) for each in changed.lines] == [
        (VIDEO, 50),
        (AUDIO, 1000),
    ]
    assert changed.lines[1].license_type_display_name == "IPC SDK, audio"
    assert changed.total == money_message(cny("1650.00"))
    assert changed == desk.get(order)


def test_the_catalogue_is_asked_for_licences_only_where_they_are_ordered(desk: Desk) -> None:
    line = pb.OrderLine(product=PLUG, quantity=100, license_type=VIDEO)
    modules = desk.create()
    with pytest.raises(Disallowed, match="own"):
        desk.ask().AddOrderLine(rpc.AddOrderLineRequest(name=modules.name, line=line))
    licences = a_draft(desk)
    with pytest.raises(Malformed, match="licence"):
        desk.ask().AddOrderLine(
            rpc.AddOrderLineRequest(
                name=licences.name, line=pb.OrderLine(product=PLUG, quantity=100)
            )
        )


def test_what_is_no_licence_of_the_product_is_refused_in_words(desk: Desk) -> None:
    desk.catalog.licenses = {AUDIO: a_license(AUDIO)}
    with pytest.raises(NotFound) as refused:
        a_draft(desk, (PLUG, 100, VIDEO))
    assert refused.value.reason == "LICENSE_TYPE_NOT_OFFERED"


def test_the_same_number_for_modules_and_their_licences_is_no_duplicate(desk: Desk) -> None:
    form = desk.create(form=True).form
    modules = desk.create((PLUG, 100), form=False)
    desk.ask().SubmitOrder(rpc.SubmitOrderRequest(name=modules.name, form=form))
    licences = a_draft(desk, (PLUG, 100, VIDEO))
    desk.ask().SubmitOrder(rpc.SubmitOrderRequest(name=licences.name, form=form))
    again = a_draft(desk, (PLUG, 100, VIDEO))

    with pytest.raises(Disallowed, match="looks like"):
        desk.ask().SubmitOrder(rpc.SubmitOrderRequest(name=again.name, form=form))


def test_rows_of_licences_name_their_sku(desk: Desk) -> None:
    order = a_draft(desk)
    content = b"quantity,sku,pid\n100,IPC-SDK-Video,plug16\n20,ipc-sdk-audio,plug16\n"
    filled = desk.ask().ImportOrderLines(
        rpc.ImportOrderLinesRequest(name=order.name, content=content)
    )
    assert [(each.license_type, each.quantity) for each in filled.order.lines] == [
        (VIDEO, 100),
        (AUDIO, 20),
    ]
    tried = desk.ask().ImportOrderLines(
        rpc.ImportOrderLinesRequest(
            name=order.name,
            content=b"lamp9\t100\nlamp9\t100\tnone\nlamp9\t10\tipc-sdk-video\n",
            validate_only=True,
        )
    )
    assert [each.reason for each in tried.lines] == [
        "LICENSE_TYPE_MISSING",
        "LICENSE_TYPE_NOT_OFFERED",
        "",
    ]


def test_more_licences_can_be_asked_for_before_they_are_paid(desk: Desk) -> None:
    order = submitted(desk, (LAMP, 100, VIDEO))
    change = rpc.OrderChange(line_no=1, quantity=1000)
    asked = rpc.AmendOrderRequest(name=order.name, changes=[change], reason="More of them.")
    assert desk.ask().AmendOrder(asked).amendment.changes
    agreed = rpc.ConfirmAmendmentRequest(name=order.name)
    amended = desk.ask(MANAGER).ConfirmAmendment(agreed)

    [line] = amended.lines
    assert (line.quantity, line.license_type) == (1000, VIDEO)
    assert line.unit_price == money_message(cny("1.55"))


def test_an_order_of_licences_answers_without_a_delivery_address(desk: Desk) -> None:
    order = a_draft(desk, (PLUG, 100, VIDEO))
    form = desk.create(form=True).form
    assert form.HasField("delivery_address")
    submitted = desk.ask().SubmitOrder(rpc.SubmitOrderRequest(name=order.name, form=form))
    assert not submitted.form.HasField("delivery_address")
    assert submitted.form.po_no == form.po_no
