"""Value-added services on lines: which may be there, and what they come to (R22, R25)."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ordering.domain import draft, errors, life, review
from services.ordering.domain.amendment import Changed
from services.ordering.domain.events import OrderClearedForProduction, OrderConfirmed
from services.ordering.domain.gates import Gate
from services.ordering.domain.line_service import (
    BadServicePrice,
    Charges,
    ServiceNotOnLine,
    ServicePrice,
    ServicePriceNeedsReason,
)
from services.ordering.domain.offer import PriceTier
from services.ordering.domain.order import Order
from services.ordering.domain.purchase_order import canonical
from services.ordering.domain.service_offer import (
    ServiceBelowMinimum,
    ServiceInAnotherCurrency,
    ServiceNotForFamily,
    ServiceNotForModule,
    ServiceNotForPurpose,
    ServiceNotSold,
    ServiceOffer,
    ServiceOrderedTwice,
    ServiceWithoutPrice,
)
from services.ordering.domain.words import Family, Lifecycle, Party, Purpose, State
from services.ordering.tests.builders import (
    BM,
    BUYER,
    CAPS,
    LABELS,
    PACKING,
    PLUG,
    USUAL,
    a_draft,
    a_service,
    an_assortment,
    an_offer,
    an_order,
    cny,
    confirm_software,
    pay,
    submit,
    told,
    with_services,
)
from services.ordering.tests.changes import (
    agree,
    amend,
    labels_on,
    propose,
    to_address,
    to_quantity,
    to_services,
)
from shared.errors import Refusal
from shared.money import Money

PACKED = a_service(PACKING, tiers=(), price_per_order=None, setup_fee=cny("12.5"))


def a_labelled(quantity: int = 100, *services: str, **of: Any) -> Order:
    wanted = (PLUG, quantity, list(services) or [LABELS])
    return a_draft(wanted, **{"assortment": with_services(PACKED), **of})


def a_submitted(quantity: int = 100, *services: str) -> Order:
    order = a_labelled(quantity, *services)
    submit(order, assortment=with_services(PACKED))
    return order


def confirm(order: Order, *prices: ServicePrice) -> None:
    agreed = review.terms(order, usual=USUAL)
    review.confirm_price(order, by=BM, prices={}, service_prices=prices, agreed=agreed)


def test_r22_a_line_costs_its_units_and_what_is_done_on_top() -> None:
    order = a_labelled(1100, LABELS, PACKING)
    line = order.line(1)
    labels, packing = line.services

    assert labels.amount(1100) == cny("388.50")  # 38.50 + 50 + 300
    assert packing.amount(1100) == cny("12.50")
    assert line.amount == cny("8937.50")
    assert line.total == order.total == cny("9338.50")
    assert line.lead_time == 21 + 2 + 2


@given(
    unit=st.none() | st.decimals(0, 1000, places=4),
    fee=st.none() | st.decimals(0, 1000, places=2),
    quantity=st.integers(1, 10**6),
)
def test_units_are_rounded_once_together_and_the_parts_add_up(
    unit: Decimal | None, fee: Decimal | None, quantity: int
) -> None:
    charges = Charges(unit_price=unit, setup_fee=fee, price_per_order=fee)
    pieces = (Money("CNY", unit or Decimal(0)) * quantity).rounded()

    total = charges.total("CNY", quantity)
    assert total == total.rounded()
    assert total.amount == pieces.amount + 2 * (fee or Decimal(0))


@pytest.mark.parametrize(
    ("offer", "refusal", "said"),
    [
        (a_service(purposes=frozenset({Purpose.TRIAL_PRODUCTION})), ServiceNotForPurpose, "trial"),
        (a_service(modules=("modules/other",)), ServiceNotForModule, "WB3S"),
        (a_service(minimum_quantity=101), ServiceBelowMinimum, "101"),
        (a_service(tiers=(), price_per_order=None, setup_fee=None), ServiceWithoutPrice, "price"),
        (a_service(setup_fee=Money("EUR", Decimal(1))), ServiceInAnotherCurrency, "EUR"),
        (a_service(PACKING), ServiceNotSold, "labels"),
    ],
)
def test_what_cannot_be_done_to_a_line_is_refused_and_says_what_to_do(
    offer: ServiceOffer, refusal: type[Refusal], said: str
) -> None:
    order = a_draft((PLUG, 100))
    assortment = an_assortment(services=(offer,))
    with pytest.raises(refusal, match=said) as refused:
        draft.change_services(order, line_no=1, services=[LABELS], assortment=assortment, caps=CAPS)
    assert refused.value.remedy
    assert order.total == cny("950.00")


def test_a_service_is_on_a_line_once() -> None:
    with pytest.raises(ServiceOrderedTwice):
        a_labelled(100, LABELS, PACKING, LABELS)


def test_r22_samples_and_licences_have_none() -> None:
    developing = an_offer(PLUG, lifecycle=Lifecycle.DEVELOPMENT)
    sold = an_assortment(developing, services=(a_service(),))
    with pytest.raises(ServiceNotForPurpose, match="an R&D sample; it can for trial production or"):
        a_labelled(60, purpose=Purpose.RND_SAMPLE, assortment=sold)
    order = a_draft((PLUG, 100))
    order.family = Family.LICENSE
    with pytest.raises(ServiceNotForFamily):
        draft.change_services(
            order, line_no=1, services=[LABELS], assortment=with_services(), caps=CAPS
        )


def test_another_quantity_has_other_prices_and_no_service_is_lost() -> None:
    order = a_labelled(100)
    draft.change_line(order, line_no=1, quantity=1000, assortment=with_services(), caps=CAPS)

    (labels,) = order.line(1).services
    assert labels.listed.unit_price == Decimal("0.035")
    assert order.total == cny("8510.00")


def test_what_is_no_longer_sold_keeps_an_order_from_being_submitted() -> None:
    order = a_labelled(100)
    with pytest.raises(ServiceNotSold) as refused:
        submit(order, assortment=an_assortment(services=(PACKED,)))
    assert "off the line" in refused.value.remedy
    draft.change_services(order, line_no=1, services=(), assortment=an_assortment(), caps=CAPS)
    submit(order)
    assert order.total == cny("950.00")


def test_what_was_set_up_before_costs_no_setup_and_says_why() -> None:
    known = with_services(set_up={(PLUG, LABELS): "MR-2026-000007"})
    order = a_draft((PLUG, 100, [LABELS]), assortment=known)

    (labels,) = order.line(1).services
    assert labels.listed.setup_fee is None
    assert labels.setup_order_no == "MR-2026-000007"
    assert labels.amount(100) == cny("55.00")


def test_i2_services_are_frozen_and_an_order_without_them_has_the_digest_it_had() -> None:
    plain, labelled = a_draft((PLUG, 100)).purchase_order(), a_labelled().purchase_order()

    (line,) = json.loads(canonical(plain))["lines"]
    assert "services" not in line
    (line,) = json.loads(canonical(labelled))["lines"]
    assert line["services"] == [
        {
            "service": LABELS,
            "displayName": "Labels",
            "description": "Hand in the label as a PDF.",
            "minimumQuantity": 50,
            "addedLeadTimeDays": 2,
            "listUnitPrice": {"currencyCode": "CNY", "nanos": 50_000_000},
            "listPricePerOrder": {"currencyCode": "CNY", "units": "50"},
            "listSetupFee": {"currencyCode": "CNY", "units": "300"},
            "unitPrice": {"currencyCode": "CNY", "nanos": 50_000_000},
            "pricePerOrder": {"currencyCode": "CNY", "units": "50"},
            "setupFee": {"currencyCode": "CNY", "units": "300"},
            "amount": {"currencyCode": "CNY", "units": "355"},
        }
    ]


def test_r61_the_manager_confirms_other_prices_with_a_reason() -> None:
    order = a_submitted()
    agreed = ServicePrice(
        line_no=1, service=LABELS, unit_price=cny("0.0333"), setup_fee=cny("0"), reason="Regular."
    )
    confirm(order, agreed)
    confirm_software(order)

    (labels,) = order.line(1).services
    assert (labels.listed.setup_fee, labels.agreed.setup_fee) == (Decimal(300), Decimal(0))
    assert labels.price_reason == "Regular."
    assert order.total == cny("1003.33")
    *_, confirmed = told(order)
    assert isinstance(confirmed, OrderConfirmed)
    assert confirmed.purchase_order.lines[0].services[0].amount == cny("53.33")


@pytest.mark.parametrize(
    ("price", "refusal"),
    [
        ({"unit_price": cny("0.04")}, ServicePriceNeedsReason),
        ({"setup_fee": cny("0"), "reason": "  "}, ServicePriceNeedsReason),
        ({"unit_price": cny("-0.01"), "reason": "No."}, BadServicePrice),
        ({"price_per_order": cny("0.001"), "reason": "No."}, BadServicePrice),
        ({"setup_fee": Money("EUR", Decimal(1)), "reason": "No."}, BadServicePrice),
        ({"service": PACKING}, ServiceNotOnLine),
        ({"line_no": 2}, errors.LineNotFound),
    ],
)
def test_a_price_of_a_service_is_in_the_currency_and_off_the_list_has_a_reason(
    price: dict[str, Any], refusal: type[Refusal]
) -> None:
    order = a_submitted()
    with pytest.raises(refusal):
        confirm(order, ServicePrice(**{"line_no": 1, "service": LABELS, **price}))


def test_the_list_price_said_again_needs_no_reason() -> None:
    order = a_submitted()
    confirm(order, ServicePrice(line_no=1, service=LABELS, unit_price=cny("0.050"), reason="x"))
    assert order.line(1).services[0].price_reason == ""


def test_production_reads_what_to_do_and_no_price() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    order.line(1).services = (labels_on(order, 1),)
    pay(order)

    (cleared,) = [each for each in told(order) if isinstance(each, OrderClearedForProduction)]
    (labels,) = cleared.purchase_order.lines[0].services
    assert (labels.display_name, labels.description) == ("Labels", "Hand in the label as a PDF.")
    assert {labels.unit_price, labels.list_setup_fee, labels.amount} == {None}


def test_r63_the_order_put_in_its_place_has_them_at_list_price_again() -> None:
    order = a_submitted()
    confirm(order, ServicePrice(line_no=1, service=LABELS, setup_fee=cny("1"), reason="Once."))
    again = life.replace(order, order_no="MR-2026-000124", buyer=BUYER)

    (labels,) = again.line(1).services
    assert (labels.agreed, labels.price_reason) == (labels.listed, "")
    assert again.total == cny("1305.00")


def test_a_service_added_to_a_signed_order_takes_the_manager_and_an_addendum() -> None:
    order = an_order(State.CONTRACT_SIGNED)
    before = order.total_amount
    meant = amend(order, to_services(1, labels_on(order, 1))).meaning

    assert meant.awaits == (Party.BUSINESS_MANAGER,)
    assert (meant.addendum, meant.to_be_signed) == (True, True)
    assert meant.effect.total_after.amount == before + 355
    assert meant.changes == (
        Changed(line_no=1, field="services.labels", before="", after="Labels"),
    )
    waived = ServicePrice(line_no=1, service=LABELS, setup_fee=cny("0"), reason="Welcome.")
    agree(order, Party.BUSINESS_MANAGER, service_prices=[waived])
    assert order.total_amount == before + 55
    assert order.addendum_open
    assert order.line(1).services[0].price_reason == "Welcome."


def test_services_that_come_and_go_later_move_the_lead_time() -> None:
    order = an_order(State.CONFIRMED)
    assert order.terms
    agreed = order.terms.lead_time_days
    for services, days in ((to_services(1, labels_on(order, 1)), 2), (to_services(1), 0)):
        amend(order, services)
        agree(order, Party.BUSINESS_MANAGER)
        assert order.terms.lead_time_days == agreed + days


def test_a_service_taken_off_before_confirmation_has_the_price_confirmed_again() -> None:
    order = a_submitted()
    confirm(order)
    amend(order, to_services(1))
    outcome = agree(order, Party.BUSINESS_MANAGER)

    assert outcome.snapshot is not None
    assert order.total == cny("950.00")
    assert order.gates.price is Gate.PENDING


def test_a_price_that_was_agreed_on_stays_when_the_quantity_changes() -> None:
    order = a_submitted(100, LABELS, PACKING)
    confirm(order, ServicePrice(line_no=1, service=LABELS, unit_price=cny("0.02"), reason="Deal."))
    line = order.line(1)
    at_1000 = tuple(
        offer.on(a_labelled(1000).line(1), order.purpose) for offer in (a_service(), PACKED)
    )
    amend(order, to_quantity(1, 1000, services=at_1000))
    agree(order, Party.BUSINESS_MANAGER)

    labels, packing = order.line(1).services
    assert order.line(1) is not line
    assert (labels.listed.unit_price, labels.agreed.unit_price) == (
        Decimal("0.035"),
        Decimal("0.02"),
    )
    assert labels.price_reason == "Deal."
    assert packing.agreed.setup_fee == Decimal("12.5")


def test_fewer_units_than_a_service_is_done_to_are_refused() -> None:
    order = a_submitted()
    with pytest.raises(ServiceBelowMinimum):
        amend(order, to_quantity(1, 40))


def test_prices_of_services_nobody_asked_to_change_are_refused() -> None:
    order = a_submitted()
    amend(order, to_services(1))
    price = ServicePrice(line_no=2, service=LABELS, reason="No.")
    with pytest.raises(errors.LineNotAmended):
        agree(order, Party.BUSINESS_MANAGER, service_prices=[price])


def test_a_manager_asks_for_another_price_of_a_service_and_the_buyer_agrees() -> None:
    order = a_submitted()
    confirm(order)
    waived = ServicePrice(line_no=1, service=LABELS, setup_fee=cny("0"), reason="Sorry.")
    meant = propose(order, to_quantity(1, 100), service_prices=[waived]).meaning

    assert meant.awaits == (Party.BUYER,)
    assert meant.changes == (
        Changed(
            line_no=1, field="services.labels.setup_fee", before="300.00 CNY", after="0.00 CNY"
        ),
    )
    assert order.line(1).services[0].agreed.setup_fee == 300
    agree(order, Party.BUYER)
    assert order.line(1).services[0].agreed.setup_fee == 0
    assert order.line(1).services[0].price_reason == "Sorry."


def test_only_business_managers_ask_for_prices_of_services() -> None:
    order = a_submitted()
    confirm(order)
    waived = ServicePrice(line_no=1, service=LABELS, setup_fee=cny("0"), reason="Sorry.")
    for party in (Party.PROJECT_MANAGER, Party.BUYER):
        with pytest.raises(errors.NotYoursToPropose, match="the price is not for"):
            amend(order, to_quantity(1, 100), party=party, service_prices=[waived])
    with pytest.raises(errors.LineNotAmended, match="line 1"):
        propose(order, to_address(city="Ulm"), service_prices=[waived])
    with pytest.raises(ServicePriceNeedsReason):
        propose(order, to_quantity(1, 100), service_prices=[replace(waived, reason="")])
    assert order.proposal is None


def test_the_vendor_does_not_sell_on_top_by_itself() -> None:
    order = an_order(State.CONFIRMED)
    with pytest.raises(errors.NotYoursToPropose):
        propose(order, to_services(1, labels_on(order, 1)))


def test_tiers_that_begin_later_leave_the_first_units_free() -> None:
    offer = a_service(tiers=(PriceTier(from_quantity=500, unit_price=cny("0.01")),))
    order = a_draft((PLUG, 100, [LABELS]), assortment=an_assortment(services=(offer,)))
    assert order.line(1).services[0].listed.unit_price is None
