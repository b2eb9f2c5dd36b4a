from collections.abc import Callable

import pytest
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1 import module_pb2, product_pb2

from services.catalog.tests.shop import (
    ADMIN,
    BUYER,
    MAKER_ADMIN,
    MANAGER,
    RND,
    STRANGER,
    Shop,
    a_build,
)
from shared.caller import Caller, Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated, Refusal
from shared.testing.callers import caller
from shared.testing.crowds import at_once

Product = product_pb2.Product
Change = Callable[..., Product]


def configure(shop: Shop, who: Caller, product: Product, **more):
    build = product.build if product.HasField("build") else None
    return shop.ask(who).ConfigureProduct(
        pb.ConfigureProductRequest(**{"name": product.name, "build": build, **more})
    )


def label(shop: Shop, who: Caller, product: Product, **more):
    return shop.ask(who).LabelProduct(
        pb.LabelProductRequest(**{"name": product.name, "model": "SP-2", **more})
    )


def complete(shop: Shop, who: Caller, product: Product, **more):
    return shop.ask(who).CompleteDevelopment(
        pb.CompleteDevelopmentRequest(name=product.name, **more)
    )


def release(shop: Shop, who: Caller, product: Product, **more):
    return shop.ask(who).ReleaseProduct(pb.ReleaseProductRequest(name=product.name, **more))


def return_(shop: Shop, who: Caller, product: Product, **more):
    return shop.ask(who).ReturnProduct(
        pb.ReturnProductRequest(**{"name": product.name, "reason": "wrong panel", **more})
    )


CHANGES: dict[str, Change] = {
    "configure": configure,
    "label": label,
    "complete": complete,
    "release": release,
    "return": return_,
}
LEADS_TO: dict[tuple[str, int], int] = {
    ("configure", Product.DEVELOPMENT): Product.DEVELOPMENT,
    ("label", Product.DEVELOPMENT): Product.DEVELOPMENT,
    ("label", Product.TRIAL_PRODUCTION): Product.TRIAL_PRODUCTION,
    ("label", Product.MASS_PRODUCTION): Product.MASS_PRODUCTION,
    ("complete", Product.DEVELOPMENT): Product.TRIAL_PRODUCTION,
    ("release", Product.TRIAL_PRODUCTION): Product.MASS_PRODUCTION,
    ("return", Product.TRIAL_PRODUCTION): Product.DEVELOPMENT,
    ("return", Product.MASS_PRODUCTION): Product.DEVELOPMENT,
}
"""The table of requirements §2: every other pair is refused."""


@pytest.fixture
def firmware(shop: Shop) -> module_pb2.Firmware:
    return shop.a_firmware(shop.a_module())


def product_in(lifecycle: int, shop: Shop, firmware: module_pb2.Firmware) -> Product:
    product = shop.a_product(firmware)
    for step in (complete, release)[: lifecycle - Product.DEVELOPMENT]:
        product = step(shop, ADMIN, product)
    return product


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("lifecycle", Product.Lifecycle.values()[1:])
def test_every_command_in_every_state(
    shop: Shop, firmware: module_pb2.Firmware, change: str, lifecycle: int
):
    product = product_in(lifecycle, shop, firmware)

    if leads_to := LEADS_TO.get((change, lifecycle)):
        changed = CHANGES[change](shop, ADMIN, product)
        assert changed.lifecycle == leads_to
        assert changed.etag != product.etag
    else:
        with pytest.raises(Disallowed) as refused:
            CHANGES[change](shop, ADMIN, product)
        locked = change == "configure"
        assert refused.value.reason == ("PRODUCT_LOCKED" if locked else "PRODUCT_CANNOT_BECOME")
        assert "development" in refused.value.remedy
        assert shop.ask(ADMIN).GetProduct(pb.GetProductRequest(name=product.name)) == product


def test_a_created_product_can_be_read_back(shop: Shop, firmware: module_pb2.Firmware):
    created = shop.a_product(firmware, who=RND, customer_name="Widget Shop", notes="white")

    assert shop.ask(BUYER).GetProduct(pb.GetProductRequest(name=created.name)) == created
    assert created.name == f"enterprises/acme/products/{created.pid}"
    assert created.build == a_build(firmware)
    assert (created.firmware_version, created.firmware_state) == ("2.4.1", firmware.RELEASED)
    assert (created.lifecycle, created.owner) == (Product.DEVELOPMENT, "enterprises/acme")
    assert (created.model, created.customer_name, created.notes) == ("SP-1", "Widget Shop", "white")


def test_everything_but_its_name_may_follow_later(shop: Shop, firmware: module_pb2.Firmware):
    product = shop.a_product(model="", pid="smartplug1")
    product.build.MergeFrom(a_build(firmware))

    configure(shop, RND, product)
    label(shop, RND, product)

    assert product.pid == "smartplug1"
    assert shop.told()[1:] == ["ProductCreated", "ProductConfigured", "ProductModelChanged"]


def test_r36_a_product_id_is_unique_across_enterprises(shop: Shop):
    shop.a_product(pid="smartplug1")

    with pytest.raises(Disallowed, match="smartplug1 is taken") as refused:
        shop.a_product(pid="smartplug1", who=STRANGER)

    assert refused.value.reason == "PRODUCT_ID_TAKEN"


def test_of_many_who_want_the_same_product_id_one_gets_it(shop: Shop):
    outcomes = at_once(lambda _: shop.a_product(pid="smartplug1"), 4)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Disallowed)]
    assert {refusal.reason for refusal in refused} == {"PRODUCT_ID_TAKEN"}
    assert len(refused) == 3


def test_a_product_is_created_in_the_own_space_only(shop: Shop):
    request = pb.CreateProductRequest(
        parent="enterprises/globex", product=Product(display_name="Smart plug")
    )

    with pytest.raises(NotFound, match="There is no enterprise enterprises/globex"):
        shop.ask(ADMIN).CreateProduct(request)


def test_a_product_without_a_name_is_refused(shop: Shop):
    with pytest.raises(Malformed, match=r"product\.display_name"):
        shop.a_product(display_name="")


DEVELOPERS = {Role.RND, Role.ADMINISTRATOR}
MAY: dict[str, set[Role]] = {
    "configure": DEVELOPERS,
    "label": DEVELOPERS,
    "complete": {Role.ADMINISTRATOR, Role.DEVELOPMENT_COMPLETER},
    "release": {Role.ADMINISTRATOR},
    "return": {Role.ADMINISTRATOR},
}
"""Who takes which step (R35, A13): every other role is refused, whatever the state."""


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("lifecycle", Product.Lifecycle.values()[1:])
def test_every_command_in_every_state_by_every_role(
    shop: Shop, firmware: module_pb2.Firmware, change: str, lifecycle: int
):
    verdicts: dict[Role, object] = {}
    product = product_in(lifecycle, shop, firmware)
    for role in set(Role) - {Role.PARTNER}:
        try:
            verdicts[role] = CHANGES[change](shop, caller(role), product).lifecycle
            product = product_in(lifecycle, shop, firmware)
        except Refusal as refusal:
            verdicts[role] = refusal.reason
            read = pb.GetProductRequest(name=product.name)
            assert shop.ask(ADMIN).GetProduct(read) == product

    refused = "PRODUCT_LOCKED" if change == "configure" else "PRODUCT_CANNOT_BECOME"
    allowed = LEADS_TO.get((change, lifecycle), refused)
    assert verdicts == {
        role: allowed if role in MAY[change] else "NOT_YOUR_ROLE"
        for role in set(Role) - {Role.PARTNER}
    }


@pytest.mark.parametrize("role", [Role.BUYER, Role.ENTERPRISE_FINANCE, Role.PROJECT_MANAGER])
def test_only_developers_create_products(shop: Shop, role: Role):
    with pytest.raises(Forbidden):
        shop.a_product(who=caller(role))


@pytest.mark.parametrize("change", CHANGES)
def test_a_foreign_product_is_not_there(shop: Shop, firmware: module_pb2.Firmware, change: str):
    product = shop.a_product(firmware)
    missing = Product(name="enterprises/acme/products/none0000")
    missing.build.MergeFrom(product.build)

    with pytest.raises(NotFound) as foreign:
        CHANGES[change](shop, STRANGER, product)
    with pytest.raises(NotFound) as absent:
        CHANGES[change](shop, ADMIN, missing)

    assert str(foreign.value).replace(product.pid, "none0000") == str(absent.value)


@pytest.mark.parametrize("change", CHANGES)
def test_who_may_order_a_product_may_not_change_it(
    shop: Shop, firmware: module_pb2.Firmware, change: str
):
    product = shop.a_product(firmware)
    shop.associate(product)

    with pytest.raises(Forbidden, match="belongs to enterprises/acme"):
        CHANGES[change](shop, MAKER_ADMIN, product)


@pytest.mark.parametrize("change", CHANGES)
def test_a_product_seen_before_somebody_else_changed_it_is_not_changed(
    shop: Shop, firmware: module_pb2.Firmware, change: str
):
    product = shop.a_product(firmware)
    label(shop, RND, product)

    with pytest.raises(Outdated) as refused:
        CHANGES[change](shop, ADMIN, product, etag=product.etag)

    assert refused.value.reason == "PRODUCT_CHANGED"


@pytest.mark.parametrize("change", [complete, return_])
def test_a_dry_run_answers_and_changes_nothing(
    shop: Shop, firmware: module_pb2.Firmware, change: Change
):
    start = Product.DEVELOPMENT if change is complete else Product.MASS_PRODUCTION
    product, before = product_in(start, shop, firmware), shop.told()

    would_be = change(shop, ADMIN, product, validate_only=True)

    assert would_be.lifecycle != product.lifecycle
    assert shop.ask(ADMIN).GetProduct(pb.GetProductRequest(name=product.name)) == product
    assert shop.told() == before


def test_a_repeated_request_gets_the_first_answer(shop: Shop, firmware: module_pb2.Firmware):
    product = shop.a_product(firmware)

    first = complete(shop, ADMIN, product, request_id="once")
    again = complete(shop, ADMIN, product, request_id="once")

    assert again == first
    assert shop.told().count("DevelopmentCompleted") == 1


def test_two_who_change_a_product_at_once_do_not_both_succeed(
    shop: Shop, firmware: module_pb2.Firmware
):
    product = shop.a_product(firmware)

    outcomes = at_once(lambda _: complete(shop, ADMIN, product), 4)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert len(refused) == 3
    assert shop.told().count("DevelopmentCompleted") == 1


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"module": "modules/none"}, NotFound),
        ({"firmware": "modules/wr3e/firmware/none"}, NotFound),
        ({"firmware": "firmware/none"}, Malformed),
        ({"module": "modules/cb2s"}, Malformed),
        ({"module": ""}, Malformed),
        ({"data_points": ["switch_1", "switch_1"]}, Malformed),
    ],
)
def test_a_build_that_cannot_be_is_refused(
    shop: Shop, firmware: module_pb2.Firmware, wrong: dict[str, str], refusal: type[Refusal]
):
    shop.a_module("cb2s")
    product = shop.a_product(firmware)

    with pytest.raises(refusal):
        configure(shop, RND, product, build=a_build(firmware, **wrong))


def test_nothing_new_is_built_with_retired_firmware(shop: Shop, firmware: module_pb2.Firmware):
    shop.ask(MANAGER).RetireFirmware(pb.RetireFirmwareRequest(name=firmware.name))

    with pytest.raises(Disallowed, match=r"Firmware 2\.4\.1 is retired"):
        shop.a_product(firmware)


def test_a11_beta_firmware_keeps_a_product_from_mass_production(shop: Shop):
    firmware = shop.a_firmware(shop.a_module(), released=False)
    product = complete(shop, ADMIN, shop.a_product(firmware))

    with pytest.raises(Disallowed, match="needs released firmware"):
        release(shop, ADMIN, product)
    shop.ask(MANAGER).ReleaseFirmware(pb.ReleaseFirmwareRequest(name=firmware.name))

    assert release(shop, ADMIN, product).lifecycle == Product.MASS_PRODUCTION


@pytest.mark.parametrize("model", ["", "  "])
def test_r28_a_product_needs_a_model_to_leave_development_and_keeps_it(
    shop: Shop, firmware: module_pb2.Firmware, model: str
):
    product = shop.a_product(firmware, model="")
    with pytest.raises(Disallowed, match="no model label"):
        complete(shop, ADMIN, product)
    label(shop, RND, product)
    complete(shop, ADMIN, product)

    with pytest.raises(Disallowed, match="no model label"):
        label(shop, RND, product, model=model)


def test_a_return_needs_a_reason(shop: Shop, firmware: module_pb2.Firmware):
    product = product_in(Product.MASS_PRODUCTION, shop, firmware)

    for reason in ("", "   "):
        with pytest.raises(Malformed, match="reason"):
            return_(shop, ADMIN, product, reason=reason)
