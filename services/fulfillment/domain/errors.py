"""What fulfillment refuses, and why."""

from shared.errors import Disallowed, Malformed, NotFound, Outdated


class WorkOrderNotFound(NotFound):  # R5
    """There is no work order {work_order}."""

    fix = "A work order is opened when its order is cleared for production."


class BatchNotFound(NotFound):
    """Work order {work_order_no} has no batch {production_batch_no}."""

    fix = "Take the batch number from the work order."


class ShipmentNotFound(NotFound):
    """There is no shipment {shipment}."""

    fix = "Take the name from the list of shipments."


class OrderNotCleared(NotFound):  # R5
    """There is no order {order} with work orders."""

    fix = "An order can be made and shipped once it is cleared for production."


class TestDataNotThere(NotFound):
    """Batch {production_batch_no} has no test data yet."""

    fix = "It can be downloaded once production has attached it."


class WorkOrderChanged(Outdated):
    """Work order {work_order_no} changed since you read it."""


class ShipmentChanged(Outdated):
    """Shipment {shipment_no} changed since you read it."""


class DeliveryAddressChanged(Outdated):
    """Order {order_no} is to be delivered to another address since you read it."""

    fix = "Read the work order for the address, label the goods anew, and dispatch them then."


class WorkOrderCannotBecome(Disallowed):
    """Work order {work_order_no} is {state} and cannot become {wanted}."""

    fix = "Read the work order: it says what is under way."


class NotStarted(Disallowed):
    """Work order {work_order_no} is {state}; a batch can be made only while it is started."""

    fix = "Start production first; for a work order that is over, nothing more is made."


class WorkOrderClosed(Disallowed):  # 17
    """Order {order_no} ended: nothing more of it is made or shipped."""

    fix = "Put aside what was made of it; its business manager knows what becomes of it."


class BatchCannotBecome(Disallowed):
    """Batch {production_batch_no} is {state} and cannot become {wanted}."""

    fix = "Read the work order: it says what every batch is waiting for."


class BatchNotRunning(Disallowed):
    """Batch {production_batch_no} is {state}; nothing can be added to it."""

    fix = "A stopped batch goes on once a project manager resumes it."


class BatchIsBurnt(Disallowed):
    """Units of batch {production_batch_no} are recorded ({recorded}): it cannot be withdrawn."""

    fix = (
        "Record the rest and finish it, it counts for the order; "
        "to stop work on it, have a business or project manager hold the order."
    )


class BatchIsReported(Disallowed):
    """Test data of batch {production_batch_no} is attached: it cannot be withdrawn."""

    fix = "Record its units and finish it; a new file takes the place of the attached one."


class BatchIsMade(Disallowed):
    """Batch {production_batch_no} is finished ({shipped} shipped): it cannot be withdrawn."""

    fix = (
        "Leave it, it counts for the order; "
        "to keep it from being shipped, have a business or project manager hold the order."
    )


class OrderIsHeld(Disallowed):
    """Order {order_no} is held: {reason}"""

    fix = "A business, project or finance manager releases the order."


class TooManyUnits(Disallowed):
    """A quantity of {wanted} is more than the {left} left of work order {work_order_no}."""

    fix = "Start the batch with what is left to make."


class BatchNumberTaken(Disallowed):
    """Batch number {production_batch_no} is in use."""

    fix = "Give every batch a number of its own; withdraw one that was started by mistake."


class BatchNotDone(Disallowed):
    """{passed} of the {quantity} units of batch {production_batch_no} passed."""

    fix = "Record the results of all units; record a failed one again once it passes."


class TestDataMissing(Disallowed):
    """Batch {production_batch_no} has no test data."""

    fix = "Attach the test data of the batch, then complete it."


class UnitInOtherBatch(Disallowed):
    """Serial number {serial_no} was recorded in another batch."""

    fix = "Check the serial number; it is unique within a product."


class UnitsBeyondBatch(Disallowed):
    """Batch {production_batch_no} has a quantity of {quantity}; {recorded} would have passed."""

    fix = "Check which batch the units belong to."


class NotClearedForShipping(Disallowed):  # A3
    """Order {order_no} is not cleared for shipping: unpaid in part, held, or to be signed again."""

    fix = "Read the order: it says who has to do what; shipping is cleared by itself then."


class NotThatManyFinished(Disallowed):
    """A quantity of {wanted} is more than the {left} finished of batch {production_batch_no}."""

    fix = "Ship what is finished; the rest follows in another shipment."


class ShipmentCannotBecome(Disallowed):
    """Shipment {shipment_no} is {state} and cannot become {wanted}."""

    fix = "Nothing is left to do: a shipment is received once."


class NoQuantity(Malformed):
    """A quantity is at least one; {quantity} is not."""

    fix = "Send a whole number above zero, or leave it out to make all that is left."


class NotADigest(Malformed):
    """ "{digest}" is not a firmware digest."""

    fix = "Send sha256: and 64 hexadecimal digits."


class TooManyResults(Malformed):
    """{count} results were sent; a call takes 1 to 1000."""

    fix = "Send them in several calls."


class RepeatedSerial(Malformed):
    """Serial number {serial_no} stands twice in one call."""

    fix = "Send one result a unit."


class NotTestData(Malformed):
    """Test data of the kind {media_type} cannot be attached."""

    fix = "Attach text/csv, application/json, application/zip or application/pdf."


class NotThatKindOfFile(Malformed):
    """What is in the file is not {media_type}, as it is said to be."""

    fix = "Save it anew from the program that made it, and attach that file."


class TestDataTooLarge(Malformed):
    """The file has {size} bytes; at most {most} can be attached."""

    fix = "Pack it, or leave raw measurements out."


class MixedOrders(Malformed):
    """Work order {work_order_no} belongs to another order."""

    fix = "A shipment is for one order."
