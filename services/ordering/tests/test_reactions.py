"""What other services tell, heard as their golden examples say it."""

import pytest
import sqlalchemy as sa
from google.protobuf.message import Message
from millrun.catalog.v1 import events_pb2 as catalog
from millrun.contract.v1 import events_pb2 as contract
from millrun.fulfillment.v1 import events_pb2 as fulfillment
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.payment.v1 import events_pb2 as payment

from services.ordering.domain.words import State
from services.ordering.service import service
from services.ordering.store import Orders, retired_among
from services.ordering.tests.builders import EXAMPLE, LAMP, PLUG, an_order
from services.ordering.tests.desk import ENGINEER, MANAGER, Desk
from shared.errors import Disallowed
from shared.storage import EVERYTHING, inbox_waiting
from shared.testing.golden import example, heard
from shared.wire import money_from, money_message

ORDER = f"enterprises/acme/orders/{EXAMPLE}"
HEARD = (
    contract.ContractGenerated,
    contract.ContractBuyerSigned,
    contract.ContractReturned,
    contract.ContractSigned,
    payment.PaymentSettled,
    payment.InvoiceRequested,
    payment.InvoiceIssued,
    payment.InvoiceReversalRequested,
    payment.InvoiceReversed,
    fulfillment.ProductionStarted,
    fulfillment.BatchCompleted,
    fulfillment.BatchStopped,
    fulfillment.BatchResumed,
    fulfillment.BatchWithdrawn,
    fulfillment.ShipmentDispatched,
    fulfillment.ShipmentReceived,
    fulfillment.LicensesIssued,
    fulfillment.LicensesOpened,
)


def stored(desk: Desk, state: State) -> pb.Order:
    """Keep the order of the examples, in `state`."""
    order = an_order(state)
    order.id, order.sequence = EXAMPLE, 0
    del order.version
    with desk.database.transaction(EVERYTHING) as tx:
        Orders(tx).add(order)
    return desk.ask().GetOrder(rpc.GetOrderRequest(name=ORDER))


def now_it_is(desk: Desk) -> pb.Order:
    return desk.ask().GetOrder(rpc.GetOrderRequest(name=ORDER))


def paid(desk: Desk, percent: int) -> payment.PaymentSettled:
    """Return the example of settled money, as much as covers `percent` of the order."""
    event = example(payment.PaymentSettled)
    event.settled.CopyFrom(money_message(money_from(now_it_is(desk).total).percent(percent)))
    return event


def test_the_examples_of_all_services_lead_an_order_on(desk: Desk) -> None:
    stored(desk, State.CONFIRMED)
    waits, name = [], example(contract.ContractSigned).contract
    for kind in (contract.ContractGenerated, contract.ContractBuyerSigned, contract.ContractSigned):
        desk.hear(example(kind), of=name)
        waits.append(now_it_is(desk).waiting_on.task)
    assert waits == ["sign the contract", "countersign the contract", "pay the deposit"]
    assert now_it_is(desk).contract == name

    desk.hear(paid(desk, 30), of=f"{ORDER}/paymentPlan")
    order = now_it_is(desk)
    assert (order.state, order.settled.units) == (pb.Order.DEPOSIT_PAID, 2722)

    desk.hear(example(fulfillment.ProductionStarted), of="enterprises/acme/workOrders/1")
    assert now_it_is(desk).state == pb.Order.IN_PRODUCTION
    assert desk.told() == [
        "OrderContractSigned",
        "OrderDepositPaid",
        "OrderClearedForProduction",
        "OrderAdvanced",
    ]


def test_goods_are_counted_line_by_line(desk: Desk) -> None:
    stored(desk, State.IN_PRODUCTION)
    done = example(fulfillment.BatchCompleted)
    sent = example(fulfillment.ShipmentDispatched)
    here = example(fulfillment.ShipmentReceived)
    desk.hear(done, of=done.work_order)
    desk.hear(sent, here, of=sent.shipment)

    order = now_it_is(desk)
    line = next(each for each in order.lines if each.line_no == done.line_no)
    assert line.finished_quantity == done.quantity
    assert line.shipped_quantity == sum(item.quantity for item in sent.items)
    assert line.received_quantity == sum(item.quantity for item in here.items)
    assert order.state == pb.Order.PARTIALLY_SHIPPED


def test_a_stopped_batch_holds_the_order_until_it_is_resumed(desk: Desk) -> None:
    stored(desk, State.IN_PRODUCTION)
    stopped, resumed = example(fulfillment.BatchStopped), example(fulfillment.BatchResumed)
    desk.hear(stopped, of=stopped.work_order)
    assert now_it_is(desk).hold.reason == stopped.reason
    desk.hear(resumed, of=resumed.work_order)

    assert not now_it_is(desk).HasField("hold")
    assert desk.told() == ["OrderHeld", "OrderReleased"]


def test_a_withdrawn_batch_leaves_the_order_in_production_and_is_counted_nowhere(
    desk: Desk,
) -> None:
    stored(desk, State.DEPOSIT_PAID)
    started, gone = example(fulfillment.BatchStarted), example(fulfillment.BatchWithdrawn)
    desk.hear(example(fulfillment.ProductionStarted), started, gone, of=gone.work_order)

    order = now_it_is(desk)
    assert order.state == pb.Order.IN_PRODUCTION
    assert order.waiting_on.party == pb.WaitingOn.PRODUCTION
    assert all(line.finished_quantity == 0 for line in order.lines)
    assert desk.told() == ["OrderAdvanced"]


def test_a_batch_that_is_withdrawn_holds_the_order_no_longer(desk: Desk) -> None:
    stored(desk, State.IN_PRODUCTION)
    stopped, gone = example(fulfillment.BatchStopped), example(fulfillment.BatchWithdrawn)
    desk.hear(stopped, gone, of=gone.work_order)

    assert not now_it_is(desk).HasField("hold")
    assert desk.told() == ["OrderHeld", "OrderReleased"]


def test_codes_are_counted_as_issued_and_then_as_opened(desk: Desk) -> None:
    stored(desk, State.DEPOSIT_PAID)
    issued, opened = example(fulfillment.LicensesIssued), example(fulfillment.LicensesOpened)
    desk.hear(issued, opened, of=issued.license_issue)

    line = now_it_is(desk).lines[0]
    assert line.finished_quantity == issued.issued_quantity
    assert line.received_quantity == opened.opened_quantity


def test_a_reversed_invoice_is_asked_for_again(desk: Desk) -> None:
    stored(desk, State.SHIPPED)
    asked, issued = example(payment.InvoiceRequested), example(payment.InvoiceIssued)
    undone = example(payment.InvoiceReversed)
    desk.hear(asked, issued, undone, of=asked.invoice)
    assert now_it_is(desk).gates.invoice == pb.Gate.PENDING


def test_an_invoice_over_another_sum_than_the_order_is_not_the_one_waited_for(desk: Desk) -> None:
    stored(desk, State.DELIVERED)
    asked, issued = example(payment.InvoiceRequested), example(payment.InvoiceIssued)
    desk.hear(asked, of=asked.invoice)
    desk.hear(paid(desk, 100), of=f"{ORDER}/paymentPlan")
    assert issued.amount != now_it_is(desk).total
    desk.hear(issued, example(payment.InvoiceReversalRequested), of=issued.invoice)

    order = now_it_is(desk)
    assert (order.state, order.gates.invoice) == (pb.Order.DELIVERED, pb.Gate.PENDING)
    assert order.waiting_on.party == pb.WaitingOn.FINANCE


def test_an_invoice_asked_for_is_waited_for_until_it_is_issued(desk: Desk) -> None:
    stored(desk, State.DELIVERED)
    asked, issued = example(payment.InvoiceRequested), example(payment.InvoiceIssued)
    desk.hear(asked, of=asked.invoice)
    desk.hear(paid(desk, 100), of=f"{ORDER}/paymentPlan")
    assert now_it_is(desk).waiting_on.party == pb.WaitingOn.FINANCE
    issued.amount.CopyFrom(now_it_is(desk).total)
    desk.hear(issued, of=issued.invoice)

    assert now_it_is(desk).state == pb.Order.COMPLETED
    assert desk.told() == ["OrderCompleted"]


def test_money_before_the_signature_counts_when_that_comes(desk: Desk) -> None:
    stored(desk, State.CONFIRMED)
    signed = example(contract.ContractSigned)
    desk.hear(paid(desk, 30), of=f"{ORDER}/paymentPlan")
    assert now_it_is(desk).state == pb.Order.CONFIRMED
    desk.hear(signed, of=signed.contract)

    assert now_it_is(desk).state == pb.Order.DEPOSIT_PAID


@pytest.mark.parametrize("kind", HEARD, ids=lambda kind: kind.__name__)
def test_what_is_heard_twice_counts_once(desk: Desk, kind: type[Message]) -> None:
    stored(desk, State.SHIPPED if kind is fulfillment.ShipmentReceived else State.IN_PRODUCTION)
    letters = desk.hear(example(kind), of="enterprises/acme/things/1")
    once = now_it_is(desk)
    desk.receive(*letters)

    assert now_it_is(desk) == once


@pytest.mark.parametrize("kind", HEARD, ids=lambda kind: kind.__name__)
def test_t20_a_closed_order_takes_no_fact(desk: Desk, kind: type[Message]) -> None:
    before = stored(desk, State.CANCELLED)
    desk.hear(example(kind), of="enterprises/acme/things/1")

    assert now_it_is(desk) == before
    assert desk.told() == []


def test_all_that_is_reacted_to_is_tried_here() -> None:
    tried = {kind.DESCRIPTOR.full_name for kind in (*HEARD, catalog.FirmwareRetired)}
    assert service.reactions.types == tried


def test_firmware_retired_meanwhile_is_not_confirmed(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100), (LAMP, 100))
    retired = catalog.FirmwareRetired(firmware=order.lines[0].firmware)
    for _ in range(2):
        desk.hear(retired, of=retired.firmware)

    desk.ask(MANAGER).ConfirmPrice(rpc.ConfirmPriceRequest(name=order.name))
    with pytest.raises(Disallowed) as refused:
        desk.ask(ENGINEER).ConfirmSoftware(rpc.ConfirmSoftwareRequest(name=order.name))
    assert refused.value.reason == "FIRMWARE_RETIRED_MEANWHILE"


def test_the_example_of_retired_firmware_is_understood(desk: Desk) -> None:
    event = example(catalog.FirmwareRetired)
    desk.hear(event, of=event.firmware)
    with desk.database.transaction(EVERYTHING) as tx:
        assert retired_among(tx, [event.firmware, "other"]) == {event.firmware}


def test_facts_of_one_batch_are_all_kept(desk: Desk) -> None:
    stored(desk, State.CONFIRMED)
    letters = [
        heard(event, aggregate=aggregate)
        for event, aggregate in (
            (paid(desk, 30), f"{ORDER}/paymentPlan"),
            (example(contract.ContractSigned), "enterprises/acme/contracts/1"),
            (example(fulfillment.ProductionStarted), "enterprises/acme/workOrders/1"),
            (example(fulfillment.BatchCompleted), "enterprises/acme/workOrders/2"),
            (example(fulfillment.ShipmentDispatched), "enterprises/acme/shipments/1"),
        )
    ]
    desk.receive(*letters)

    assert now_it_is(desk).state == pb.Order.PARTIALLY_SHIPPED
    assert [letter.sequence for letter in desk.letters()] == [1, 2, 3, 4, 5, 6]


def test_a_fact_about_an_order_that_is_not_there_waits(desk: Desk) -> None:
    desk.hear(example(contract.ContractSigned), of="enterprises/acme/contracts/1")
    with desk.database.transaction(EVERYTHING) as tx:
        states = tx.scalars(sa.select(inbox_waiting.c.state)).all()
    assert states == ["FAILED"]
