"""Why can't I order this?: every check, and that it says what an order would be refused for."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ordering.domain.checks import Kind
from services.ordering.domain.draft import Wanted, create
from services.ordering.domain.errors import NothingToAsk
from services.ordering.domain.explaining import Explanation, Party, State, least, usual_purpose
from services.ordering.domain.form import OrderForm
from services.ordering.domain.offer import Assortment
from services.ordering.domain.purchase_request import PurchaseRequest
from services.ordering.domain.words import FirmwareState, Lifecycle, Purpose
from services.ordering.tests.builders import (
    BUYER,
    PLUG,
    VIDEO,
    a_customer,
    a_license,
    an_assortment,
    an_explanation,
    an_offer,
    licensing,
)
from shared.caller import Role
from shared.errors import Refusal
from shared.testing.callers import caller

MASS, TRIAL = Purpose.MASS_PRODUCTION, Purpose.TRIAL_PRODUCTION
NOBODY: frozenset[Role] = frozenset()


def without_grant(**more: Any) -> Assortment:
    return replace(an_assortment(an_offer(PLUG), roles={PLUG: NOBODY}), **more)


def of_licences(wanted: str = VIDEO, **said: Any) -> Explanation:
    """Return why the buyer may order codes for the plug or not: they may, unless told."""
    assortment = said.pop("assortment", None) or licensing(a_license(VIDEO, **said.pop("sold", {})))
    offer = assortment.wished(PLUG, wanted)
    return an_explanation(offer=offer, assortment=assortment, **said)


def of_customer(**facts: Any) -> Assortment:
    return an_assortment(an_offer(PLUG), customer=a_customer(**facts))


ENDED = datetime(2026, 1, 31, tzinfo=UTC)

WRONG: list[tuple[Kind, Party, dict[str, Any]]] = [
    (Kind.CERTIFICATION, Party.ADMINISTRATOR, {"assortment": of_customer(certified=False)}),
    (
        Kind.CERTIFICATION,
        Party.ADMINISTRATOR,
        {"assortment": of_customer(certified=False, certified_until=ENDED)},
    ),
    (
        Kind.CERTIFICATION,
        Party.CERTIFIER,
        {"assortment": of_customer(certified=False), "certification_pending": True},
    ),
    (Kind.MODEL, Party.OWNER, {"offer": an_offer(PLUG, model="")}),
    (Kind.AUTHORIZATION, Party.ADMINISTRATOR, {"assortment": without_grant()}),
    (
        Kind.DEVELOPMENT,
        Party.OWNER,
        {"offer": an_offer(PLUG, lifecycle=Lifecycle.DEVELOPMENT)},
    ),
    (
        Kind.AUTHORIZED_PURPOSE,
        Party.ADMINISTRATOR,
        {"assortment": without_grant(not_for_purpose=frozenset({PLUG}))},
    ),
    (
        Kind.LIFECYCLE,
        Party.OWNER,
        {"offer": an_offer(PLUG, lifecycle=Lifecycle.TRIAL_PRODUCTION)},
    ),
    (
        Kind.FIRMWARE,
        Party.PROJECT_MANAGER,
        {"offer": an_offer(PLUG, firmware_state=FirmwareState.BETA)},
    ),
    (Kind.FIRMWARE, Party.PROJECT_MANAGER, {"offer": an_offer(PLUG, firmware_state=None)}),
    (Kind.QUANTITY, Party.ORDERER, {"quantity": -1}),
    (Kind.QUANTITY, Party.ORDERER, {"quantity": 1001, "purpose": TRIAL}),
    (Kind.CAP, Party.ADMINISTRATOR, {"assortment": without_grant(remaining={PLUG: 7})}),
    (Kind.MINIMUM, Party.ORDERER, {"quantity": 50}),
    (Kind.PACKING, Party.ORDERER, {"quantity": 101}),
    (Kind.PRICE, Party.BUSINESS_MANAGER, {"offer": an_offer(PLUG, tiers=())}),
]


def failed(explanation: Explanation) -> list[Kind]:
    return [each.kind for each in explanation.findings if each.state is State.FAILED]


def test_what_can_be_ordered_passes_every_check() -> None:
    explanation = an_explanation()
    assert [each.kind for each in explanation.findings] == [
        kind for kind in Kind if kind is not Kind.LICENSE_TYPE
    ]
    assert {each.state for each in explanation.findings} == {State.PASSED}
    assert all(each.sentence and "{" not in each.sentence for each in explanation.findings)
    assert explanation.orderable


@pytest.mark.parametrize(("kind", "party", "said"), WRONG)
def test_what_is_missing_fails_one_check_and_names_who_can_change_it(
    kind: Kind, party: Party, said: dict[str, Any]
) -> None:
    explanation = an_explanation(**said)
    assert failed(explanation) == [kind]
    finding = explanation.of(kind)
    assert finding.party is party
    assert finding.sentence
    assert finding.fix
    assert not explanation.orderable


def test_what_can_be_licensed_passes_every_check_and_none_of_what_is_made() -> None:
    explanation = of_licences(quantity=12)
    unasked = {Kind.FIRMWARE, Kind.PACKING}
    kinds = [each.kind for each in explanation.findings]
    assert kinds == [kind for kind in Kind if kind not in unasked]
    assert {each.state for each in explanation.findings} == {State.PASSED}
    assert "IPC SDK, video" in explanation.of(Kind.LICENSE_TYPE).sentence
    assert all("{" not in each.sentence for each in explanation.findings)


@pytest.mark.parametrize(
    ("kind", "party", "reason", "explanation"),
    [
        (
            Kind.LICENSE_TYPE,
            Party.BUSINESS_MANAGER,
            "LICENSE_TYPE_NOT_OFFERED",
            of_licences("licenseTypes/nobodys"),
        ),
        (
            Kind.PURPOSE,
            Party.ORDERER,
            "PURPOSE_NOT_FOR_LICENSES",
            of_licences(purpose=Purpose.RND_SAMPLE),
        ),
        (
            Kind.PRICE,
            Party.BUSINESS_MANAGER,
            "NO_LICENSE_PRICE",
            of_licences(sold={"tiers": ()}),
        ),
        (
            Kind.MINIMUM,
            Party.ORDERER,
            "QUANTITY_BELOW_MINIMUM",
            of_licences(purpose=TRIAL, quantity=4, sold={"minimum_quantity": 5}),
        ),
    ],
)
def test_what_is_missing_for_licences_is_said_as_for_modules(
    kind: Kind, party: Party, reason: str, explanation: Explanation
) -> None:
    assert failed(explanation) == [kind]
    finding = explanation.of(kind)
    assert (finding.party, finding.reason) == (party, reason)
    assert finding.fix


def test_of_licences_nobody_sells_neither_price_nor_minimum_is_looked_at() -> None:
    explanation = of_licences("licenseTypes/nobodys", quantity=1)
    waiting = {each.kind for each in explanation.findings if each.state is State.NOT_LOOKED_AT}
    assert waiting == {Kind.MINIMUM, Kind.PRICE}


def test_without_a_word_it_is_about_the_least_licences() -> None:
    offer = licensing(a_license(VIDEO, minimum_quantity=30)).wished(PLUG, VIDEO)
    assert [least(offer, purpose) for purpose in (MASS, TRIAL)] == [30, 30]


def test_what_depends_on_something_missing_is_not_looked_at() -> None:
    explanation = an_explanation(assortment=without_grant())
    waiting = {each.kind for each in explanation.findings if each.state is State.NOT_LOOKED_AT}
    assert waiting == {Kind.AUTHORIZED_PURPOSE, Kind.ROLE, Kind.CAP}


def test_names_are_those_of_ones_own_people() -> None:
    closed = an_explanation(assortment=without_grant())
    assert closed.of(Kind.AUTHORIZATION).people == ("Ada Admin",)
    theirs = an_explanation(
        offer=an_offer("enterprises/brand/products/gadget1", model=""), enterprise="acme"
    )
    assert theirs.of(Kind.MODEL).people == ()
    unpriced = an_explanation(offer=an_offer(PLUG, tiers=()))
    assert unpriced.of(Kind.PRICE).people == ("Bo Manager",)


@given(
    purpose=st.sampled_from(Purpose),
    quantity=st.sampled_from([-1, 1, 50, 100, 101, 150, 1000, 1001]),
    lifecycle=st.sampled_from(Lifecycle),
    firmware=st.sampled_from([None, *FirmwareState]),
    roles=st.sampled_from([NOBODY, frozenset({Role.BUYER}), frozenset({Role.RND})]),
    lack=st.sampled_from(["", "purpose", "cap"]),
    certified=st.booleans(),
    priced=st.booleans(),
    codes=st.sampled_from(["", VIDEO, "licenseTypes/nobodys"]),
)
def test_what_it_says_is_what_an_order_would_be_told(
    purpose: Purpose,
    quantity: int,
    lifecycle: Lifecycle,
    firmware: FirmwareState | None,
    roles: frozenset[Role],
    lack: str,
    certified: bool,
    priced: bool,
    codes: str,
) -> None:
    offer = an_offer(PLUG, lifecycle=lifecycle, firmware_state=firmware, licenses=(VIDEO,))
    offer = offer if priced else replace(offer, tiers=())
    customer = a_customer(certified=certified)
    assortment = an_assortment(offer, customer=customer, roles={PLUG: NOBODY if lack else roles})
    sold = a_license(VIDEO) if priced else a_license(VIDEO, tiers=())
    assortment = replace(assortment, licenses={VIDEO: sold})
    if lack == "purpose":
        assortment = replace(assortment, not_for_purpose=frozenset({PLUG}))
    if lack == "cap":
        assortment = replace(assortment, remaining={PLUG: 7})
    explanation = an_explanation(
        offer=assortment.wished(PLUG, codes),
        purpose=purpose,
        quantity=quantity,
        assortment=assortment,
    )
    reasons = {each.reason for each in explanation.findings if each.state is State.FAILED}
    refused = refusal_of(explanation)
    assert explanation.orderable == (refused == "")
    assert refused in reasons | {""}


def refusal_of(explanation: Explanation) -> str:
    """Order it, and return why that is refused."""
    purchase = explanation.purchase
    try:
        create(
            enterprise="acme",
            order_no="MR-2026-000001",
            purpose=purchase.purpose,
            family=purchase.family,
            buyer=BUYER,
            form=OrderForm(),
            wanted=[
                Wanted(
                    product=PLUG,
                    quantity=purchase.quantity,
                    license_type=purchase.offer.license_type,
                )
            ],
            assortment=purchase.assortment,
            caps=purchase.caps,
        )
    except Refusal as refusal:
        return refusal.reason
    return ""


def test_without_a_word_it_is_about_the_least_for_the_furthest_purpose() -> None:
    released = an_offer(PLUG, minimum_quantity=120)
    assert (usual_purpose(released), least(released, MASS)) == (MASS, 150)
    trial = an_offer(PLUG, lifecycle=Lifecycle.TRIAL_PRODUCTION)
    assert (usual_purpose(trial), least(trial, TRIAL)) == (TRIAL, 1)


@pytest.mark.parametrize(
    ("kind", "said", "role"),
    [
        (Kind.PRICE, {}, Role.BUYER),
        (Kind.MINIMUM, {"quantity": 50}, Role.BUYER),
        (Kind.AUTHORIZATION, {"assortment": without_grant()}, Role.ADMINISTRATOR),
        (Kind.MODEL, {"offer": an_offer(PLUG, model="")}, Role.ADMINISTRATOR),
    ],
)
def test_nobody_is_asked_about_what_is_in_order_or_in_ones_own_hands(
    kind: Kind, said: dict[str, Any], role: Role
) -> None:
    with pytest.raises(NothingToAsk):
        PurchaseRequest.ask(an_explanation(**said), kind, caller=caller(role), note="")
