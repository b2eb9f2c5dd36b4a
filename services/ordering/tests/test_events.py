"""What ordering tells looks as its golden examples do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
import time_machine
from google.protobuf.json_format import MessageToDict
from millrun.ordering.v1 import events_pb2

from services.ordering.domain import amending, attaching, ending, facts, life, review
from services.ordering.domain.checks import Kind
from services.ordering.domain.order import Order
from services.ordering.domain.purchase_request import PurchaseRequest
from services.ordering.domain.suggestion import Suggestion
from services.ordering.domain.words import Lifecycle, Party, State
from services.ordering.service import service
from services.ordering.tests.builders import (
    BM,
    BUYER,
    CONTRACT,
    EXAMPLE,
    PLUG,
    PM,
    a_customer,
    a_draft,
    a_form,
    an_explanation,
    an_invoice_title,
    an_offer,
    an_order_of_licenses,
    confirm_price,
    confirm_software,
    finish,
    licensing,
    pay,
    receive,
    ship,
    submit,
)
from services.ordering.tests.changes import (
    PERCENTAGES,
    agree,
    amend,
    ask_to_cancel,
    labels_on,
    propose,
    to_address,
    to_quantity,
    to_services,
)
from shared.caller import Role
from shared.events import Envelope, seal
from shared.testing.callers import caller
from shared.testing.golden import golden

EARLY = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


def a_new_order() -> Order:
    order = a_draft(form=a_form(invoice_title=an_invoice_title()))
    order.id, order.order_no = EXAMPLE, "MR-2026-000001"
    submit(order)
    return order


def ends() -> list[Order]:
    """Orders that ended before their time, in every way there is."""
    rejected, replaced, cancelled, expired = (a_new_order() for _ in range(4))
    review.reject(rejected, by=BM, reason="This module is not made any more.")
    with patch("services.ordering.domain.draft.new_id", return_value=UUID(int=EXAMPLE.int + 1)):
        life.replace(replaced, order_no="MR-2026-000002", buyer=BUYER)
    life.cancel(cancelled, reason="The quantity is wrong.")
    assert expired.expires_at
    life.expire(expired, at=expired.expires_at)
    return [rejected, replaced, cancelled, expired]


def a_long_life() -> Order:
    """An order that goes all the way, with a hold in between."""
    order = a_new_order()
    confirm_price(order, by="accounts/deputy-manager", deputy_of=[BM])
    confirm_software(order, by="accounts/deputy-engineer", deputy_of=[PM])
    facts.contract_signed(order, contract=CONTRACT)
    life.hold(order, by=BM, reason="The delivery address is not clear.")
    life.release(order, reason="The buyer told us the address.")
    pay(order, in_full=True)
    facts.production_started(order)
    finish(order)
    ship(order)
    receive(order)
    facts.invoice_issued(order)
    assert order.state is State.COMPLETED
    return order


def changed() -> list[Order]:
    """Orders that were changed after they were submitted, before and after both signed."""
    revised, amended = a_new_order(), a_new_order()
    propose(revised, to_quantity(2, 1100))
    amending.decline(revised, party=Party.BUYER, reason="We need 1,000.")
    propose(revised, to_quantity(2, 1100))
    agree(revised, Party.BUYER)
    confirm_price(amended)
    confirm_software(amended)
    amend(amended, to_quantity(2, 1200), to_services(1, labels_on(amended, 1)))
    agree(amended, Party.BUSINESS_MANAGER)
    return [to_another_address(), revised, amended]


def to_another_address() -> Order:
    """An order that was cleared to be shipped when its address was changed."""
    order = a_new_order()
    confirm_price(order)
    confirm_software(order)
    facts.contract_signed(order, contract=CONTRACT)
    pay(order, in_full=True)
    facts.production_started(order)
    finish(order)
    amend(order, to_address(street="Nebenstrasse 2"))
    agree(order, Party.BUSINESS_MANAGER)
    return order


def ended_by_request() -> list[Order]:
    """Orders that are signed, and whose buyer asks to end them."""
    kept, ended = a_new_order(), a_new_order()
    for order in (kept, ended):
        confirm_price(order)
        confirm_software(order)
        facts.contract_signed(order, contract=CONTRACT)
        pay(order)
        ask_to_cancel(order)
    ending.withdraw(kept)
    ask_to_cancel(kept)
    ending.decline(kept, reason="The material is cut.")
    ending.accept(ended, percentages=PERCENTAGES)
    return [kept, ended]


def with_files() -> Order:
    """An order to which either side attached something after the submit."""
    order = a_new_order()
    file: dict[str, Any] = {"media_type": "application/pdf", "size_bytes": 20480}
    digest = "sha256:" + "f1" * 32
    with time_machine.travel(EARLY + timedelta(hours=1), tick=False):
        attaching.attach(order, file_name="offer.pdf", digest=digest, by=BM, by_vendor=True, **file)
        attaching.remove(order, digest, by_vendor=True)
        attaching.attach(order, file_name="carton.pdf", digest=digest, by=BUYER, **file)
    return order


def a_purchase_request() -> PurchaseRequest:
    """Somebody asked for what is missing."""
    offer = an_offer(PLUG, lifecycle=Lifecycle.DEVELOPMENT)
    explanation = an_explanation(offer=offer)
    asker = caller(Role.BUYER, account=BUYER)
    with patch("services.ordering.domain.purchase_request.new_id", return_value=EXAMPLE):
        return PurchaseRequest.ask(
            explanation, Kind.DEVELOPMENT, caller=asker, note="We would like to begin in March."
        )


def suggestions() -> list[Suggestion]:
    """Two suggestions, one of them answered."""
    asker = caller(Role.BUYER, account=BUYER)
    manager = caller(Role.BUSINESS_MANAGER, account=BM)
    with patch("services.ordering.domain.suggestion.new_id", return_value=EXAMPLE):
        made = [
            Suggestion.make(
                caller=replace(asker, display_name="Acme Buyer"),
                customer=a_customer(),
                text="Could you pack ten to a box?",
                order=f"enterprises/acme/orders/{EXAMPLE}",
                subject="MR-2026-000001",
            )
            for _ in range(2)
        ]
    made[1].reply("From the next batch on.", by=replace(manager, display_name="Bo Manager"))
    return made


def licences() -> Order:
    """An order of licences, paid for."""
    order = an_order_of_licenses()
    order.id, order.order_no = EXAMPLE, "MR-2026-000001"
    submit(order, assortment=licensing())
    order.release_events()
    confirm_price(order)
    pay(order, in_full=True)
    return order


def told() -> list[Envelope]:
    """Return one envelope of each kind ordering ever tells."""
    with time_machine.travel(EARLY, tick=False):
        # Of each kind the last one stands for all.
        orders = [
            licences(),
            with_files(),
            *changed(),
            *ends(),
            *ended_by_request(),
            a_long_life(),
            a_purchase_request(),
            *suggestions(),
        ]
    letters = [
        seal(event, sequence=sequence, of=order, contract=events_pb2)
        for order in orders
        for sequence, event in order.release_events()
    ]
    return list({letter.type: letter for letter in letters}.values())


TOLD = told()


@pytest.mark.parametrize("letter", TOLD, ids=lambda letter: letter.routing_key)
def test_what_is_told_looks_as_its_example(letter: Envelope) -> None:
    golden(letter.open())


@pytest.mark.parametrize("letter", TOLD, ids=lambda letter: letter.routing_key)
def test_what_is_told_is_the_json_protobuf_would_write(letter: Envelope) -> None:
    assert letter.data == MessageToDict(letter.open())


def test_everything_that_can_be_told_is_told() -> None:
    told_names = {letter.type.rpartition(".")[2] for letter in TOLD}
    assert told_names == set(events_pb2.DESCRIPTOR.message_types_by_name)


def test_production_is_told_no_prices() -> None:
    [cleared] = [each for each in TOLD if each.routing_key.endswith("cleared_for_production")]
    ordered = cleared.data["purchaseOrder"]
    assert "total" not in ordered
    for line in ordered["lines"]:
        assert not {"listUnitPrice", "unitPrice", "amount"} & set(line)


def test_ordering_hears_who_it_needs_to() -> None:
    assert service.reactions.sources == {"catalog", "contract", "fulfillment", "payment"}
