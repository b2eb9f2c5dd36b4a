"""Why can't I order this?, over a channel: who may ask what, and who is told."""

from typing import Any

import pytest
from millrun.authorization.v1.authorization_pb2 import PurchaseVerdict
from millrun.ordering.v1 import events_pb2, order_pb2
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.explanation_pb2 import (
    PurchaseCheck,
    PurchaseExplanation,
    PurchaseRequest,
)

from services.ordering.tests.builders import AUDIO, BM, PLUG, VIDEO
from services.ordering.tests.desk import (
    ADMIN,
    BUYER,
    FACTORY,
    GADGET,
    MANAGER,
    RND,
    Desk,
    request_id,
)
from services.ordering.tests.test_licenses_api import a_draft
from shared.caller import Caller
from shared.errors import Disallowed, Forbidden, Malformed, NotFound

NOT_GRANTED = PurchaseVerdict(product=PLUG, visible=True, lack=PurchaseVerdict.NOT_GRANTED)


def why(desk: Desk, product: str = PLUG, who: Caller = BUYER, **more: Any) -> PurchaseExplanation:
    return desk.ask(who).ExplainPurchase(rpc.ExplainPurchaseRequest(name=product, **more))


def ask(
    desk: Desk, kind: Any = PurchaseCheck.AUTHORIZATION, who: Caller = BUYER, **more: Any
) -> PurchaseRequest:
    asked = rpc.AskForPurchaseRequest(**{"name": PLUG, "kind": kind, **more})
    return desk.ask(who).AskForPurchase(asked)


def failed(explanation: PurchaseExplanation) -> list[Any]:
    return [each.kind for each in explanation.checks if each.state == PurchaseCheck.FAILED]


def test_what_can_be_ordered_is_said_to_be(desk: Desk) -> None:
    told = why(desk)
    assert told.orderable
    assert (told.purpose, told.quantity) == (order_pb2.MASS_PRODUCTION, 100)
    assert (told.product, told.enterprise, told.account) == (
        PLUG,
        "enterprises/acme",
        BUYER.account,
    )
    assert {each.kind for each in told.checks} == {
        kind for kind in PurchaseCheck.Kind.values() if kind and kind != PurchaseCheck.LICENSE_TYPE
    }
    desk.create((PLUG, 100))


def test_what_is_missing_is_said_with_who_can_change_it(desk: Desk) -> None:
    desk.authorization.lacks[PLUG] = NOT_GRANTED
    told = why(desk, quantity=120)
    assert failed(told) == [PurchaseCheck.AUTHORIZATION, PurchaseCheck.PACKING]
    (check,) = [each for each in told.checks if each.kind == PurchaseCheck.AUTHORIZATION]
    assert check.reason == "NOT_AUTHORIZED_FOR_PRODUCT"
    assert check.party == PurchaseCheck.ADMINISTRATOR
    assert list(check.people) == ["Ada Admin"]
    assert check.askable
    assert not told.orderable
    assert "plug16" in check.sentence


def test_a_product_that_is_not_there_or_not_theirs_is_not_found(desk: Desk) -> None:
    desk.authorization.hidden = {GADGET}
    for product in (GADGET, "enterprises/acme/products/nothing"):
        with pytest.raises(NotFound) as refused:
            why(desk, product)
        assert refused.value.reason == "PRODUCT_NOT_FOUND"


def test_staff_ask_for_an_account_of_an_enterprise(desk: Desk) -> None:
    told = why(desk, who=MANAGER, enterprise="enterprises/acme", account=BUYER.account)
    assert (told.enterprise, told.account) == ("enterprises/acme", BUYER.account)
    (asked,) = desk.authorization.explained
    assert (asked.parent, asked.account) == ("enterprises/acme", BUYER.account)
    assert not any(each.askable for each in told.checks)
    with pytest.raises(Forbidden):
        why(desk, who=FACTORY, enterprise="enterprises/acme")
    with pytest.raises(Malformed):
        why(desk, who=MANAGER)


def test_whoever_can_help_is_asked_once_a_day(desk: Desk) -> None:
    desk.authorization.lacks[PLUG] = NOT_GRANTED
    request = ask(desk, note="Please, by Friday.")
    assert request.party == PurchaseCheck.ADMINISTRATOR
    (letter,) = desk.letters()
    event = letter.open()
    assert isinstance(event, events_pb2.PurchaseAsked)
    assert (event.asked, event.asker, event.pid) == ("enterprises/acme", BUYER.account, "plug16")
    assert (letter.aggregate, event.note) == (request.name, "Please, by Friday.")

    with pytest.raises(Disallowed) as refused:
        ask(desk)
    assert refused.value.reason == "ASKED_ALREADY"
    ask(desk, who=RND)
    assert desk.told() == ["PurchaseAsked"] * 2


def test_a_repeated_request_asks_once_and_gets_the_first_answer(desk: Desk) -> None:
    desk.authorization.lacks[PLUG] = NOT_GRANTED
    once = request_id()
    assert ask(desk, request_id=once) == ask(desk, request_id=once)
    assert desk.told() == ["PurchaseAsked"]


def test_asking_to_validate_only_asks_nobody(desk: Desk) -> None:
    desk.authorization.lacks[PLUG] = NOT_GRANTED
    ask(desk, validate_only=True)
    assert desk.told() == []


def test_the_business_manager_is_asked_for_a_price(desk: Desk) -> None:
    desk.catalog.offers[PLUG] = desk.catalog.offers[PLUG].__class__(
        **{**vars(desk.catalog.offers[PLUG]), "tiers": ()}
    )
    ask(desk, PurchaseCheck.PRICE)
    (letter,) = desk.letters()
    assert letter.data["asked"] == BM


def test_nobody_is_asked_about_what_is_in_order(desk: Desk) -> None:
    with pytest.raises(Disallowed) as refused:
        ask(desk)
    assert refused.value.reason == "NOTHING_TO_ASK"
    desk.authorization.lacks[PLUG] = NOT_GRANTED
    with pytest.raises(Disallowed):
        ask(desk, who=ADMIN)
    with pytest.raises(Malformed):
        ask(desk, note="x" * 501)


def test_licences_are_explained_as_they_are_ordered(desk: Desk) -> None:
    told = why(desk, license_type=VIDEO)
    assert told.orderable
    assert (told.license_type, told.license_type_display_name) == (VIDEO, "IPC SDK, video")
    assert (told.purpose, told.quantity) == (order_pb2.MASS_PRODUCTION, 10)
    kinds = {each.kind for each in told.checks}
    assert PurchaseCheck.LICENSE_TYPE in kinds
    assert not kinds & {PurchaseCheck.FIRMWARE, PurchaseCheck.PACKING}
    a_draft(desk, (PLUG, 10, VIDEO))


def test_a_licence_that_is_not_sold_is_asked_about_once_a_day_and_another_too(desk: Desk) -> None:
    desk.catalog.licenses = {}
    kind = PurchaseCheck.LICENSE_TYPE
    assert failed(why(desk, license_type=VIDEO)) == [kind]
    for each in (VIDEO, AUDIO):
        request = ask(desk, kind, license_type=each)
        assert request.party == PurchaseCheck.BUSINESS_MANAGER
        with pytest.raises(Disallowed) as refused:
            ask(desk, kind, license_type=each)
        assert refused.value.reason == "ASKED_ALREADY"
    told = [letter.open() for letter in desk.letters()]
    asked_about = [each.sentence for each in told if isinstance(each, events_pb2.PurchaseAsked)]
    assert ["no licence ipc-sdk" in sentence for sentence in asked_about] == [True, True]


def test_what_does_not_concern_licences_is_nothing_to_ask_about(desk: Desk) -> None:
    for kind in (PurchaseCheck.FIRMWARE, PurchaseCheck.PACKING):
        with pytest.raises(Disallowed) as refused:
            ask(desk, kind, license_type=VIDEO)
        assert refused.value.reason == "NOTHING_TO_ASK"
