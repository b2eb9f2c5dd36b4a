"""A state is called by what it means for the kind of thing it is of."""

import pytest
from google.protobuf.message import Message
from millrun.authorization.v1.enterprise_pb2 import Certification
from millrun.fulfillment.v1.license_pb2 import License, LicenseIssue
from millrun.ordering.v1.ending_pb2 import Liability
from millrun.ordering.v1.order_pb2 import Family, Gate, Gates, Order
from millrun.payment.v1.money_pb2 import Invoice

from shared.web.states import stage, state, state_of_any

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
