import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from services.catalog.domain import events
from services.catalog.domain.errors import products as errors
from services.catalog.domain.errors.text import TextWithoutWords
from services.catalog.domain.firmware import State as Trust
from services.catalog.domain.product import Lifecycle, Product
from services.catalog.tests.builders import (
    JUDGE,
    a_build,
    a_firmware,
    a_product,
    an_impact,
    said_by,
)
from shared.errors import Refusal

DEVELOPMENT, TRIAL, MASS = Lifecycle
MOVES: dict[str, tuple[Callable[[Product], None], Lifecycle, set[Lifecycle]]] = {
    "complete": (Product.complete_development, TRIAL, {DEVELOPMENT}),
    "release": (Product.release, MASS, {TRIAL}),
    "return": (
        lambda product: product.return_to_development(reason="x", impact=an_impact(product)),
        DEVELOPMENT,
        {TRIAL, MASS},
    ),
}
EVERY_MOVE = [(name, lifecycle) for name in MOVES for lifecycle in Lifecycle]


@pytest.mark.parametrize(("move", "lifecycle"), EVERY_MOVE)
def test_a_product_moves_as_the_chart_says_and_no_other_way(move: str, lifecycle: Lifecycle):
    act, wanted, allowed = MOVES[move]
    product = a_product(lifecycle)

    if lifecycle in allowed:
        act(product)
        assert product.lifecycle is wanted
    else:
        with pytest.raises(errors.ProductCannotBecome, match=f"is in {lifecycle.value} and cannot"):
            act(product)
        assert product.lifecycle is lifecycle
        assert not said_by(product)


def test_a_product_begins_in_development_with_nothing_built_into_it():
    product = Product.create(enterprise="acme", display_name=" Smart plug ")

    assert product.lifecycle is DEVELOPMENT
    assert product.build is None
    assert re.fullmatch(r"[a-z0-9]{16}", product.pid)
    assert said_by(product) == [
        events.ProductCreated(
            product=f"enterprises/acme/products/{product.pid}",
            owner="enterprises/acme",
            display_name="Smart plug",
        )
    ]


@pytest.mark.parametrize("product_id", ["short", "UPPERCASE1", "with-hyphen", "x" * 33])
def test_a_product_id_is_short_and_plain(product_id: str):
    with pytest.raises(errors.ProductIdMalformed):
        Product.create(enterprise="acme", display_name="Smart plug", product_id=product_id)


def test_r20_r23_r46_the_build_is_locked_outside_development():
    firmware = a_firmware()
    for lifecycle in (TRIAL, MASS):
        product = a_product(lifecycle, firmware=firmware)
        with pytest.raises(errors.ProductLocked, match=lifecycle.value) as refused:
            product.configure(a_build(firmware, data_points=("other",)), firmware)
        assert refused.value.remedy.startswith("Only going back to development unlocks it")
        assert product.data_points == ("switch_1",)


def test_a_configured_product_says_what_is_built_into_it():
    product, firmware = a_product(), a_firmware(Trust.BETA, version="3.0.0-rc1")
    build = a_build(firmware, data_points=("switch_1", "countdown_1"))

    product.configure(build, firmware)

    assert product.build == build
    assert said_by(product) == [events.ProductConfigured(product=product.name, build=build)]


def test_a_product_is_not_built_with_firmware_of_another_module():
    firmware = a_firmware()

    with pytest.raises(errors.FirmwareOfOtherModule):
        a_product().configure(a_build(firmware, module="modules/cb2s"), firmware)


def test_a_product_is_not_built_with_retired_firmware():
    firmware = a_firmware(Trust.RETIRED)

    with pytest.raises(errors.FirmwareNoLongerUsable, match=r"Firmware 2\.4\.1 is retired"):
        a_product().configure(a_build(firmware), firmware)


@pytest.mark.parametrize(
    ("data_points", "refusal"),
    [
        (("switch_1", "switch_1"), errors.DataPointTwice),
        (("switch 1",), errors.DataPointMalformed),
        (("",), errors.DataPointMalformed),
        (("x" * 65,), errors.DataPointMalformed),
        (tuple(f"x{number}" for number in range(501)), errors.TooManyDataPoints),
    ],
)
def test_data_points_can_be_told_apart(data_points: tuple[str, ...], refusal: type[Refusal]):
    firmware = a_firmware()

    with pytest.raises(refusal):
        a_product().configure(a_build(firmware, data_points=data_points), firmware)


@pytest.mark.parametrize("lifecycle", Lifecycle)
def test_r38_labels_are_set_in_every_state(lifecycle: Lifecycle):
    product = a_product(lifecycle)

    product.label(model="SP-2", customer_name="Other Shop", notes="white")

    assert (product.model, product.customer_name, product.notes) == ("SP-2", "Other Shop", "white")
    assert said_by(product) == [events.ProductModelChanged(product=product.name, model="SP-2")]


def test_only_a_changed_model_is_told():
    product = a_product()

    product.label(model="SP-1 ", customer_name="Other Shop", notes="")

    assert not said_by(product)


@pytest.mark.parametrize("lifecycle", [TRIAL, MASS])
def test_r28_the_model_is_not_emptied_outside_development(lifecycle: Lifecycle):
    product = a_product(lifecycle)

    with pytest.raises(errors.ProductWithoutModel):
        product.label(model=" ", customer_name="", notes="")

    assert product.model == "SP-1"


def test_the_model_may_be_emptied_in_development():
    product = a_product()

    product.label(model="", customer_name="", notes="")

    assert product.model == ""


def test_r43_completed_development_tells_what_is_locked():
    product = a_product()

    product.complete_development()

    build = product.build
    assert build is not None
    assert said_by(product) == [events.DevelopmentCompleted(product=product.name, build=build)]


def test_development_is_not_completed_while_nothing_is_built_in():
    product = Product.create(enterprise="acme", display_name="Smart plug")
    product.label(model="SP-1", customer_name="", notes="")

    with pytest.raises(errors.ProductNotConfigured):
        product.complete_development()


def test_r28_development_is_not_completed_without_a_model():
    with pytest.raises(errors.ProductWithoutModel):
        a_product(model="").complete_development()


def test_development_is_not_completed_with_firmware_retired_since():
    firmware = a_firmware(Trust.BETA)
    product = a_product(firmware=firmware)
    firmware.retire(by=JUDGE)

    with pytest.raises(errors.FirmwareNoLongerUsable):
        product.complete_development()


def test_beta_firmware_will_do_for_trial_production():
    product = a_product(firmware=a_firmware(Trust.BETA))

    product.complete_development()

    assert product.lifecycle is TRIAL


@pytest.mark.parametrize("trust", [Trust.BETA, Trust.RETIRED])
def test_a11_mass_production_needs_released_firmware(trust: Trust):
    firmware = a_firmware(Trust.BETA)
    product = a_product(TRIAL, firmware=firmware)
    firmware.state = trust

    with pytest.raises(errors.FirmwareNotReleased, match=f"is {trust.value}, and mass production"):
        product.release()


def test_a_released_product_says_so():
    product = a_product(TRIAL)

    product.release()

    assert said_by(product) == [events.ProductReleased(product=product.name)]


def test_r47_going_back_to_development_unlocks_and_says_why():
    product, firmware = a_product(MASS), a_firmware()

    product.return_to_development(reason=" wrong panel ", impact=an_impact(product))
    product.configure(a_build(firmware), firmware)

    returned, _ = said_by(product)
    assert isinstance(returned, events.ProductReturned)
    assert returned.reason == "wrong panel"


def test_r47_a_return_tells_what_it_affects_and_how_much_of_it_at_most():
    product = a_product(MASS)
    impact = an_impact(product)
    many = replace(impact, orders=impact.orders * 300)

    product.return_to_development(reason="wrong panel", impact=many)

    (returned,) = said_by(product)
    assert returned == events.ProductReturned(
        product=product.name,
        reason="wrong panel",
        orders=(impact.orders[0].name,) * 200,
        authorizations=(impact.authorizations[0].name,),
        manufacturers=("enterprises/maker",),
        partner_clients=(impact.partner_clients[0].name,),
    )


def test_r47_what_is_affected_is_still_what_was_seen_or_the_return_is_refused():
    impact = an_impact(a_product())
    renamed = replace(impact.orders[0], enterprise_legal_name="Maker Holding Ltd")
    another = replace(impact.orders[0], name="enterprises/maker/orders/2")

    replace(impact, orders=(renamed,)).expect(impact.digest)
    impact.expect("")
    for changed in (replace(impact, orders=()), replace(impact, orders=(another, *impact.orders))):
        with pytest.raises(errors.ImpactChanged):
            changed.expect(impact.digest)


def _with_other_firmware(product: Product) -> None:
    firmware = a_firmware(version="3.0.0")
    firmware.id = UUID(int=7)
    product.configure(a_build(firmware), firmware)


def _on_another_module(product: Product) -> None:
    firmware = a_firmware(module_id="cb2s")
    product.configure(a_build(firmware), firmware)


def _relabelled(product: Product, **label: str) -> None:
    labels = {name: getattr(product, name) for name in ("model", "customer_name", "notes")}
    product.label(**labels | label)


SETTINGS: dict[str, tuple[Callable[[Product], None], set[Lifecycle]]] = {
    "data points": (
        lambda product: product.configure(
            replace(a_build(a_firmware()), data_points=("timer_1",)), a_firmware()
        ),
        {DEVELOPMENT},
    ),
    "panel": (
        lambda product: product.configure(
            replace(a_build(a_firmware()), panel="timer@1"), a_firmware()
        ),
        {DEVELOPMENT},
    ),
    "module": (_on_another_module, {DEVELOPMENT}),
    "firmware": (_with_other_firmware, {DEVELOPMENT}),
    "model": (lambda product: _relabelled(product, model="XL"), {DEVELOPMENT, TRIAL, MASS}),
    "customer name": (
        lambda product: _relabelled(product, customer_name="Other"),
        {DEVELOPMENT, TRIAL, MASS},
    ),
    "notes": (lambda product: _relabelled(product, notes="white"), {DEVELOPMENT, TRIAL, MASS}),
}
"""The table of requirements §2: what can be edited, and in which states."""


def _says(product: Product) -> tuple[object, ...]:
    return product.build, product.model, product.customer_name, product.notes


@pytest.mark.parametrize("lifecycle", Lifecycle)
@pytest.mark.parametrize("setting", SETTINGS)
def test_a10_r20_r23_every_setting_in_every_state(setting: str, lifecycle: Lifecycle):
    edit, editable = SETTINGS[setting]
    product = a_product(lifecycle)
    before = _says(product)

    if lifecycle in editable:
        edit(product)
        assert _says(product) != before
    else:
        with pytest.raises(errors.ProductLocked):
            edit(product)
        assert (_says(product), said_by(product)) == (before, [])
        product.return_to_development(reason="x", impact=an_impact(product))
        edit(product)
        assert _says(product) != before


def test_going_back_needs_a_reason():
    product = a_product(MASS)

    with pytest.raises(TextWithoutWords, match="reason"):
        product.return_to_development(reason="  ", impact=an_impact(product))


def test_a_product_that_changed_since_is_refused():
    product = a_product()
    product.version = 3

    product.expect("3")
    product.expect("")
    with pytest.raises(errors.ProductChanged):
        product.expect("2")
