"""The buyer pays for what both sides signed, and for no version that does not hold any more.

What ordering tells of amendments and contract of signatures comes in no order between them.
"""

from itertools import combinations, product

import pytest
from millrun.contract.v1 import events_pb2 as contract

from services.payment.domain.method import Method
from services.payment.tests.builders import CONFIRMER, GENERAL, ORDER, a_plan, cny, order_amended
from services.payment.tests.test_api import Till
from shared.errors import Disallowed, Refusal

VERSIONS = (1, 2, 3)
AMENDMENTS = (1, 2)
ENOUGH = list(product([True, False], repeat=len(AMENDMENTS)))
"""Whether an addendum is enough for each amendment."""


def woven(amendments, signatures):
    """Return every way to hear of both, each in its order: what is amended, what is signed."""
    whole = len(amendments) + len(signatures)
    ways = []
    for places in combinations(range(whole), len(amendments)):
        one, other = iter(amendments), iter(signatures)
        ways.append(
            [
                ("amended", next(one)) if at in places else ("signed", next(other))
                for at in range(whole)
            ]
        )
    return ways


WAYS = [
    way
    for many in range(len(VERSIONS) + 1)
    for signed in combinations(VERSIONS, many)
    for way in woven(AMENDMENTS, signed)
]


def take(plan, what, number, *, enough):
    if what == "signed":
        plan.sign_contract(number)
        return
    plan.follow(
        total=cny("1000.00"),
        deposit_percent=30,
        price_confirmed_by=CONFIRMER,
        invoice_title=GENERAL,
        amendment=number,
        addendum_suffices=enough,
    )


def is_payable(plan):
    """Return whether a payment can be announced; take it back if so."""
    try:
        plan.void(plan.instruct(Method.OFFLINE_TRANSFER, None))
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("enough", ENOUGH)
def test_however_it_is_heard_of_only_signatures_that_hold_open_payments(enough):
    for way in WAYS:
        plan, signed, void = a_plan(signed=False), set(), set()
        for what, number in way:
            suffices = what == "amended" and enough[number - 1]
            take(plan, what, number, enough=suffices)
            if what == "signed":
                signed.add(number)
            elif not suffices:
                void |= set(range(1, number + 1))
            assert is_payable(plan) == bool(signed - void), (way, what, number)
            assert bool(plan.allowed_methods) == bool(signed - void)


@pytest.fixture
def till(databases, serving):
    return Till(databases, serving).confirm(signed=False)


def hear_signed(till, version):
    event = contract.ContractSigned(order=ORDER, version=version)
    till.hear(event, aggregate=ORDER + "/contract", sequence=version)


def test_a_signature_heard_after_the_amendment_that_voids_it_opens_nothing(till):
    till.hear(order_amended(1200, addendum_suffices=False), sequence=2)
    hear_signed(till, 1)
    assert not till.plan().allowed_methods
    with pytest.raises(Disallowed, match="not signed by both sides"):
        till.instruct()

    hear_signed(till, 2)
    assert till.instruct().amount.units == 360


def test_what_is_signed_anew_stays_payable_when_its_amendment_is_heard_of_later(till):
    hear_signed(till, 1)
    hear_signed(till, 2)
    till.hear(order_amended(1200, addendum_suffices=False), sequence=2)
    assert till.instruct().amount.units == 360


def test_an_order_without_a_contract_stays_payable_whatever_is_amended(databases, serving):
    till = Till(databases, serving).confirm(signed=False, no_contract=True)
    amended = order_amended(1200, addendum_suffices=False, no_contract=True)
    till.hear(amended, sequence=2)
    assert till.instruct().amount.units == 1200
