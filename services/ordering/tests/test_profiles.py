"""Every flow profile, gate by gate and step by step (requirements §4)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ordering.domain import facts
from services.ordering.domain.events import (
    OrderClearedForLicensing,
    OrderClearedForProduction,
    OrderConfirmed,
)
from services.ordering.domain.gates import Gate, Gates, cleared_for_production
from services.ordering.domain.order import Order
from services.ordering.domain.profiles import (
    BULK,
    LICENSE,
    SAMPLE,
    SIGNED_LICENSE,
    Profile,
    SoftwareNotAskedFor,
    profile_for,
    profile_of,
)
from services.ordering.domain.rules import DevelopmentCompleted, OnlyForDevelopers
from services.ordering.domain.words import Family, FirmwareState, Lifecycle, Party, Purpose, State
from services.ordering.tests.builders import (
    CONTRACT,
    PLUG,
    a_draft,
    an_assortment,
    an_offer,
    an_order_of_licenses,
    confirm_price,
    confirm_software,
    finish,
    issue,
    kinds,
    licensing,
    open_codes,
    pay,
    receive,
    ship,
    submit,
    told,
)
from shared.caller import Role

SAMPLES = (Purpose.DEBUGGING, Purpose.RND_SAMPLE)
IN_DEVELOPMENT = an_offer(lifecycle=Lifecycle.DEVELOPMENT, firmware_state=FirmwareState.BETA)
DEVELOPER = {PLUG: frozenset({Role.RND})}
ON_SALE = an_assortment(IN_DEVELOPMENT, roles=DEVELOPER)


def a_sample(purpose: Purpose = Purpose.RND_SAMPLE) -> Order:
    order = a_draft((PLUG, 7), purpose=purpose, assortment=ON_SALE)
    submit(order, assortment=ON_SALE)
    return order


def licences(profile: Profile) -> Order:
    """Return an order of licences that was just submitted."""
    order = an_order_of_licenses(signed=profile is SIGNED_LICENSE)
    submit(order, assortment=licensing())
    return order


@pytest.mark.parametrize(
    ("purpose", "family", "signed", "profile"),
    [
        (Purpose.DEBUGGING, Family.HARDWARE_MODULE, False, SAMPLE),
        (Purpose.RND_SAMPLE, Family.HARDWARE_MODULE, True, SAMPLE),
        (Purpose.TRIAL_PRODUCTION, Family.HARDWARE_MODULE, False, BULK),
        (Purpose.MASS_PRODUCTION, Family.HARDWARE_MODULE, False, BULK),
        (Purpose.MASS_PRODUCTION, Family.LICENSE, False, LICENSE),
        (Purpose.TRIAL_PRODUCTION, Family.LICENSE, True, SIGNED_LICENSE),
    ],
)
def test_purpose_and_family_say_how_an_order_goes(
    purpose: Purpose, family: Family, signed: bool, profile: Profile
) -> None:
    assert profile_for(purpose, family, license_contract=signed) is profile


NEEDED = {
    "bulk": (BULK, "price software contract deposit production balance shipment receipt"),
    "sample": (SAMPLE, "production balance shipment receipt"),
    "licence": (LICENSE, "price balance receipt"),
    "licence under contract": (SIGNED_LICENSE, "price contract balance receipt"),
}


@pytest.mark.parametrize(("profile", "needed"), NEEDED.values(), ids=NEEDED)
def test_gates_that_do_not_apply_are_recorded_as_not_required(
    profile: Profile, needed: str
) -> None:
    pending = [name for name, gate in vars(profile.gates).items() if gate is Gate.PENDING]
    rest = {gate for name, gate in vars(profile.gates).items() if name not in pending}

    assert pending == needed.split()
    assert rest <= {Gate.NOT_REQUIRED}


GATES = st.builds(Gates, **{name: st.sampled_from(Gate) for name in vars(Gates())})


@given(GATES)
def test_r5_no_profile_relaxes_bulk_hardware(gates: Gates) -> None:
    assert BULK.cleared is cleared_for_production
    needed = (gates.price, gates.software, gates.contract, gates.deposit)
    assert BULK.cleared(gates) == all(gate is Gate.PASSED for gate in needed)


@given(GATES)
def test_nothing_is_cleared_before_it_is_paid_where_there_is_no_deposit(gates: Gates) -> None:
    for profile in (SAMPLE, LICENSE, SIGNED_LICENSE):
        assert not profile.cleared(replace(gates, balance=Gate.PENDING))
    unsigned = replace(gates, contract=Gate.PENDING)
    assert not SIGNED_LICENSE.cleared(unsigned)


@pytest.mark.parametrize("purpose", SAMPLES)
def test_a_sample_is_confirmed_at_list_price_as_soon_as_it_is_submitted(purpose: Purpose) -> None:
    order = a_sample(purpose)

    assert (order.state, order.waiting_on) == (State.CONFIRMED, Party.BUYER)
    assert order.waiting_task == "pay the whole amount"
    assert order.terms
    assert order.terms.deposit_percent == 100
    [_, confirmed] = told(order)
    assert isinstance(confirmed, OrderConfirmed)
    assert confirmed.purchase_order.no_contract
    assert confirmed.purchase_order.snapshot_digest == order.snapshot_digest
    assert confirmed.price_confirmed_by == ""


def test_a_sample_goes_its_way_without_a_contract() -> None:
    order = a_sample()
    order.release_events()
    pay(order, in_full=False)
    assert order.state is State.CONFIRMED  # No deposit: all of it or nothing.
    assert kinds(order) == []
    pay(order, in_full=True)
    assert kinds(order) == [
        "OrderDepositPaid",
        "OrderClearedForProduction",
        "OrderClearedForShipping",
    ]
    steps: tuple[tuple[Callable[[Order], None], State], ...] = (
        (facts.production_started, State.IN_PRODUCTION),
        (finish, State.READY_TO_SHIP),
        (ship, State.SHIPPED),
        (receive, State.COMPLETED),
    )
    for step, state in steps:
        step(order)
        assert order.state is state
    assert "OrderContractSigned" not in kinds(order)
    assert order.gates.contract is order.gates.deposit is Gate.NOT_REQUIRED


def test_licences_are_confirmed_by_the_business_manager_alone_and_cleared_when_paid() -> None:
    order = licences(LICENSE)
    assert (order.state, order.waiting_on) == (State.INTENTION, Party.BUSINESS_MANAGER)
    with pytest.raises(SoftwareNotAskedFor):
        confirm_software(order)
    confirm_price(order, deposit_percent=30)
    assert (order.state, order.waiting_task) == (State.CONFIRMED, "pay the whole amount")
    assert order.terms
    assert order.terms.deposit_percent == 100
    pay(order)
    assert order.state is State.CONFIRMED
    order.release_events()
    pay(order, in_full=True)

    assert (order.state, order.waiting_task) == (State.DEPOSIT_PAID, "issue the licence codes")
    cleared = [event for event in told(order) if not type(event).__name__.endswith("Paid")]
    assert [type(event) for event in cleared] == [OrderClearedForLicensing]
    issue(order)
    assert (order.state, order.waiting_task) == (State.DEPOSIT_PAID, "open the licence codes")
    assert order.waiting_on is Party.BUYER
    open_codes(order)
    assert kinds(order) == ["OrderAdvanced", "OrderCompleted"]
    assert order.is_closed
    assert order.gates.production is order.gates.shipment is Gate.NOT_REQUIRED


def test_licences_under_contract_wait_for_signatures_and_money() -> None:
    order = licences(SIGNED_LICENSE)
    confirm_price(order)
    assert (order.state, order.waiting_task) == (State.CONFIRMED, "prepare the contract")
    pay(order, in_full=True)
    assert order.waiting_task == "prepare the contract"
    facts.contract_signed(order, contract=CONTRACT)
    assert order.waiting_task == "issue the licence codes"
    assert profile_of(order) is SIGNED_LICENSE


def test_production_of_a_sample_is_told_no_prices() -> None:
    order = a_sample()
    pay(order, in_full=True)
    [cleared] = [each for each in told(order) if isinstance(each, OrderClearedForProduction)]
    assert cleared.purchase_order.total is None


def test_r19_debugging_modules_are_for_developers() -> None:
    buyers = an_assortment(IN_DEVELOPMENT)
    with pytest.raises(OnlyForDevelopers, match="debugging"):
        a_draft((PLUG, 7), purpose=Purpose.DEBUGGING, assortment=buyers)
    assert a_draft((PLUG, 7), purpose=Purpose.RND_SAMPLE, assortment=buyers).lines  # A9


@pytest.mark.parametrize("purpose", SAMPLES)
@pytest.mark.parametrize("lifecycle", [Lifecycle.TRIAL_PRODUCTION, Lifecycle.MASS_PRODUCTION])
def test_samples_are_of_products_in_development(purpose: Purpose, lifecycle: Lifecycle) -> None:
    finished = an_assortment(replace(IN_DEVELOPMENT, lifecycle=lifecycle), roles=DEVELOPER)
    with pytest.raises(DevelopmentCompleted, match=purpose.value):
        a_draft((PLUG, 7), purpose=purpose, assortment=finished)
