from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from millrun.fulfillment.v1 import events_pb2

from services.fulfillment.domain import batch as batches
from services.fulfillment.domain import errors, shipment, work_order
from services.fulfillment.domain.batch import UnitResult
from services.fulfillment.domain.events import ShippedItem
from services.fulfillment.domain.shipment import Shipment
from services.fulfillment.tests.builders import DIGEST, ORDER, WRONG, a_work_order, results
from services.fulfillment.tests.test_license_issue import a_license_issue
from shared.errors import Refusal
from shared.events import seal
from shared.testing.golden import golden


def a_done_batch(made, number="P-1", quantity=10):
    batch = made.start_batch(number, quantity)
    batch.count(passed=quantity, failed=0)
    made.attach_test_data(number, DIGEST)
    made.complete_batch(number)
    return batch


@pytest.mark.parametrize("state", work_order.State)
def test_production_starts_only_from_open(state):
    made = a_work_order(started=False)
    made.state = state

    if state is work_order.State.OPEN:
        made.start()
        assert made.state is work_order.State.STARTED
    else:
        with pytest.raises((errors.WorkOrderCannotBecome, errors.WorkOrderClosed)):
            made.start()


@pytest.mark.parametrize("state", [work_order.State.OPEN, work_order.State.FINISHED])
def test_a_batch_needs_a_started_work_order(state):
    made = a_work_order()
    made.state = state

    with pytest.raises(errors.NotStarted):
        made.start_batch("P-1", 1)


@pytest.mark.parametrize("state", batches.State)
def test_a_batch_moves_only_as_its_chart_says(state):
    moves = {
        batches.State.STARTED: lambda batch: batch.resume(),
        batches.State.STOPPED: lambda batch: batch.stop("why"),
        batches.State.COMPLETED: lambda batch: batch.complete(),
        batches.State.WITHDRAWN: lambda batch: batch.withdraw("why"),
    }
    assert set(moves) == set(batches.State)
    for wanted, move in moves.items():
        batch = a_work_order().start_batch("P-1", 1)
        batch.state = state
        if wanted is not batches.State.WITHDRAWN:
            batch.count(passed=1, failed=0)
            batch.test_data_digest = DIGEST
        if wanted in batches.BECOMES[state]:
            move(batch)
            assert batch.state is wanted
        else:
            with pytest.raises((errors.BatchCannotBecome, errors.BatchIsMade)):
                move(batch)
            assert batch.state is state


@pytest.mark.parametrize("state", shipment.State)
def test_only_a_dispatched_shipment_is_received(state):
    sent = a_shipment()
    sent.state = state

    if state is shipment.State.DISPATCHED:
        sent.receive()
        assert sent.state is shipment.State.RECEIVED
    else:
        with pytest.raises(errors.ShipmentCannotBecome):
            sent.receive()


def a_shipment(made=None):
    made = made or a_work_order()
    return Shipment.dispatch(
        enterprise="acme",
        shipment_no="MS-2026-000001",
        order=ORDER,
        order_no="MR-2026-000001",
        items=[ShippedItem(made.name, "P-1", 10, 1)],
        carrier="DHL",
        tracking_no="JD01",
        delivery_address={},
    )


def test_the_first_wrong_firmware_stops_the_batch():
    made = a_work_order()
    batch = made.start_batch("P-1", 10)
    sent = [*results(2), *results(1, first=2, digest=WRONG), *results(3, first=3)]

    counted = made.check_flash(batch, sent)

    assert [each.passed for each in counted] == [True, True, False]
    assert batch.state is batches.State.STOPPED
    assert "SN00002" in batch.stop_reason
    with pytest.raises(errors.BatchNotRunning):
        made.check_flash(batch, results(1))
    made.resume_batch("P-1", "Line 2 reflashed.")
    assert made.check_flash(batch, results(1)) == results(1)


def test_a_batch_is_complete_when_all_passed_and_test_data_is_there():
    made = a_work_order()
    batch = made.start_batch("P-1", 10)
    batch.count(passed=9, failed=1)
    with pytest.raises(errors.BatchNotDone, match="9 of the 10"):
        made.complete_batch("P-1")
    batch.count(passed=10, failed=1)
    with pytest.raises(errors.TestDataMissing):
        made.complete_batch("P-1")
    made.attach_test_data("P-1", DIGEST)
    made.complete_batch("P-1")

    assert made.state is work_order.State.FINISHED
    with pytest.raises(errors.UnitsBeyondBatch):
        batch.count(passed=11, failed=0)


def test_a_batch_that_was_started_by_mistake_leaves_its_units_and_its_number_free():
    made = a_work_order()
    made.start_batch("P-1", 7)
    made.withdraw_batch("P-1", "7 instead of 10.")

    assert (made.state, made.left_to_start) == (work_order.State.STARTED, 10)
    assert made.start_batch("P-1", 0).quantity == 10
    assert made.batch("P-1").quantity == 10
    assert [(each.quantity, each.withdraw_reason) for each in made.withdrawn] == [
        (7, "7 instead of 10.")
    ]
    made.withdraw_batch("P-1", "Again.")
    assert made.batch("P-1").withdraw_reason == "Again."
    with pytest.raises(errors.BatchCannotBecome, match="is withdrawn and cannot become withdrawn"):
        made.withdraw_batch("P-1", "Once more.")


def test_a_batch_is_withdrawn_while_the_order_is_held_but_not_once_it_ended():
    made = a_work_order()
    made.start_batch("P-1", 4)
    made.start_batch("P-2", 6)
    made.hold_reason = "Flash gate."
    made.withdraw_batch("P-1", "Wrong number.")
    assert made.left_to_start == 4
    made.close()
    with pytest.raises(errors.WorkOrderClosed):
        made.withdraw_batch("P-2", "Wrong number.")


@pytest.mark.parametrize("digest", [DIGEST, WRONG])
@pytest.mark.parametrize("passed", [True, False])
def test_what_was_burnt_is_not_withdrawn_whatever_became_of_it(digest, passed):
    made = a_work_order()
    batch = made.start_batch("P-1", 10)
    counted = made.check_flash(batch, results(1, digest=digest, passed=passed))
    batch.count(
        passed=sum(each.passed for each in counted),
        failed=sum(not each.passed for each in counted),
    )
    before = batch.state

    with pytest.raises(errors.BatchIsBurnt, match=r"are recorded \(1\)") as refused:
        made.withdraw_batch("P-1", "Wrong number.")
    assert "Record the rest and finish it" in refused.value.fix
    assert batch.state is before


def test_what_was_reported_finished_or_shipped_is_not_withdrawn():
    made = a_work_order()
    batch = made.start_batch("P-1", 10)
    made.attach_test_data("P-1", DIGEST)
    with pytest.raises(errors.BatchIsReported):
        made.withdraw_batch("P-1", "Wrong number.")
    batch.count(passed=10, failed=0)
    made.complete_batch("P-1")
    made.cleared_for_shipping = True
    for shipped in (0, 4):
        batch.shipped_quantity = shipped
        with pytest.raises(errors.BatchIsMade, match=rf"finished \({shipped} shipped\)"):
            made.withdraw_batch("P-1", "Wrong number.")
    assert made.withdrawn == []


def test_nothing_moves_while_the_order_is_held():
    made = a_work_order()
    batch = made.start_batch("P-1", 5)
    made.hold_reason = "Flash gate."
    attempts = [
        made.start,
        lambda: made.start_batch("P-2", 5),
        lambda: made.check_flash(batch, results(1)),
        lambda: made.complete_batch("P-1"),
        lambda: made.ship("P-1", 1),
    ]
    for attempt in attempts:
        with pytest.raises(errors.OrderIsHeld, match="Flash gate"):
            attempt()


def test_nothing_is_made_or_shipped_of_an_order_that_ended():
    made = a_work_order(quantity=15)
    a_done_batch(made)
    batch = made.start_batch("P-2", 5)
    made.cleared_for_shipping, made.hold_reason = True, "Flash gate."
    made.close()
    made.release_events()
    attempts = [
        made.start,
        lambda: made.start_batch("P-3", 5),
        lambda: made.check_flash(batch, results(1)),
        lambda: made.attach_test_data("P-2", DIGEST),
        lambda: made.complete_batch("P-2"),
        lambda: made.resume_batch("P-2", "Mended."),
        lambda: made.withdraw_batch("P-2", "Wrong number."),
        lambda: made.ship("P-1", 1),
    ]
    for attempt in attempts:
        with pytest.raises(errors.WorkOrderClosed, match="MR-2026-000001 ended"):
            attempt()

    assert made.shipped_quantity == 0
    assert made.release_events() == []


def test_nothing_is_shipped_before_the_balance_is_paid():
    made = a_work_order()
    a_done_batch(made)
    with pytest.raises(errors.NotClearedForShipping):
        made.ship("P-1", 10)
    made.cleared_for_shipping = True
    made.ship("P-1", 4)

    with pytest.raises(errors.NotThatManyFinished, match="more than the 6"):
        made.ship("P-1", 7)


@pytest.mark.parametrize("digest", ["", "sha256:12", "md5:" + "ab" * 32, "sha256:" + "XY" * 32])
def test_a_digest_is_a_digest(digest):
    with pytest.raises(errors.NotADigest):
        UnitResult("SN1", digest, True)


steps = st.lists(
    st.tuples(
        st.sampled_from(["batch", "finish", "ship", "stop", "resume", "withdraw"]),
        st.integers(0, 3),
        st.integers(-1, 12),
    ),
    max_size=15,
)


@given(steps, st.integers(1, 20))
@example([("batch", 0, 0), ("withdraw", 0, 0), ("finish", 0, 0), ("batch", 0, 0)], 1)
def test_shipped_and_open_are_always_what_was_ordered(taken, quantity):
    """I6, for a line: nothing is made twice, shipped twice or shipped unfinished."""
    made = a_work_order(quantity=quantity)
    made.cleared_for_shipping = True
    for what, which, how_many in taken:
        try:
            _take(made, what, f"P-{which}", how_many)
        except Refusal:
            continue
        assert 0 <= made.shipped_quantity <= made.finished_quantity <= made.quantity
        assert made.left_to_start >= 0
        in_batches = sum(each.quantity for each in made.standing)
        assert made.left_to_start + in_batches == quantity
        assert all(
            each.shipped_quantity == 0 or each.state is batches.State.COMPLETED
            for each in made.batches
        )
        assert not any(each.passed_quantity + each.failed_quantity for each in made.withdrawn)
        numbers = [each.production_batch_no for each in made.standing]
        assert len(numbers) == len(set(numbers))
        finished = made.finished_quantity == quantity
        assert finished == (made.state is work_order.State.FINISHED)


def _take(made, what, number, how_many):
    if what == "batch":
        # That a number is in use anywhere is for the command to say.
        if all(each.production_batch_no != number for each in made.standing):
            made.start_batch(number, how_many)
    elif what == "ship":
        made.ship(number, how_many)
    elif what == "stop":
        made.check_flash(made.batch(number), results(1, digest=WRONG))
        made.batch(number).count(passed=0, failed=1)
    elif what == "withdraw":
        made.withdraw_batch(number, "Wrong number.")
    elif what == "resume":
        made.resume_batch(number, "Mended.")
    else:
        batch = made.batch(number)
        made.check_flash(batch, results(batch.quantity))
        batch.count(passed=batch.quantity, failed=0)
        made.attach_test_data(number, DIGEST)
        made.complete_batch(number)


def test_every_event_looks_as_its_example():
    made = a_work_order(started=False)
    made.start()
    batch = made.start_batch("P-1", 10)
    made.check_flash(batch, results(1, digest=WRONG))
    made.resume_batch("P-1", "Line 2 reflashed.")
    batch.count(passed=10, failed=1)
    made.attach_test_data("P-1", DIGEST)
    made.complete_batch("P-1")
    sent = a_shipment(made)
    sent.release_events()
    sent.id = UUID("01930000-0000-7000-8000-0000000000f2")
    sent.receive()
    [(_, received)] = sent.release_events()
    told = [event for _, event in made.release_events()]
    told += [withdrawn(), received, dispatched_again(sent), *all_about_licenses()]

    assert len(told) == len(events_pb2.DESCRIPTOR.message_types_by_name)
    for event in told:
        golden(seal(event, sequence=1, of=made, contract=events_pb2).open())


def withdrawn():
    made = a_work_order()
    made.start_batch("P-1", 10)
    made.withdraw_batch("P-1", "It was started with the number of another batch.")
    return made.release_events()[-1][1]


def all_about_licenses():
    issue = a_license_issue()
    issue.issue(10, digest=DIGEST, by="accounts/production")
    issue.unseal(digest=DIGEST, by="accounts/acme-buyer")
    issue.release(reason="The file was lost.", by="accounts/business_manager")
    return [event for _, event in issue.release_events()]


def dispatched_again(sent):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("services.fulfillment.domain.shipment.new_id", lambda: sent.id)
        [(_, dispatched)] = a_shipment().release_events()
    return dispatched
