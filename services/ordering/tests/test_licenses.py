"""Orders of licences: codes for a product, by type, ordered like modules and never made (A7)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.ordering.domain import amending, draft, ending, facts, life
from services.ordering.domain.amendment import Change, Field
from services.ordering.domain.errors import (
    AboveAuthorizedQuantity,
    CannotBeAmended,
    DevelopmentNotCompleted,
    FormIncomplete,
    LicensesOnTheirOwn,
    LicenseTypeMissing,
    LicenseTypeNotOffered,
    MoreThanOrdered,
    NoListPrice,
    NotAuthorizedForProduct,
    NothingIsShipped,
    OrderCannotBe,
    ProductOrderedTwice,
    PurposeNotForLicenses,
    QuantityAboveLimit,
    QuantityBelowMinimum,
)
from services.ordering.domain.gates import Gate
from services.ordering.domain.liability import Stage
from services.ordering.domain.offer import Assortment
from services.ordering.domain.order import Order
from services.ordering.domain.reorder import reorder
from services.ordering.domain.words import Family, FirmwareState, Lifecycle, Party, Purpose, State
from services.ordering.tests.builders import (
    AUDIO,
    BUYER,
    CAPS,
    LAMP,
    PLUG,
    VIDEO,
    a_draft,
    a_form,
    a_license,
    an_address,
    an_order_of_licenses,
    cny,
    confirm_price,
    issue,
    licensing,
    open_codes,
    pay,
    submit,
)
from services.ordering.tests.changes import PERCENTAGES
from shared.caller import Role


def order_licenses(
    *wanted: tuple[str, int] | tuple[str, int, str],
    purpose: Purpose = Purpose.MASS_PRODUCTION,
    assortment: Assortment | None = None,
) -> Order:
    return a_draft(
        *(wanted or ((PLUG, 100, VIDEO),)),
        purpose=purpose,
        family=Family.LICENSE,
        assortment=assortment or licensing(),
    )


def paid() -> Order:
    order = an_order_of_licenses()
    submit(order, assortment=licensing())
    confirm_price(order)
    pay(order, in_full=True)
    return order


def test_r10_a_line_of_licences_has_a_product_a_type_and_nothing_that_is_made() -> None:
    first, second, third = an_order_of_licenses().lines

    assert (first.product, first.license_type, first.quantity) == (PLUG, VIDEO, 100)
    assert first.license_type_display_name == "IPC SDK, video"
    assert (first.pid, first.model, first.lead_time_days) == ("plug16", "M-plug16", 2)
    built = [first.module, first.module_display_name, first.firmware, first.firmware_version]
    assert [*built, first.firmware_digest] == [""] * 5
    assert (second.unit_price, third.amount) == (cny("1.55"), cny("20.00"))


def test_every_gate_that_does_not_apply_to_licences_is_recorded() -> None:
    gates = an_order_of_licenses().gates
    signed = an_order_of_licenses(signed=True).gates

    skipped = {name for name, gate in vars(gates).items() if gate is Gate.NOT_REQUIRED}
    assert skipped == {"software", "contract", "deposit", "production", "shipment", "invoice"}
    assert signed.contract is Gate.PENDING


def test_one_product_may_have_licences_of_several_types_each_once() -> None:
    with pytest.raises(ProductOrderedTwice):
        order_licenses((PLUG, 100, VIDEO), (PLUG, 50, AUDIO), (PLUG, 50, VIDEO))


def test_a12_licences_and_modules_have_orders_of_their_own() -> None:
    with pytest.raises(LicenseTypeMissing) as missing:
        order_licenses((PLUG, 100))
    assert "Purchase license" in missing.value.remedy
    with pytest.raises(LicensesOnTheirOwn, match="plug16"):
        a_draft((PLUG, 100, VIDEO), assortment=licensing())


def test_only_licences_for_the_products_module_that_are_sold_can_be_ordered() -> None:
    retired = replace(licensing(), licenses={})
    with pytest.raises(LicenseTypeNotOffered, match="ipc-sdk-video"):
        order_licenses(assortment=retired)
    for_others = licensing(licenses=(AUDIO,))
    with pytest.raises(LicenseTypeNotOffered, match="plug16"):
        order_licenses(assortment=for_others)


def test_a_licence_that_was_retired_since_cannot_be_submitted() -> None:
    order = order_licenses()
    with pytest.raises(LicenseTypeNotOffered):
        submit(order, assortment=licensing(a_license(AUDIO)))


@pytest.mark.parametrize("purpose", [Purpose.DEBUGGING, Purpose.RND_SAMPLE])
def test_licences_are_ordered_for_trial_and_mass_production_only(purpose: Purpose) -> None:
    with pytest.raises(PurposeNotForLicenses, match=purpose.value):
        order_licenses(purpose=purpose)


def test_r3_licences_need_completed_development_but_no_firmware() -> None:
    with pytest.raises(DevelopmentNotCompleted):
        order_licenses(assortment=licensing(lifecycle=Lifecycle.DEVELOPMENT))
    for state in (*FirmwareState, None):
        assert order_licenses(assortment=licensing(firmware_state=state)).lines


@pytest.mark.parametrize("purpose", [Purpose.TRIAL_PRODUCTION, Purpose.MASS_PRODUCTION])
def test_a_licence_has_a_least_quantity_of_its_own_and_is_not_packed(purpose: Purpose) -> None:
    assert order_licenses((PLUG, 11, VIDEO), purpose=purpose).lines
    with pytest.raises(QuantityBelowMinimum, match="10"):
        order_licenses((PLUG, 9, VIDEO), purpose=purpose)


def test_limits_and_prices_hold_for_licences_too() -> None:
    with pytest.raises(QuantityAboveLimit, match="1000"):
        order_licenses((PLUG, 1001, VIDEO), purpose=Purpose.TRIAL_PRODUCTION)
    with pytest.raises(NoListPrice, match="plug16"):
        order_licenses(assortment=licensing(a_license(VIDEO, tiers=())))


def test_r24_the_roles_of_bulk_orders_order_licences() -> None:
    nobody = replace(licensing(), roles={PLUG: frozenset(), LAMP: frozenset()})
    with pytest.raises(NotAuthorizedForProduct):
        order_licenses(assortment=nobody)
    developers = replace(licensing(), roles=dict.fromkeys((PLUG, LAMP), frozenset({Role.RND})))
    assert order_licenses(assortment=developers).lines


def test_a_cap_counts_all_licences_of_a_product_together() -> None:
    assert an_order_of_licenses().basket.lines == {PLUG: 1100, LAMP: 10}
    capped = replace(licensing(), remaining={PLUG: 50})
    with pytest.raises(AboveAuthorizedQuantity, match="50"):
        order_licenses(assortment=capped)


def test_another_quantity_has_the_price_of_its_tier() -> None:
    order = order_licenses()
    draft.change_line(order, line_no=1, quantity=1000, assortment=licensing(), caps=CAPS)

    assert order.total == cny("1550.00")


def test_a_replacement_has_the_same_licences() -> None:
    order = order_licenses()
    submit(order, assortment=licensing())
    again = life.replace(order, order_no="MR-2026-000124", buyer=BUYER, license_contract=True)

    assert [(line.license_type, line.quantity) for line in again.lines] == [(VIDEO, 100)]
    assert again.family is Family.LICENSE
    assert again.gates.contract is Gate.PENDING  # What the policy is now.


def test_what_was_ordered_before_is_ordered_again_with_its_licences() -> None:
    made = reorder(
        paid(), order_no="MR-2026-000124", buyer=BUYER, assortment=licensing(), caps=CAPS
    )

    assert [line.license_type for line in made.order.lines] == [VIDEO, AUDIO, VIDEO]
    assert not made.left_out


def test_the_passport_names_the_licences() -> None:
    order = order_licenses()
    content = submit(order, assortment=licensing()).content.decode()

    assert f'"licenseType":"{VIDEO}"' in content
    assert "firmware" not in content


def test_codes_are_waited_for_and_then_opened_line_by_line() -> None:
    order = paid()
    facts.licenses_issued(order, line_no=1, issued=60)
    assert (order.waiting_on, order.waiting_task) == (Party.PRODUCTION, "issue the licence codes")
    issue(order)
    facts.licenses_opened(order, line_no=1, opened=100)
    assert (order.waiting_on, order.waiting_task) == (Party.BUYER, "open the licence codes")
    assert order.gates.receipt is Gate.PENDING
    open_codes(order)
    assert order.state is State.COMPLETED


def test_a_delivery_that_is_invoiced_waits_for_the_invoice() -> None:
    order = paid()
    facts.invoice_requested(order)
    issue(order)
    open_codes(order)
    assert (order.state, order.waiting_on) == (State.DELIVERED, Party.FINANCE)
    facts.invoice_issued(order)
    assert order.state is State.COMPLETED


def test_i7_no_more_codes_are_counted_than_were_ordered() -> None:
    order = paid()
    with pytest.raises(MoreThanOrdered, match="issued"):
        facts.licenses_issued(order, line_no=1, issued=101)
    with pytest.raises(MoreThanOrdered, match="opened"):
        facts.licenses_opened(order, line_no=1, opened=101)


def test_the_same_news_twice_count_once() -> None:
    order = paid()
    for _ in range(2):
        facts.licenses_issued(order, line_no=1, issued=60)
        facts.licenses_opened(order, line_no=1, opened=60)
    assert (order.lines[0].finished_quantity, order.lines[0].received_quantity) == (60, 60)


def test_ending_an_order_costs_all_of_it_once_codes_were_opened() -> None:
    order = paid()
    before = ending.liability_of(order, PERCENTAGES)
    issue(order)
    sealed = ending.liability_of(order, PERCENTAGES)
    facts.licenses_opened(order, line_no=1, opened=1)
    after = ending.liability_of(order, PERCENTAGES)

    assert before == sealed
    assert before
    assert after
    assert (before.stage, after.stage) == (Stage.DEPOSIT_PAID, Stage.READY)


def test_r9_codes_go_to_no_address_whatever_the_form_says() -> None:
    order = an_order_of_licenses()
    assert order.form == a_form(delivery_address=None)
    draft.save_form(order, a_form(po_no="PO-78"))
    assert order.form == a_form(po_no="PO-78", delivery_address=None)
    snapshot = submit(order, assortment=licensing(), form=a_form(po_no="PO-79"))
    assert b"PO-79" in snapshot.content
    assert b"deliveryAddress" not in snapshot.content


def test_all_else_of_the_form_is_needed_for_licences_too() -> None:
    with pytest.raises(FormIncomplete) as refused:
        submit(an_order_of_licenses(), assortment=licensing(), form=a_form(po_no=""))
    assert refused.value.facts["fields"] == "po_no"


def test_nobody_changes_where_codes_are_delivered_to() -> None:
    order = paid()
    change = Change(field=Field.DELIVERY_ADDRESS, address=an_address(city="Bonn"))
    with pytest.raises(NothingIsShipped):
        _ask_for(order, change)
    _ask_for(order, Change(field=Field.DELIVERY_DATE, delivery_date="2999-01-01"))
    assert order.proposal is not None


def test_a_refusal_says_what_is_true_of_licences() -> None:
    order = paid()
    with pytest.raises(OrderCannotBe, match="is paid in full and cannot be changed"):
        draft.save_form(order, a_form())
    with pytest.raises(CannotBeAmended, match="is paid in full, so the quantity"):
        _ask_for(order, Change(field=Field.QUANTITY, line_no=1, quantity=200))
    issue(order)
    open_codes(order)
    with pytest.raises(OrderCannotBe) as refused:
        _ask_for(order, Change(field=Field.DELIVERY_DATE, delivery_date="2999-01-01"))
    assert "production" not in refused.value.facts["possible"]


def _ask_for(order: Order, change: Change) -> None:
    amending.propose(
        order, by=BUYER, party=Party.BUYER, changes=[change], reason="", validity=timedelta(days=9)
    )
