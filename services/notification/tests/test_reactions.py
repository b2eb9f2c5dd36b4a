import json
import re

import pytest
from millrun.authorization.v1 import events_pb2 as authorization
from millrun.contract.v1 import events_pb2 as contract
from millrun.fulfillment.v1 import events_pb2 as fulfillment
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.ordering.v1.order_pb2 import Family, Purpose
from millrun.payment.v1 import events_pb2 as payment

from services.notification.service import service
from services.notification.tests.builders import (
    ADMINISTRATOR,
    BUYER,
    CERTIFIER,
    ENGINEER,
    EVENTS,
    EVERYBODY,
    FACTORY,
    FINANCE,
    MANAGER,
    OF_ORDERS,
    ORDER,
    order_submitted,
)
from shared.caller import Role
from shared.events import routing_key
from shared.inbox import Inbox
from shared.storage import EVERYTHING, inbox_waiting
from shared.testing.callers import caller
from shared.testing.golden import example, heard
from shared.testing.statements import statements

RECIPIENTS = {
    ordering.OrderSubmitted: {MANAGER, ENGINEER},
    ordering.OrderPriceConfirmed: {BUYER},
    ordering.OrderSoftwareConfirmed: {BUYER},
    ordering.OrderConfirmed: {BUYER},
    ordering.OrderAmended: {BUYER, ENGINEER},
    ordering.OrderRevised: {BUYER, MANAGER, ENGINEER},
    ordering.OrderAmendmentProposed: {BUYER, MANAGER, ENGINEER},
    ordering.OrderAmendmentDeclined: {BUYER, MANAGER, ENGINEER},
    ordering.OrderCancellationRequested: {MANAGER},
    ordering.OrderCancellationWithdrawn: {MANAGER},
    ordering.OrderCancellationDeclined: {BUYER, MANAGER},
    ordering.OrderClearedForLicensing: {FACTORY},
    payment.PaymentUnallocated: {FINANCE},
    payment.RefundRequested: {FINANCE, BUYER},
    payment.RefundIssued: {BUYER},
    payment.ReceivableOpened: {FINANCE, BUYER, MANAGER},
    payment.ReceivablePaid: {MANAGER},
    payment.ReceivableWaived: {BUYER, MANAGER},
    ordering.OrderRejected: {BUYER},
    ordering.OrderReplaced: {BUYER},
    ordering.OrderCancelled: {BUYER},
    ordering.OrderExpired: {BUYER},
    ordering.OrderHeld: {BUYER},
    ordering.OrderReleased: {BUYER},
    ordering.OrderClearedForProduction: {FACTORY, BUYER},
    ordering.OrderClearedForShipping: {FACTORY},
    ordering.OrderShippingStopped: {FACTORY},
    ordering.OrderCompleted: {BUYER, MANAGER},
    ordering.PurchaseAsked: {ADMINISTRATOR},
    ordering.SuggestionMade: {MANAGER},
    ordering.SuggestionAnswered: {BUYER},
    contract.ContractGenerated: {BUYER},
    contract.ContractBuyerSigned: {MANAGER},
    contract.ContractReturned: {BUYER},
    contract.ContractSigned: {BUYER},
    contract.ContractAmended: {BUYER, MANAGER},
    contract.ContractAddendumVoided: {BUYER, MANAGER},
    payment.PaymentInstructed: {FINANCE},
    payment.PaymentSettled: {BUYER},
    payment.PaymentVoided: {BUYER, FINANCE},
    payment.InvoiceRequested: {FINANCE},
    payment.InvoiceIssued: {BUYER},
    payment.InvoiceReversalRequested: {BUYER, FINANCE},
    payment.InvoiceReversed: {BUYER},
    fulfillment.ProductionStarted: {BUYER},
    fulfillment.BatchStopped: {ENGINEER, FACTORY},
    fulfillment.BatchResumed: {ENGINEER, FACTORY},
    fulfillment.BatchWithdrawn: {ENGINEER, FACTORY},
    fulfillment.BatchCompleted: {BUYER},
    fulfillment.ShipmentDispatched: {BUYER},
    fulfillment.ShipmentReceived: {BUYER},
    fulfillment.LicensesIssued: {BUYER},
    fulfillment.LicensesOpened: {BUYER, MANAGER},
    fulfillment.LicensesReleased: {BUYER},
    authorization.CertificationRequested: {CERTIFIER},
    authorization.CertificationRejected: {ADMINISTRATOR},
    authorization.EnterpriseCertified: {ADMINISTRATOR},
    authorization.AuthorizationGranted: {BUYER},
    authorization.AuthorizationChanged: {BUYER},
    authorization.AuthorizationRevoked: {BUYER},
    authorization.AuthorizationExpired: {BUYER, ADMINISTRATOR},
    authorization.EnterpriseCertificationEnding: {ADMINISTRATOR},
    authorization.EnterpriseCertificationEnded: {ADMINISTRATOR},
    authorization.AssociationProposed: {ADMINISTRATOR},
    authorization.AssociationDeclined: {ADMINISTRATOR},
    authorization.ProductAssociated: {ADMINISTRATOR},
    authorization.ProductDissociated: {ADMINISTRATOR},
    authorization.AccountPasswordChanged: {BUYER},
    authorization.AccountAddressVerified: {BUYER},
    authorization.AccountPhoneChanged: {BUYER},
    authorization.AccountTwoStepBegun: {BUYER},
    authorization.AccountTwoStepEnded: {BUYER},
    authorization.AccountRecoveryCodesRenewed: {BUYER},
    authorization.AccountProviderLinked: {BUYER},
    authorization.ProjectAssigned: {MANAGER},
    authorization.ProjectClosed: {MANAGER},
    authorization.DeputyshipPlanned: {MANAGER},
    authorization.DeputyshipBegun: {MANAGER},
    authorization.DeputyshipEnded: {MANAGER},
}


def about_our_order(kind):
    """Return the example of an event, of the order and the people of these tests."""
    event = example(kind)
    if kind in OF_ORDERS:
        event.order = ORDER
        if hasattr(event, "purchase_order"):
            event.purchase_order.CopyFrom(order_submitted().purchase_order)
    if hasattr(event, "deputyship") or hasattr(event, "project"):
        event.account = MANAGER.account
    elif (
        hasattr(event, "authorization")
        or kind.DESCRIPTOR.name.startswith("Account")
        or kind is ordering.SuggestionAnswered
    ):
        event.account = BUYER.account
    elif kind is ordering.SuggestionMade:
        event.asked = MANAGER.account
    return event


@pytest.mark.parametrize(
    ("asked", "whom"),
    [
        ("enterprises/acme", ADMINISTRATOR),
        (MANAGER.account, MANAGER),
        ("", CERTIFIER),
    ],
)
def test_whoever_is_asked_reads_who_asks_and_what_is_missing(post, asked, whom):
    post.meet(*EVERYBODY)
    event = example(ordering.PurchaseAsked)
    event.asked = asked
    post.hear(event, enterprise="acme")
    (message,) = post.messages(whom).messages
    assert event.asker_display_name in message.subject
    assert event.pid in message.subject
    assert event.sentence in message.text
    assert event.note in message.text
    assert not [who for who in EVERYBODY if who is not whom and post.subjects(who)]


def test_it_hears_every_service_but_itself():
    services = {"authorization", "catalog", "contract", "fulfillment", "ordering", "payment"}
    assert service.reactions.sources == services


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.DESCRIPTOR.name)
def test_every_event_reaches_the_feed_and_whom_it_concerns_and_nobody_else(post, kind):
    post.meet(*EVERYBODY)
    if kind is not ordering.OrderSubmitted:
        post.hear(order_submitted())
    before = {who: post.subjects(who) for who in EVERYBODY}
    post.hear(about_our_order(kind), enterprise="acme")

    told = {who for who in EVERYBODY if post.subjects(who) != before[who]}
    assert told == RECIPIENTS.get(kind, set())
    fed = [each.type for each in post.feed().order_events]
    assert fed.count(routing_key(kind.DESCRIPTOR.full_name)) == (kind in OF_ORDERS)
    with post.database.transaction(EVERYTHING) as tx:
        assert tx.execute(inbox_waiting.select()).all() == []


def test_the_business_manager_knows_of_an_order_at_once(post):
    post.hear(order_submitted())
    (message,) = post.messages(MANAGER).messages

    assert message.subject == "Order MR-2026-000001 of Acme GmbH came in"
    assert message.text == "Confirm its price, quantity and module."
    assert message.about == ORDER
    assert not message.read


@pytest.mark.parametrize("purpose", [Purpose.DEBUGGING, Purpose.RND_SAMPLE])
def test_nobody_is_asked_to_confirm_what_is_sold_at_list_price(post, purpose):
    event = order_submitted()
    event.purchase_order.purpose = purpose
    post.hear(event)

    for who in (MANAGER, ENGINEER):
        (message,) = post.messages(who).messages
        assert "you need not confirm anything" in message.text.lower()


def test_nobody_is_asked_to_confirm_the_software_of_licences(post):
    event = order_submitted()
    event.purchase_order.family = Family.LICENSE
    post.hear(event)

    (message,) = post.messages(ENGINEER).messages
    assert message.text == "You need not confirm anything for it."
    (message,) = post.messages(MANAGER).messages
    assert message.text == "Confirm its price, quantity and module."


def test_an_event_without_the_number_is_told_with_the_number_known(post):
    post.hear(order_submitted(), payment.PaymentVoided(order=ORDER))

    assert post.subjects(BUYER) == ["Order MR-2026-000001: a payment was called off"]
    assert post.feed().order_events[1].order_no == "MR-2026-000001"


def test_amounts_are_told_in_words(post):
    post.meet(FINANCE)
    post.hear(order_submitted(), about_our_order(payment.PaymentInstructed))
    (message,) = post.messages(FINANCE).messages

    assert "300.00" in message.subject
    assert "RF26MR2026000001D" in message.text


def test_who_pays_is_told_to_pay_and_the_business_manager_that_they_were(post):
    post.hear(order_submitted(), about_our_order(payment.ReceivableOpened))
    text = {who: post.messages(who).messages[0].text for who in (BUYER, MANAGER)}

    assert text[BUYER].startswith("Transfer them to the account in the contract")
    assert text[MANAGER].startswith("The buyer was told where to transfer them")


def test_what_changed_in_a_contract_is_kept_in_parts_for_other_languages(post):
    event = about_our_order(contract.ContractAmended)
    post.hear(order_submitted(), event)
    message = next(each for each in post.messages(BUYER).messages if "{changes}" in each.text_form)

    first, *rest = json.loads(message.facts["differences"])
    assert first["field"] == event.differences[0].field
    assert first["after"] == event.differences[0].after
    assert message.facts["differences_count"] == str(len(event.differences)) == str(1 + len(rest))
    assert message.text == event.changes


def test_what_happens_to_an_addendum_is_told_of_the_addendum(post):
    generated = about_our_order(contract.ContractGenerated)
    generated.addendum = True
    post.hear(generated)
    post.hear(order_submitted())

    assert post.subjects(BUYER) == [
        "Order MR-2026-000001: the addendum to contract MC-2026-000001 is ready"
    ]


def test_who_orders_is_told_later_what_was_heard_before_the_order(post):
    post.meet(FINANCE)
    post.hear(
        about_our_order(contract.ContractGenerated), about_our_order(payment.PaymentInstructed)
    )
    assert post.subjects(BUYER) == []
    assert len(post.subjects(FINANCE)) == 1
    post.hear(order_submitted())

    assert post.subjects(BUYER) == ["Order MR-2026-000001: contract MC-2026-000001 is ready"]
    assert len(post.subjects(FINANCE)) == 1
    assert [each.sequence for each in post.feed().order_events] == [1, 2, 3]


def test_an_event_heard_twice_is_told_once(post):
    envelope = heard(order_submitted(), aggregate=ORDER)
    for _ in range(2):
        Inbox(post.database, service.reactions, service.name).receive([envelope])

    assert len(post.subjects(MANAGER)) == 1
    assert len(post.feed().order_events) == 1


def test_only_administrators_of_that_enterprise_are_told(post):
    stranger = caller(Role.ADMINISTRATOR, account="accounts/stranger", enterprise="globex")
    post.meet(ADMINISTRATOR, BUYER)
    post.hear(example(authorization.MemberJoined), enterprise="acme")
    post.hear(authorization.MemberJoined(enterprise="enterprises/globex", account=stranger.account))
    post.hear(example(authorization.EnterpriseCertified))

    assert post.subjects(ADMINISTRATOR) == ["Acme Ltd is certified"]
    assert post.subjects(stranger) == post.subjects(BUYER) == []


def test_a_member_who_gives_up_administration_is_told_no_more(post):
    post.meet(ADMINISTRATOR)
    post.hear(
        authorization.MemberJoined(enterprise="enterprises/acme", account=ADMINISTRATOR.account)
    )
    post.hear(example(authorization.EnterpriseCertified))

    assert post.subjects(ADMINISTRATOR) == []


def test_events_heard_together_are_told_as_if_each_had_come_alone(post):
    """Of two orders, two events of one of them, and one before its order is known."""
    other = ORDER[:-1] + "2"
    told = (
        about_our_order(contract.ContractGenerated),
        order_submitted(),
        order_submitted(other),
        ordering.OrderHeld(order=other, reason="test data is missing"),
    )
    letters = [
        heard(each, aggregate=f"enterprises/acme/things/{place}", enterprise="acme")
        for place, each in enumerate(told)
    ]
    post.inbox.receive(letters)

    fed = [(each.order, each.sequence, each.type) for each in post.feed().order_events]
    assert fed == [
        (ORDER, 1, "contract.contract.generated"),
        (ORDER, 2, "ordering.order.submitted"),
        (other, 1, "ordering.order.submitted"),
        (other, 2, "ordering.order.held"),
    ]
    assert sorted(post.subjects(BUYER)) == [
        "Order MR-2026-000001 is on hold",
        "Order MR-2026-000001: contract MC-2026-000001 is ready",
    ]
    assert len(post.subjects(MANAGER)) == 2


def test_a_hundred_orders_heard_together_are_as_few_statements_as_one(post):
    letters = [
        heard(order_submitted(order), aggregate=order)
        for order in (f"{ORDER[:-3]}{number:03}" for number in range(100))
    ]
    with statements(post.database) as said:
        post.inbox.receive(letters)

    own = [each for each in said if not re.search("inbox|set_config|^begin", each)]
    assert [each.split()[0] for each in own] == ["select", "with", "insert"]
    assert len(post.feed(page_size=200).order_events) == 100


def test_taking_note_of_an_event_is_few_statements(post):
    post.meet(*EVERYBODY)
    post.hear(order_submitted())
    with statements(post.database) as said:
        post.hear(about_our_order(ordering.OrderPriceConfirmed))

    own = [each for each in said if not re.search("inbox|set_config|^begin", each)]
    assert [each.split()[0] for each in own] == ["select", "with", "insert"]


def test_who_left_is_told_nothing_that_is_for_the_enterprises_people(post):
    post.meet(ADMINISTRATOR)
    rejected = authorization.CertificationRejected(enterprise="enterprises/acme", reason="No.")
    post.hear(rejected)
    post.hear(
        authorization.MemberLeft(enterprise="enterprises/acme", account=ADMINISTRATOR.account)
    )
    post.hear(rejected)

    assert len(post.subjects(ADMINISTRATOR)) == 1
