"""What the database itself holds to, whatever the code above it does; and the clock."""

from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm.exc import StaleDataError

from services.ordering.clocks import expire_orders
from services.ordering.domain import life
from services.ordering.store import Orders, order_lines, order_snapshots, orders
from services.ordering.tests.desk import ENGINEER, GADGET, MANAGER, Desk
from services.ordering.wire import form_message
from shared.clock import now
from shared.sql import run
from shared.storage import EVERYTHING, Scope, flush


def test_i2_a_snapshot_is_kept_and_cannot_be_changed(desk: Desk) -> None:
    order = desk.submitted()
    with desk.database.transaction(Scope("acme")) as tx:
        digest = sa.func.encode(sa.func.sha256(order_snapshots.c.content), "hex")
        assert tx.scalars(sa.select("sha256:" + digest)).all() == [order.snapshot_digest]
    for scope in (Scope("acme"), EVERYTHING):
        for change in (order_snapshots.update().values(digest="x"), order_snapshots.delete()):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                desk.database.transaction(scope) as tx,
            ):
                tx.execute(change)


def test_i8_rows_of_others_are_not_there(desk: Desk) -> None:
    desk.submitted()
    desk.submitted((GADGET, 100))
    for table in (orders, order_lines, order_snapshots):
        with desk.database.transaction(Scope("globex")) as tx:
            assert tx.execute(table.select()).all() == []
    with desk.database.transaction(Scope("brand")) as tx:
        assert len(tx.execute(orders.select()).all()) == 1
        assert len(tx.execute(order_lines.select()).all()) == 1
        assert tx.execute(order_snapshots.select()).all() == []


def test_r78_the_products_owner_changes_no_row(desk: Desk) -> None:
    desk.submitted((GADGET, 100))
    with desk.database.transaction(Scope("brand")) as tx:
        for table, change in ((orders, {"buyer": "x"}), (order_lines, {"quantity": 1})):
            changed = tx.execute(table.update().values(change).returning(table.c.enterprise))
            assert changed.all() == []
            assert tx.execute(table.delete().returning(table.c.enterprise)).all() == []


def test_i6_no_row_ships_more_than_was_ordered(desk: Desk) -> None:
    desk.submitted()
    with (
        pytest.raises(DBAPIError, match="order_lines_shipped_quantity"),
        desk.database.transaction(EVERYTHING) as tx,
    ):
        tx.execute(order_lines.update().values(shipped_quantity=101))


def test_whoever_was_slower_is_told_so_and_nothing_of_theirs_is_kept(desk: Desk) -> None:
    """At the latest when the transaction ends: no message asks how many rows were changed."""
    order = desk.submitted()

    def hold(*, last: bool) -> None:
        with desk.database.transaction(EVERYTHING) as tx:
            found = Orders(tx).get(order.name)
            desk.ask(MANAGER).HoldOrder(rpc.HoldOrderRequest(name=order.name, reason="Faster."))
            life.hold(found, by="accounts/slow", reason="Slower.")
            if not last:
                flush(tx)
                run(tx, "select 1")

    for last in (False, True):
        with pytest.raises(StaleDataError):
            hold(last=last)
        seen = desk.get(order)
        assert seen.hold.reason == "Faster."
        desk.ask(MANAGER).ReleaseOrder(rpc.ReleaseOrderRequest(name=order.name, reason="Go on."))


def test_t19_what_was_held_until_it_could_not_be_signed_any_more_expires_once_it_goes_on(
    desk: Desk,
) -> None:
    order = desk.confirmed()
    desk.ask(MANAGER).HoldOrder(rpc.HoldOrderRequest(name=order.name, reason="Wait."))
    with time_machine.travel(now() + timedelta(days=40)):
        assert expire_orders(desk.served.runtime) == 0
        desk.ask(MANAGER).ReleaseOrder(rpc.ReleaseOrderRequest(name=order.name, reason="Go on."))
        assert expire_orders(desk.served.runtime) == 1
        assert desk.get(order).state == pb.Order.EXPIRED
        again = desk.ask().ReorderOrder(rpc.ReorderOrderRequest(name=order.name)).order
        form = form_message(desk.a_new_form())
        assert desk.submit(again, form=form).state == pb.Order.INTENTION
    assert desk.told()[-4:] == ["OrderHeld", "OrderReleased", "OrderExpired", "OrderSubmitted"]


def test_t19_what_is_changed_while_it_is_held_can_be_signed_once_it_goes_on(desk: Desk) -> None:
    order = desk.confirmed()
    desk.ask(MANAGER).HoldOrder(rpc.HoldOrderRequest(name=order.name, reason="Wait."))
    with time_machine.travel(now() + timedelta(days=40)):
        change = rpc.OrderChange(delivery_date="2099-01-01")
        asked = rpc.AmendOrderRequest(name=order.name, changes=[change], reason="Later.")
        desk.ask().AmendOrder(asked)
        desk.ask(MANAGER).ConfirmAmendment(rpc.ConfirmAmendmentRequest(name=order.name))
        desk.ask(MANAGER).ReleaseOrder(rpc.ReleaseOrderRequest(name=order.name, reason="Go on."))
        assert expire_orders(desk.served.runtime) == 0
        assert desk.get(order).terms.valid_until.ToDatetime(UTC) > now() + timedelta(days=29)


def test_t19_the_clock_lets_go_of_what_nobody_acts_on(desk: Desk) -> None:
    draft, idle, held = desk.create(), desk.submitted(), desk.submitted()
    confirmed = desk.confirmed()
    desk.ask(MANAGER).HoldOrder(rpc.HoldOrderRequest(name=held.name, reason="Wait."))

    assert expire_orders(desk.served.runtime) == 0
    with time_machine.travel(now() + timedelta(days=15)):
        assert expire_orders(desk.served.runtime) == 1
        assert expire_orders(desk.served.runtime) == 0
    with time_machine.travel(now() + timedelta(days=31)):
        assert expire_orders(desk.served.runtime) == 1

    states = [desk.get(order, ENGINEER).state for order in (draft, idle, held, confirmed)]
    assert states == [
        pb.Order.DRAFT,
        pb.Order.EXPIRED,
        pb.Order.INTENTION,
        pb.Order.EXPIRED,
    ]
    assert desk.told().count("OrderExpired") == 2
    assert desk.get(idle).close_reason
