from datetime import timedelta

import pytest
import time_machine
from millrun.fulfillment.v1 import fulfillment_pb2 as pb
from millrun.fulfillment.v1 import work_pb2 as work
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from millrun.ordering.v1 import events_pb2 as ordering

from services.fulfillment.clocks import confirm_overdue_receipts
from services.fulfillment.service import service
from services.fulfillment.tests.builders import (
    DIGEST,
    LABELS,
    ORDER,
    WRONG,
    a_purchase_order,
    cleared,
)
from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.inbox import Inbox
from shared.storage import EVERYTHING, outbox
from shared.testing.callers import caller
from shared.testing.golden import heard
from shared.testing.statements import statements
from shared.testing.traces import Trying

FACTORY = caller(Role.PRODUCTION)
BUYER = caller(Role.BUYER)
STRANGER = caller(Role.BUYER, enterprise="globex")
MANAGER = caller(Role.PROJECT_MANAGER)

RELEASED = (ordering.OrderReleased(order=ORDER),)
STOPPED = (
    ordering.OrderShippingStopped(order=ORDER),
    ordering.OrderClearedForShipping(order=ORDER),
)


class Factory:
    """The fulfillment service, with an order cleared for production."""

    def __init__(self, databases, serving, **order):
        self.database = databases(service)
        self.served = serving(service, self.database)
        self.told = 0
        self.hear(cleared(**order))

    def hear(self, event):
        self.told += 1
        letter = heard(event, aggregate=ORDER, sequence=self.told)
        Inbox(self.database, service.reactions, service.name).receive([letter])

    def ask(self, who=FACTORY):
        return self.served.stub(FulfillmentServiceStub, as_=who)

    def work_orders(self, who=FACTORY, **more):
        parent = "enterprises/acme" if who is BUYER else "enterprises/-"
        request = pb.ListWorkOrdersRequest(**{"parent": parent, **more})
        return list(self.ask(who).ListWorkOrders(request).work_orders)

    def work_order(self):
        return self.work_orders()[0]

    def start(self, **more):
        made = self.ask().StartProduction(pb.StartProductionRequest(name=self.name))
        return self.batch(**more) if more else made

    def batch(self, number="P-1", quantity=0):
        return self.ask().StartBatch(
            pb.StartBatchRequest(name=self.name, production_batch_no=number, quantity=quantity)
        )

    def record(self, count, *, first=0, digest=DIGEST, passed=True, **more):
        units = [
            work.UnitResult(serial_no=f"SN{first + n}", firmware_digest=digest, passed=passed)
            for n in range(count)
        ]
        request = {"name": self.name, "production_batch_no": "P-1", "units": units}
        return self.ask().RecordUnits(pb.RecordUnitsRequest(**{**request, **more}))

    def attach(self, content=b"serial,result\n", media_type="text/csv", number="P-1"):
        return self.ask().AttachTestData(
            pb.AttachTestDataRequest(
                name=self.name, production_batch_no=number, media_type=media_type, content=content
            )
        )

    def withdraw(self, who=FACTORY, number="P-1", **more):
        request = {"name": self.name, "production_batch_no": number, "reason": "Wrong number."}
        return self.ask(who).WithdrawBatch(pb.WithdrawBatchRequest(**{**request, **more}))

    def complete(self):
        return self.ask().CompleteBatch(
            pb.CompleteBatchRequest(name=self.name, production_batch_no="P-1")
        )

    def dispatch(self, quantity=10, delivery_address=None, **more):
        item = work.ShipmentItem(work_order=self.name, production_batch_no="P-1", quantity=quantity)
        sent = work.Shipment(
            order=ORDER,
            items=[item],
            carrier="DHL",
            tracking_no="JD01",
            delivery_address=delivery_address,
        )
        request = {"parent": "enterprises/acme", "shipment": sent}
        return self.ask().DispatchShipment(pb.DispatchShipmentRequest(**{**request, **more}))

    @property
    def name(self):
        return self.work_order().name

    def announced(self):
        with self.database.transaction(EVERYTHING) as tx:
            types = tx.scalars(outbox.select().with_only_columns(outbox.c.type))
            return [each.rpartition(".")[2] for each in types]


@pytest.fixture
def factory(databases, serving):
    return Factory(databases, serving)


def make_all(factory):
    factory.start(number="P-1")
    factory.record(10)
    factory.attach()
    factory.complete()
    factory.hear(ordering.OrderClearedForShipping(order=ORDER))


def test_an_order_is_made_tested_shipped_and_received(factory):
    make_all(factory)
    sent = factory.dispatch()
    received = factory.ask(BUYER).ConfirmReceipt(pb.ConfirmReceiptRequest(name=sent.name))

    made = factory.work_order()
    assert made.state == work.WorkOrder.FINISHED
    assert (made.finished_quantity, made.shipped_quantity) == (10, 10)
    assert sent.shipment_no.startswith("MS-")
    assert sent.delivery_address.city == "Berlin"
    assert received.state == work.Shipment.RECEIVED
    assert factory.announced() == [
        "ProductionStarted",
        "BatchStarted",
        "BatchCompleted",
        "ShipmentDispatched",
        "ShipmentReceived",
    ]


def test_a_line_gets_a_work_order_and_nothing_has_a_price(databases, serving):
    factory = Factory(databases, serving, lines=3)

    made = factory.work_orders()
    assert sorted(each.line_no for each in made) == [1, 2, 3]
    assert all(each.firmware_digest == DIGEST for each in made)
    assert len({each.work_order_no for each in made}) == 3
    assert [list(each.services) for each in made] == [[LABELS]] * 3


def test_a_wrong_firmware_stops_the_batch_until_a_project_manager_resumes_it(factory):
    factory.start(number="P-1")
    stopped = factory.record(1, digest=WRONG)

    assert stopped.batches[0].state == work.Batch.STOPPED
    assert (stopped.batches[0].passed_quantity, stopped.batches[0].failed_quantity) == (0, 1)
    assert factory.announced()[-1] == "BatchStopped"
    with pytest.raises(Disallowed, match="is stopped"):
        factory.record(1)
    resume = pb.ResumeBatchRequest(
        name=factory.name, production_batch_no="P-1", reason="Line 2 reflashed."
    )
    with pytest.raises(Forbidden):
        factory.ask().ResumeBatch(resume)
    assert factory.ask(MANAGER).ResumeBatch(resume).batches[0].state == work.Batch.STARTED
    retested = factory.record(10)
    assert (retested.batches[0].passed_quantity, retested.batches[0].failed_quantity) == (10, 0)


def test_a_batch_that_was_started_by_mistake_is_withdrawn(factory):
    factory.start(number="P-1", quantity=4)
    factory.batch(number="P-2", quantity=6)
    left = factory.withdraw()

    assert left.state == work.WorkOrder.STARTED
    assert [each.production_batch_no for each in left.batches] == ["P-2"]
    (gone,) = left.withdrawn_batches
    assert (gone.production_batch_no, gone.quantity) == ("P-1", 4)
    assert (gone.state, gone.withdraw_reason) == (work.Batch.WITHDRAWN, "Wrong number.")
    assert gone.withdraw_time.seconds
    assert factory.announced()[-1] == "BatchWithdrawn"
    with pytest.raises(Disallowed, match="is withdrawn; nothing can be added"):
        factory.record(1)
    with pytest.raises(Disallowed, match="is withdrawn and cannot become withdrawn"):
        factory.withdraw()
    with pytest.raises(Disallowed, match="more than the 4"):
        factory.batch(number="P-3", quantity=5)


def test_the_number_of_a_withdrawn_batch_is_given_to_one_of_another_work_order(databases, serving):
    factory = Factory(databases, serving, lines=2)
    first, second = (each.name for each in factory.work_orders())
    for name in (first, second):
        factory.ask().StartProduction(pb.StartProductionRequest(name=name))
    start = pb.StartBatchRequest(name=first, production_batch_no="P-1")
    factory.ask().StartBatch(start)
    again = pb.StartBatchRequest(name=second, production_batch_no="P-1")
    with pytest.raises(Disallowed, match="P-1 is in use"):
        factory.ask().StartBatch(again)
    factory.withdraw(name=first)
    started = factory.ask().StartBatch(again)

    assert started.batches[0].state == work.Batch.STARTED
    with pytest.raises(Disallowed, match="P-1 is in use"):
        factory.ask().StartBatch(start)
    factory.withdraw(name=second)
    assert len(factory.ask().StartBatch(start).batches) == 1


def test_a_withdrawal_is_for_production_says_why_and_happens_once(factory):
    factory.start(number="P-1")
    for who in (BUYER, MANAGER, caller(Role.BUSINESS_MANAGER)):
        with pytest.raises(Forbidden):
            factory.withdraw(who)
    with pytest.raises(Malformed, match="reason"):
        factory.withdraw(reason="")
    with pytest.raises(Outdated):
        factory.withdraw(etag="77")
    with pytest.raises(NotFound, match="no batch P-9"):
        factory.withdraw(number="P-9")
    with pytest.raises(NotFound, match="There is no work order"):
        factory.withdraw(name=factory.name.replace("acme", "globex"))
    assert not factory.withdraw(validate_only=True).batches
    assert len(factory.work_order().batches) == 1
    assert factory.withdraw(request_id="one") == factory.withdraw(request_id="one")
    assert factory.announced() == ["ProductionStarted", "BatchStarted", "BatchWithdrawn"]


def test_what_was_burnt_or_reported_is_not_withdrawn(factory):
    factory.start(number="P-1", quantity=5)
    factory.record(1, digest=WRONG)
    with pytest.raises(Disallowed, match="are recorded") as refused:
        factory.withdraw()
    assert refused.value.reason == "BATCH_IS_BURNT"
    factory.batch(number="P-2", quantity=5)
    factory.attach(number="P-2")
    with pytest.raises(Disallowed, match="Test data of batch P-2 is attached"):
        factory.withdraw(number="P-2")
    assert len(factory.work_order().batches) == 2


def test_a_serial_number_counts_once(factory):
    factory.start(number="P-1", quantity=5)
    factory.batch(number="P-2", quantity=5)
    factory.record(3)
    again = factory.record(3)

    assert again.batches[0].passed_quantity == 3
    with pytest.raises(Disallowed, match="SN1 was recorded in another batch"):
        factory.record(1, first=1, production_batch_no="P-2")
    unit = work.UnitResult(serial_no="SN0", firmware_digest=DIGEST, passed=True)
    with pytest.raises(Malformed, match="SN0 stands twice"):
        factory.record(0, units=[unit, unit])
    with pytest.raises(Disallowed, match="6 would have passed"):
        factory.record(6)
    assert factory.work_order().batches[0].passed_quantity == 3


def test_a_thousand_results_are_a_few_statements(databases, serving):
    factory = Factory(databases, serving, quantity=1000)
    factory.start(number="P-1")
    name = factory.name
    units = [
        work.UnitResult(serial_no=f"SN{n}", firmware_digest=DIGEST, passed=True)
        for n in range(1000)
    ]
    request = pb.RecordUnitsRequest(name=name, production_batch_no="P-1", units=units)

    with statements(factory.database) as run:
        factory.ask().RecordUnits(request)

    assert len(run) <= 8


def test_test_data_is_downloaded_byte_for_byte(factory):
    factory.start(number="P-1")
    download = pb.DownloadTestDataRequest(name=factory.name, production_batch_no="P-1")
    with pytest.raises(NotFound, match="no test data yet"):
        factory.ask(BUYER).DownloadTestData(download)
    factory.attach(content=b"x" * 600_000)

    chunks = list(factory.ask(BUYER).DownloadTestData(download))
    assert b"".join(chunk.data for chunk in chunks) == b"x" * 600_000
    assert chunks[0].content_type == "text/csv"
    with pytest.raises(Malformed, match="text/html"):
        factory.attach(media_type="text/html")
    with pytest.raises(Malformed, match="3145729 bytes"):
        factory.attach(content=b"x" * (3 * 1024 * 1024 + 1))


def test_a_held_order_stands_still_until_it_is_released(factory):
    factory.hear(ordering.OrderHeld(order=ORDER, reason="Wrong address."))
    with pytest.raises(Disallowed, match=r"is held: Wrong address\."):
        factory.start()
    factory.hear(ordering.OrderReleased(order=ORDER))

    assert factory.start().state == work.WorkOrder.STARTED


def test_nothing_is_shipped_before_it_is_paid_and_made(factory):
    factory.start(number="P-1")
    with pytest.raises(Disallowed, match="is not cleared for shipping: unpaid in part"):
        factory.dispatch()
    factory.hear(ordering.OrderClearedForShipping(order=ORDER))
    with pytest.raises(Disallowed, match="more than the 0"):
        factory.dispatch()
    with pytest.raises(NotFound, match="no order"):
        factory.dispatch(parent="enterprises/globex")


def test_what_was_cleared_for_one_address_waits_to_be_for_another(factory):
    make_all(factory)
    factory.hear(ordering.OrderShippingStopped(order=ORDER))
    assert not factory.work_order().cleared_for_shipping
    with pytest.raises(Disallowed, match="is not cleared for shipping"):
        factory.dispatch()
    factory.hear(ordering.OrderClearedForShipping(order=ORDER))
    assert factory.dispatch().shipment_no


def test_what_is_labelled_with_an_address_that_changed_since_stays(factory):
    make_all(factory)
    labelled = factory.work_order().delivery_address
    ordered = a_purchase_order()
    ordered.form.delivery_address.street = "Nebenstrasse 2"
    factory.hear(ordering.OrderAmended(order=ORDER, purchase_order=ordered))
    with pytest.raises(Outdated, match="is to be delivered to another address"):
        factory.dispatch(delivery_address=labelled)

    now = factory.work_order().delivery_address
    assert factory.dispatch(quantity=4, delivery_address=now).delivery_address == now
    assert factory.dispatch(quantity=6).delivery_address.street == "Nebenstrasse 2"


def test_nothing_more_is_made_for_a_cancelled_order(factory):
    factory.hear(ordering.OrderCancelled(order=ORDER))

    assert factory.work_order().state == work.WorkOrder.CLOSED
    with pytest.raises(Disallowed, match="ended: nothing more of it is made"):
        factory.start()


def test_silence_is_taken_for_receipt(factory):
    make_all(factory)
    factory.dispatch()
    assert confirm_overdue_receipts(factory.served.runtime) == 0

    with time_machine.travel(now() + timedelta(days=15)):
        assert confirm_overdue_receipts(factory.served.runtime) == 1
    assert factory.announced()[-1] == "ShipmentReceived"


def test_roles_are_kept(factory):
    for who in (BUYER, MANAGER, caller(Role.BUSINESS_MANAGER)):
        with pytest.raises(Forbidden):
            factory.ask(who).StartProduction(pb.StartProductionRequest(name=factory.name))
    with pytest.raises(Forbidden):
        factory.ask(caller(Role.CERTIFIER)).GetWorkOrder(pb.GetWorkOrderRequest(name=factory.name))
    make_all(factory)
    sent = factory.dispatch()
    with pytest.raises(Forbidden):
        factory.ask().ConfirmReceipt(pb.ConfirmReceiptRequest(name=sent.name))


def test_nothing_of_another_enterprise_exists(factory):
    make_all(factory)
    sent, ask = factory.dispatch(), factory.ask(STRANGER)
    download = pb.DownloadTestDataRequest(name=factory.name, production_batch_no="P-1")
    attempts = [
        lambda: ask.GetWorkOrder(pb.GetWorkOrderRequest(name=factory.name)),
        lambda: ask.ListWorkOrders(pb.ListWorkOrdersRequest(parent="enterprises/acme")),
        lambda: ask.ListWorkOrders(pb.ListWorkOrdersRequest(parent="enterprises/-")),
        lambda: ask.ListShipments(pb.ListShipmentsRequest(parent="enterprises/acme")),
        lambda: ask.ConfirmReceipt(pb.ConfirmReceiptRequest(name=sent.name)),
        lambda: list(ask.DownloadTestData(download)),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound, match="There is no"):
            attempt()


def test_repeated_stale_and_dry_requests_change_nothing(factory):
    dry = pb.StartProductionRequest(name=factory.name, validate_only=True)
    assert factory.ask().StartProduction(dry).state == work.WorkOrder.STARTED
    assert factory.work_order().state == work.WorkOrder.OPEN
    with pytest.raises(Outdated):
        factory.ask().StartProduction(pb.StartProductionRequest(name=factory.name, etag="77"))
    once = pb.StartProductionRequest(name=factory.name, request_id="one")
    assert factory.ask().StartProduction(once) == factory.ask().StartProduction(once)
    factory.batch()
    with pytest.raises(Disallowed, match="P-1 is in use"):
        factory.batch()
    with pytest.raises(NotFound, match="no batch P-9"):
        factory.record(1, production_batch_no="P-9")
    assert factory.announced() == ["ProductionStarted", "BatchStarted"]


def test_what_is_tried_leaves_no_trace(factory):
    tried: set[str] = set()
    ask = factory.ask
    factory.ask = lambda who=FACTORY: Trying(ask(who), factory.database, tried)
    factory.start(number="P-1")
    factory.withdraw()
    factory.batch(number="P-1")
    factory.record(1, digest=WRONG)
    resume = pb.ResumeBatchRequest(
        name=factory.name, production_batch_no="P-1", reason="Line 2 reflashed."
    )
    factory.ask(MANAGER).ResumeBatch(resume)
    factory.record(10)
    factory.attach()
    factory.complete()
    factory.hear(ordering.OrderClearedForShipping(order=ORDER))
    sent = factory.dispatch()
    factory.ask(BUYER).ConfirmReceipt(pb.ConfirmReceiptRequest(name=sent.name))

    assert tried == {
        *("StartProduction", "StartBatch", "RecordUnits", "ResumeBatch", "AttachTestData"),
        *("WithdrawBatch", "CompleteBatch", "DispatchShipment", "ConfirmReceipt"),
    }


def test_what_may_be_shipped_is_found_among_all_that_was_made(factory):
    """Whatever else there is: nothing that waits is beyond the end of a list."""

    def found():
        return len(factory.work_orders(to_ship_only=True))

    seen = [found()]
    make_all(factory)
    seen.append(found())
    for told in (ordering.OrderHeld(order=ORDER, reason="Wrong label."), *RELEASED, *STOPPED):
        factory.hear(told)
        seen.append(found())
    assert seen == [0, 1, 0, 1, 0, 1]
    factory.dispatch(quantity=4)
    left = found()
    factory.dispatch(quantity=6)
    assert (left, found()) == (1, 0)


def test_nothing_is_to_be_shipped_of_an_order_that_ended(factory):
    make_all(factory)
    factory.hear(ordering.OrderCancelled(order=ORDER))
    assert not factory.work_orders(to_ship_only=True)


def test_lists_show_what_was_asked_for(factory):
    assert len(factory.work_orders(BUYER, order=ORDER)) == 1
    assert not factory.work_orders(states=[work.WorkOrder.STARTED])
    make_all(factory)
    factory.dispatch()
    shipments = pb.ListShipmentsRequest(parent="enterprises/acme", order=ORDER)
    assert len(factory.ask(BUYER).ListShipments(shipments).shipments) == 1


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("text/csv", b"\x89PNG\r\n\x1a\n\0\0"),
        ("application/json", b"\0"),
        ("application/pdf", b"serial,result\n"),
        ("application/zip", b"%PDF-1.7"),
    ],
)
def test_test_data_is_what_it_is_said_to_be(factory, media_type, content):
    factory.start(number="P-1")
    with pytest.raises(Malformed, match=media_type):
        factory.attach(content, media_type)
    factory.attach(b"%PDF-1.7", "application/pdf")
    factory.attach("serial,result\n".encode("utf-16"), "text/csv")


def test_what_stands_on_labels_is_no_longer_than_they_are(factory):
    with pytest.raises(Malformed, match="production_batch_no takes at most 64"):
        factory.start(number="P" * 65)
    factory.batch(number="P-1")
    units = [work.UnitResult(serial_no="S" * 65, firmware_digest=DIGEST, passed=True)]
    with pytest.raises(Malformed, match="serial_no takes at most 64"):
        factory.record(1, units=units)
    item = work.ShipmentItem(work_order=factory.name, production_batch_no="P-1", quantity=1)
    for field, most in (("carrier", 200), ("tracking_no", 64)):
        sent = work.Shipment(order=ORDER, items=[item], carrier="DHL", tracking_no="JD01")
        setattr(sent, field, "x" * (most + 1))
        with pytest.raises(Malformed, match=f"{field} takes at most {most}"):
            factory.dispatch(shipment=sent)
