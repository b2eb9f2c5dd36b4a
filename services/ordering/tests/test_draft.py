"""Filling and submitting (transitions 1-3): what may be ordered, and what is frozen."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.ordering.domain import draft
from services.ordering.domain.errors import (
    BadQuantity,
    CertificationEnded,
    DevelopmentNotCompleted,
    EnterpriseNotCertified,
    FirmwareNotAllowed,
    FormIncomplete,
    LineNotFound,
    NoListPrice,
    NotACountry,
    NotAuthorizedForProduct,
    NothingOrdered,
    OneCurrencyOnly,
    OneOwnerOnly,
    PricesChanged,
    ProductNotFound,
    ProductNotReleased,
    ProductOrderedTwice,
    QuantityAboveLimit,
    QuantityBelowMinimum,
    QuantityNotPacked,
    TooManyLines,
)
from services.ordering.domain.events import OrderSubmitted
from services.ordering.domain.form import InvoiceType, OrderForm
from services.ordering.domain.gates import Gate
from services.ordering.domain.offer import Assortment, PriceTier
from services.ordering.domain.purchase_order import canonical
from services.ordering.domain.rules import MOST_UNITS
from services.ordering.domain.words import FirmwareState, Lifecycle, Party, Purpose, State
from services.ordering.tests.builders import (
    CAPS,
    LAMP,
    PLUG,
    a_customer,
    a_draft,
    a_form,
    an_address,
    an_assortment,
    an_invoice_title,
    an_offer,
    cny,
    confirm_price,
    kinds,
    submit,
    told,
)
from shared.caller import Role
from shared.errors import Disallowed, Refusal
from shared.money import Money

MASS, TRIAL = Purpose.MASS_PRODUCTION, Purpose.TRIAL_PRODUCTION
RND = {PLUG: frozenset({Role.RND})}


def test_a_draft_copies_what_the_catalogue_says_and_adds_up() -> None:
    order = a_draft((PLUG, 100), (LAMP, 1000))

    assert order.state is State.DRAFT
    assert [line.firmware_version for line in order.lines] == ["2.4.1", "2.4.1"]
    assert [line.unit_price for line in order.lines] == [cny("9.50"), cny("8.125")]
    assert order.total == cny("9075.00")
    assert (order.owner, order.waiting_on) == ("acme", Party.BUYER)
    assert kinds(order) == []


def test_a_removed_line_number_is_not_used_again() -> None:
    order = a_draft((PLUG, 100), (LAMP, 100))
    draft.remove_line(order, line_no=2)
    lamps = draft.Wanted(product=LAMP, quantity=200)
    draft.add_line(order, lamps, assortment=an_assortment(), caps=CAPS)

    assert [line.line_no for line in order.lines] == [1, 3]
    with pytest.raises(LineNotFound):
        order.line(2)


def test_an_emptied_draft_may_be_for_another_owner() -> None:
    other = an_offer("enterprises/brand/products/x1")
    order = a_draft((PLUG, 100))
    draft.remove_line(order, line_no=1)
    wanted = draft.Wanted(product=other.product, quantity=100)
    draft.add_line(order, wanted, assortment=an_assortment(other), caps=CAPS)

    assert order.owner == "brand"


def test_a_changed_quantity_has_the_price_of_its_tier() -> None:
    order = a_draft((PLUG, 100))
    draft.change_line(order, line_no=1, quantity=1000, assortment=an_assortment(), caps=CAPS)

    assert order.total == cny("8125.00")


@pytest.mark.parametrize(
    ("purpose", "offer", "quantity", "refusal"),
    [
        (MASS, {"lifecycle": Lifecycle.DEVELOPMENT}, 100, DevelopmentNotCompleted),
        (MASS, {"lifecycle": Lifecycle.TRIAL_PRODUCTION}, 100, ProductNotReleased),
        (TRIAL, {"lifecycle": Lifecycle.DEVELOPMENT}, 100, DevelopmentNotCompleted),
        (MASS, {"firmware_state": FirmwareState.BETA}, 100, FirmwareNotAllowed),
        (MASS, {"firmware_state": FirmwareState.RETIRED}, 100, FirmwareNotAllowed),
        (TRIAL, {"firmware_state": FirmwareState.RETIRED}, 100, FirmwareNotAllowed),
        (TRIAL, {}, 1001, QuantityAboveLimit),
        (MASS, {}, MOST_UNITS + 50, QuantityAboveLimit),
        (MASS, {}, 50, QuantityBelowMinimum),
        (MASS, {}, 120, QuantityNotPacked),
        (TRIAL, {}, 0, BadQuantity),
        (MASS, {}, -100, BadQuantity),
        (TRIAL, {"tiers": (PriceTier(from_quantity=10, unit_price=cny("1")),)}, 5, NoListPrice),
    ],
)
def test_what_the_table_does_not_allow_is_refused_naming_the_product(
    purpose: Purpose, offer: dict[str, Any], quantity: int, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as refused:
        a_draft((PLUG, quantity), purpose=purpose, assortment=an_assortment(an_offer(**offer)))

    assert refused.value.facts["pid"] == "plug16"
    assert "plug16" in str(refused.value)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("minimum", "unit", "quantity", "fix"),
    [
        (100, 50, 120, "Order 100 or 150."),
        (100, 50, 149, "Order 100 or 150."),
        (100, 50, 99, "Order 100 or more."),
        (120, 50, 130, "Order 150 or more."),
        (1, 500, 1, "Order 500 or more."),
        (0, 0, 7, None),
        (120, 50, 150, None),
    ],
)
def test_a_quantity_that_cannot_be_is_refused_with_the_nearest_that_can(
    minimum: int, unit: int, quantity: int, fix: str | None
) -> None:
    offer = an_assortment(an_offer(minimum_quantity=minimum, packing_unit=unit))
    if fix is None:
        assert a_draft((PLUG, quantity), purpose=MASS, assortment=offer).lines
        return
    with pytest.raises(Disallowed) as refused:
        a_draft((PLUG, quantity), purpose=MASS, assortment=offer)

    assert refused.value.remedy == fix


@pytest.mark.parametrize("lifecycle", [Lifecycle.TRIAL_PRODUCTION, Lifecycle.MASS_PRODUCTION])
@pytest.mark.parametrize("state", [FirmwareState.BETA, FirmwareState.RELEASED])
def test_a_trial_run_takes_any_firmware_in_use_and_any_small_quantity(
    lifecycle: Lifecycle, state: FirmwareState
) -> None:
    offer = an_offer(lifecycle=lifecycle, firmware_state=state)
    order = a_draft((PLUG, 7), purpose=TRIAL, assortment=an_assortment(offer))

    assert order.total == cny("66.50")


def test_a_product_the_enterprise_cannot_see_does_not_exist() -> None:
    with pytest.raises(ProductNotFound, match="lamp9"):
        a_draft((LAMP, 100), assortment=an_assortment(an_offer(PLUG)))
    with pytest.raises(ProductNotFound, match="plug16"):
        a_draft((PLUG, 100), assortment=an_assortment(an_offer(PLUG), roles={}))


def test_an_order_needs_an_authorization_for_each_product() -> None:
    with pytest.raises(NotAuthorizedForProduct, match="plug16"):
        a_draft((PLUG, 100), assortment=an_assortment(an_offer(PLUG), roles={PLUG: frozenset()}))


def test_r24_rnd_may_order_in_bulk_too() -> None:
    assert a_draft((PLUG, 100), assortment=an_assortment(an_offer(PLUG), roles=RND)).lines


def test_r27_an_enterprise_without_certification_orders_nothing() -> None:
    uncertified = an_assortment(customer=a_customer(certified=False))
    with pytest.raises(EnterpriseNotCertified, match="Acme Lighting GmbH"):
        a_draft(assortment=uncertified)
    with pytest.raises(EnterpriseNotCertified):
        submit(a_draft(), assortment=uncertified)


def test_r27_an_enterprise_whose_certification_ended_is_told_so() -> None:
    ended = a_customer(certified=False, certified_until=datetime(2026, 3, 1, tzinfo=UTC))
    with pytest.raises(CertificationEnded, match="2026-03-01") as refused:
        submit(a_draft(), assortment=an_assortment(customer=ended))
    assert "administrator" in refused.value.remedy


def test_a12_one_order_has_one_owner_one_currency_and_each_product_once() -> None:
    brand = an_offer("enterprises/brand/products/x1")
    dollars = (PriceTier(from_quantity=1, unit_price=Money("USD", cny("1").amount)),)
    foreign = an_offer(LAMP, tiers=dollars)
    with pytest.raises(OneOwnerOnly):
        a_draft((PLUG, 100), (brand.product, 100), assortment=an_assortment(an_offer(), brand))
    with pytest.raises(OneCurrencyOnly):
        a_draft((PLUG, 100), (LAMP, 100), assortment=an_assortment(an_offer(), foreign))
    with pytest.raises(ProductOrderedTwice, match="as line 1"):
        a_draft((PLUG, 100), (PLUG, 100))


def test_an_order_has_at_most_200_lines() -> None:
    offers = [an_offer(f"enterprises/acme/products/p{n}") for n in range(201)]
    with pytest.raises(TooManyLines, match="200"):
        a_draft(*((offer.product, 100) for offer in offers), assortment=an_assortment(*offers))


def test_submit_makes_an_intention_and_tells_what_was_ordered() -> None:
    order = a_draft()
    snapshot = submit(order)

    [event] = told(order)
    assert isinstance(event, OrderSubmitted)
    assert event.purchase_order.snapshot_digest == snapshot.digest == order.snapshot_digest
    assert event.purchase_order.business_manager == order.business_manager
    assert (order.state, order.waiting_on) == (State.INTENTION, Party.BUSINESS_MANAGER)


def test_i2_the_digest_is_that_of_the_snapshot_and_survives_the_confirmed_price() -> None:
    order = a_draft()
    snapshot = submit(order)
    confirm_price(order, prices={1: cny("9.00")})

    assert snapshot.digest == f"sha256:{hashlib.sha256(snapshot.content).hexdigest()}"
    assert order.snapshot_digest == snapshot.digest
    priced = replace(order.purchase_order(), snapshot_digest="", terms=None)
    assert canonical(priced) != snapshot.content
    assert json.loads(snapshot.content)["lines"][0]["firmwareDigest"] == "sha256:" + "ab" * 32


@given(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.decimals(min_value="0.000000001", max_value=10**9, places=9),
    st.integers(100, 10**7 - 50),
)
def test_the_snapshot_is_canonical_json_whatever_is_in_it(
    text: str, price: Decimal, quantity: int
) -> None:
    tiers = (PriceTier(from_quantity=1, unit_price=Money("CNY", price)),)
    offer = an_offer(display_name=text, tiers=tiers, packing_unit=1)
    order = a_draft((PLUG, quantity), assortment=an_assortment(offer), form=a_form(remarks=text))
    snapshot = submit(order, assortment=an_assortment(offer))

    assert snapshot.content == rfc8785.dumps(json.loads(snapshot.content))


def test_submit_takes_what_the_catalogue_says_now() -> None:
    order = a_draft((PLUG, 100))
    submit(order, assortment=an_assortment(an_offer(firmware_version="2.5.0")))

    assert order.lines[0].firmware_version == "2.5.0"


def at(price: str, currency: str = "CNY") -> Assortment:
    tiers = (PriceTier(from_quantity=1, unit_price=Money(currency, Decimal(price))),)
    return an_assortment(an_offer(tiers=tiers))


@pytest.mark.parametrize("now", [at("8.01"), at("7", "EUR")])
def test_what_costs_more_by_now_than_was_seen_is_submitted_knowingly_only(now: Assortment) -> None:
    order = a_draft((PLUG, 100), assortment=at("8"))
    with pytest.raises(PricesChanged) as refused:
        submit(order, assortment=now)
    total = order.total
    assert total
    assert refused.value.facts["before"] == "800.00 CNY"
    assert refused.value.facts["total"] == str(total)

    order = a_draft((PLUG, 100), assortment=at("8"))
    with pytest.raises(PricesChanged):
        submit(order, assortment=now, expected=replace(total, amount=total.amount - 1))
    order = a_draft((PLUG, 100), assortment=at("8"))
    submit(order, assortment=now, expected=total)
    assert order.total == total


def test_what_costs_less_by_now_is_submitted_at_the_lower_price() -> None:
    order = a_draft((PLUG, 100), assortment=at("8"))
    submit(order, assortment=at("7"))
    assert order.total == Money("CNY", Decimal(700))


def test_submit_checks_everything_again() -> None:
    returned = an_assortment(an_offer(lifecycle=Lifecycle.DEVELOPMENT))
    with pytest.raises(DevelopmentNotCompleted):
        submit(a_draft((PLUG, 100)), assortment=returned)


def test_an_empty_order_cannot_be_submitted() -> None:
    order = a_draft((PLUG, 100))
    draft.remove_line(order, line_no=1)
    with pytest.raises(NothingOrdered):
        submit(order)


def test_every_gap_of_the_form_is_named_at_once() -> None:
    gaps = OrderForm(
        po_no="  ", invoice_title=an_invoice_title(type=InvoiceType.SPECIAL_VAT, tax_id="")
    )
    with pytest.raises(FormIncomplete) as refused:
        submit(a_draft(), form=gaps)

    assert refused.value.facts["fields"].split(", ") == [
        "po_no",
        "customer_batch_no",
        "model_no",
        "material_model",
        *(f"delivery_address.{part}" for part in ("recipient", "phone", "street", "city")),
        "delivery_address.country_code",
        *(f"invoice_title.{part}" for part in ("tax_id", "address", "phone", "bank")),
        "invoice_title.bank_account",
    ]


def test_a1_an_invoice_title_needs_a_type_and_a_general_one_two_fields() -> None:
    with pytest.raises(FormIncomplete, match=r"invoice_title\.type"):
        submit(a_draft(), form=a_form(invoice_title=an_invoice_title(type=None)))
    submit(a_draft(), form=a_form(invoice_title=an_invoice_title()))


@pytest.mark.parametrize("code", ["Germany", "de", "D1", "ÄÖ"])
def test_a_country_is_two_capital_letters(code: str) -> None:
    form = a_form(delivery_address=an_address(country_code=code))
    with pytest.raises(NotACountry):
        submit(a_draft(), form=form)


def test_an_invoice_is_waited_for_only_if_it_is_wanted() -> None:
    plain, invoiced = a_draft(), a_draft()
    submit(plain)
    submit(invoiced, form=a_form(invoice_title=an_invoice_title()))

    assert plain.gates.invoice is Gate.NOT_REQUIRED
    assert invoiced.gates.invoice is Gate.PENDING
