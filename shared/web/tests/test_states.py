"""A state is called by what it means for the kind of thing it is of."""

import pytest
from google.protobuf.message import Message
from millrun.authorization.v1.enterprise_pb2 import Certification
from millrun.fulfillment.v1.license_pb2 import License, LicenseIssue
from millrun.ordering.v1.ending_pb2 import Liability
from millrun.ordering.v1.order_pb2 import Family, Gate, Gates, Order, OrderLine
from millrun.payment.v1.money_pb2 import Invoice

from shared.web.progress import progress
from shared.web.states import stage, state, state_called, state_of_any

PAID = Order(
    state=Order.DEPOSIT_PAID,
    family=Family.LICENSE,
    gates=Gates(deposit=Gate.NOT_REQUIRED, balance=Gate.PASSED),
)
BULK = Order(state=Order.DEPOSIT_PAID, gates=Gates(deposit=Gate.PASSED))


def test_an_order_without_a_deposit_is_paid_in_full_and_never_a_deposit() -> None:
    assert (state(PAID), state(BULK)) == ("Paid in full", "Deposit paid")
    assert state(Order(state=Order.DELIVERED)) == "Delivered"
    assert state(Order()) == ""
    assert state_of_any("DEPOSIT_PAID") == "Deposit paid, or paid in full"
    assert state_of_any("IN_PRODUCTION") == "In production"


def test_samples_are_paid_in_full_before_they_are_made_and_all_else_before_it_is_sent() -> None:
    for deposit, steps in (
        (Gate.NOT_REQUIRED, ["Confirmed", "Paid in full", "Produced", "Shipped"]),
        (Gate.PENDING, ["Confirmed", "Deposit paid", "Produced", "Paid in full", "Shipped"]),
    ):
        order = Order(state=Order.CONFIRMED, lines=[OrderLine(quantity=20)])
        order.gates.contract, order.gates.deposit = Gate.NOT_REQUIRED, deposit
        shown = [step["label"] for step in progress(order)]
        assert shown[1 : len(steps) + 1] == steps


def test_ending_licences_costs_by_what_became_of_the_codes() -> None:
    deposit, ready = (Liability(stage=each) for each in (Liability.DEPOSIT_PAID, Liability.READY))
    assert [stage(each, PAID) for each in (deposit, ready)] == ["Paid in full", "Codes opened"]
    assert [stage(each, BULK) for each in (deposit, ready)] == ["Deposit paid", "Ready"]


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (Invoice(state=Invoice.ISSUED), "已开具"),
        (LicenseIssue(state=LicenseIssue.OPEN), "待发放"),
        (LicenseIssue(state=LicenseIssue.ISSUED), "已发放"),
        (LicenseIssue(state=LicenseIssue.DELIVERED), "已开启"),
        (License(state=License.OPENED), "已开启"),
        (Certification(state=Certification.PENDING), "审核中"),
        (PAID, "已付清"),
        (BULK, "定金已付"),
    ],
)
def test_one_word_that_means_two_things_has_two_in_chinese(thing: Message, said: str) -> None:
    assert state(thing) == said


def test_what_was_never_submitted_is_not_shown_as_submitted() -> None:
    lines = [OrderLine(quantity=20)]
    draft, given_up, submitted = (
        Order(state=state, lines=lines) for state in (Order.DRAFT, Order.CANCELLED, Order.INTENTION)
    )
    submitted.submit_time.GetCurrentTime()
    assert [progress(each)[0]["label"] for each in (draft, given_up)] == ["Submitted", "Cancelled"]
    assert [progress(each)[0]["state"] == "done" for each in (draft, submitted)] == [False, True]


def test_what_is_chosen_by_its_state_is_called_as_it_is_shown() -> None:
    assert state_called("OPEN", "LicenseIssue") == state(LicenseIssue(state=LicenseIssue.OPEN))
    assert state_called("PENDING", "Certification") == "In review"
    assert state_called("ISSUED", "Invoice") == state(Invoice(state=Invoice.ISSUED))
