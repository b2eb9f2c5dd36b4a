"""Filling and submitting over the wire: who may, what is asked, what is answered and stored."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from google.protobuf import json_format
from millrun.authorization.v1.authorization_pb2 import PurchaseVerdict
from millrun.ordering.v1 import events_pb2
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.domain.words import FirmwareState, Lifecycle
from services.ordering.tests.builders import LAMP, PLUG, a_form, an_invoice_title
from services.ordering.tests.desk import (
    ADMIN,
    BRAND,
    BUYER,
    ENGINEER,
    FACTORY,
    FINANCE,
    GADGET,
    MANAGER,
    RND,
    STRANGER,
    Desk,
    request_id,
)
from services.ordering.wire import form_message
from shared.caller import Caller
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated, Refusal
from shared.testing.statements import messages, statements

NAME = "enterprises/acme/orders/0190a0a0-0000-7000-8000-000000000001"


def test_an_order_is_filled_and_submitted(desk: Desk) -> None:
    order = desk.create((PLUG, 100), form=False)
    order = desk.ask().AddOrderLine(
        rpc.AddOrderLineRequest(
            name=order.name, line=pb.OrderLine(product=LAMP, quantity=1000), etag=order.etag
        )
    )
    order = desk.ask().ChangeOrderLine(
        rpc.ChangeOrderLineRequest(name=order.name, line_no=1, quantity=150, etag=order.etag)
    )
    order = desk.ask(RND).RemoveOrderLine(
        rpc.RemoveOrderLineRequest(name=order.name, line_no=2, etag=order.etag)
    )
    assert (order.total.units, order.state) == (1425, pb.Order.DRAFT)
    order = desk.submit(order, form=form_message(a_form()), etag=order.etag)

    assert order == desk.get(order)
    assert order.state == pb.Order.INTENTION
    assert order.order_no.startswith("MR-2")
    assert order.form == form_message(a_form())
    assert (order.waiting_on.party, order.waiting_on.task) == (
        pb.WaitingOn.BUSINESS_MANAGER,
        "confirm the price",
    )
    assert order.business_manager_display_name == "Bo Manager"
    assert order.hotline
    assert [(line.line_no, line.quantity, line.firmware_version) for line in order.lines] == [
        (1, 150, "2.4.1")
    ]
    assert desk.told() == ["OrderSubmitted"]


def test_what_is_told_carries_what_was_ordered(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100), (LAMP, 1000))

    [letter] = desk.letters()
    event = letter.open()
    assert isinstance(event, events_pb2.OrderSubmitted)
    assert (letter.aggregate, letter.sequence, letter.enterprise) == (order.name, 1, "acme")
    assert letter.actor == BUYER.account
    assert event.purchase_order.snapshot_digest == order.snapshot_digest
    assert event.purchase_order.total == order.total
    assert event.purchase_order.form == order.form


def test_the_snapshot_is_what_a_partner_makes_of_the_event(desk: Desk) -> None:
    import hashlib

    import rfc8785

    order = desk.submitted((PLUG, 100), (LAMP, 1000))
    [letter] = desk.letters()
    told = dict(letter.data["purchaseOrder"])
    told.pop("snapshotDigest")

    digest = hashlib.sha256(rfc8785.dumps(told)).hexdigest()
    assert order.snapshot_digest == f"sha256:{digest}"


def test_a_repeated_submit_gets_the_first_answer_and_tells_once(desk: Desk) -> None:
    draft, request = desk.create(), request_id()
    first = desk.submit(draft, request_id=request)
    # The first answer holds even if the product could not be ordered any more.
    desk.authorization.hidden = {PLUG}

    assert desk.submit(draft, request_id=request) == first
    assert desk.told() == ["OrderSubmitted"]


def test_a_repeated_create_makes_one_order(desk: Desk) -> None:
    request = request_id()
    first = desk.create(form=False, request_id=request)
    assert desk.create(form=False, request_id=request) == first
    assert len(desk.ask().ListOrders(rpc.ListOrdersRequest(parent="enterprises/acme")).orders) == 1


def test_a_dry_run_checks_everything_and_stores_nothing(desk: Desk) -> None:
    draft = desk.create()
    shown = desk.submit(draft, validate_only=True)

    assert shown.state == pb.Order.INTENTION
    assert desk.get(draft).state == pb.Order.DRAFT
    assert desk.told() == []
    with pytest.raises(Malformed):
        desk.submit(desk.create(form=False), validate_only=True)


def test_every_gap_of_the_form_comes_in_one_refusal_and_a_draft_may_have_them(desk: Desk) -> None:
    form = form_message(a_form(po_no="", invoice_title=an_invoice_title(tax_id="")))
    draft = desk.create(form=False)
    with pytest.raises(Malformed) as refused:
        desk.submit(draft, form=form)

    assert refused.value.reason == "FORM_INCOMPLETE"
    assert refused.value.facts["fields"] == "po_no, invoice_title.tax_id"
    gappy = pb.Order(purpose=pb.MASS_PRODUCTION, form=form)
    kept = desk.ask().CreateOrder(rpc.CreateOrderRequest(parent="enterprises/acme", order=gappy))
    assert kept.form == form


def test_submit_asks_once_for_all_products_and_takes_what_it_hears(desk: Desk) -> None:
    draft = desk.create((PLUG, 100), (LAMP, 100))
    desk.catalog.asked.clear()
    desk.catalog.offers[LAMP] = replace(desk.catalog.offers[LAMP], firmware_version="2.5.0")
    order = desk.submit(draft)

    assert desk.catalog.asked == [[PLUG, LAMP]]
    assert [line.firmware_version for line in order.lines] == ["2.4.1", "2.5.0"]


def test_both_questions_are_asked_on_behalf_of_the_caller(desk: Desk) -> None:
    desk.create(who=RND)

    [asked], [permitted] = desk.catalog.tokens, desk.authorization.tokens
    assert asked == permitted
    assert str(asked).startswith("Bearer ")


def _uncertified(desk: Desk) -> None:
    desk.authorization.certified = False


def _hidden(desk: Desk) -> None:
    desk.authorization.hidden = {PLUG}


def _unauthorized(desk: Desk) -> None:
    desk.authorization.roles = []


def _unknown(desk: Desk) -> None:
    del desk.catalog.offers[PLUG]


def _unfinished(desk: Desk) -> None:
    desk.catalog.offers[PLUG] = replace(
        desk.catalog.offers[PLUG], lifecycle=Lifecycle.DEVELOPMENT, firmware_state=None
    )


def _retired(desk: Desk) -> None:
    offer = desk.catalog.offers[PLUG]
    desk.catalog.offers[PLUG] = replace(offer, firmware_state=FirmwareState.RETIRED)


@pytest.mark.parametrize(
    ("change", "family", "reason"),
    [
        (_uncertified, Disallowed, "ENTERPRISE_NOT_CERTIFIED"),
        (_hidden, NotFound, "PRODUCT_NOT_FOUND"),
        (_unknown, NotFound, "PRODUCT_NOT_FOUND"),
        (_unauthorized, Forbidden, "NOT_AUTHORIZED_FOR_PRODUCT"),
        (_unfinished, Disallowed, "DEVELOPMENT_NOT_COMPLETED"),
        (_retired, Disallowed, "FIRMWARE_NOT_ALLOWED"),
    ],
)
def test_create_and_submit_refuse_in_the_same_words(
    desk: Desk, change: Callable[[Desk], None], family: type[Refusal], reason: str
) -> None:
    draft = desk.create()
    change(desk)
    for act in (desk.create, lambda: desk.submit(draft)):
        with pytest.raises(family) as refused:
            act()
        assert refused.value.reason == reason
        assert refused.value.remedy
    assert desk.get(draft) == draft


@pytest.mark.parametrize("who", [ADMIN, MANAGER, ENGINEER, FINANCE, FACTORY])
def test_only_buyers_and_rnd_order(desk: Desk, who: Caller) -> None:
    ask = desk.ask(who)
    for refused in (
        lambda: ask.CreateOrder(
            rpc.CreateOrderRequest(
                parent="enterprises/acme", order=pb.Order(purpose=pb.MASS_PRODUCTION)
            )
        ),
        lambda: ask.AddOrderLine(
            rpc.AddOrderLineRequest(name=NAME, line=pb.OrderLine(product=PLUG, quantity=1))
        ),
        lambda: ask.ChangeOrderLine(rpc.ChangeOrderLineRequest(name=NAME, line_no=1, quantity=1)),
        lambda: ask.RemoveOrderLine(rpc.RemoveOrderLineRequest(name=NAME, line_no=1)),
        lambda: ask.SubmitOrder(rpc.SubmitOrderRequest(name=NAME)),
        lambda: ask.ReplaceOrder(rpc.ReplaceOrderRequest(name=NAME)),
        lambda: ask.CancelOrder(rpc.CancelOrderRequest(name=NAME, reason="A mistake.")),
    ):
        with pytest.raises(Forbidden):
            refused()


@pytest.mark.parametrize(
    "name", [NAME, "enterprises/acme/orders/first", "enterprises/globex/orders/1"]
)
def test_an_order_that_is_not_there_is_not_found(desk: Desk, name: str) -> None:
    for act in (
        lambda: desk.ask().GetOrder(rpc.GetOrderRequest(name=name)),
        lambda: desk.ask().SubmitOrder(rpc.SubmitOrderRequest(name=name)),
        lambda: desk.ask().ChangeOrderLine(
            rpc.ChangeOrderLineRequest(name=name, line_no=1, quantity=100)
        ),
        lambda: desk.ask().CancelOrder(rpc.CancelOrderRequest(name=name, reason="A mistake.")),
    ):
        with pytest.raises(NotFound, match=f"There is no order {name}"):
            act()


def test_i8_a_foreign_order_answers_like_a_missing_one(desk: Desk) -> None:
    order = desk.submitted()
    for act in (
        lambda: desk.get(order, STRANGER),
        lambda: desk.submit(order, STRANGER),
        lambda: desk.ask(STRANGER).CancelOrder(
            rpc.CancelOrderRequest(name=order.name, reason="Mine.")
        ),
    ):
        with pytest.raises(NotFound, match=f"There is no order {order.name}"):
            act()


def test_nobody_orders_in_a_foreign_space(desk: Desk) -> None:
    request = rpc.CreateOrderRequest(
        parent="enterprises/globex", order=pb.Order(purpose=pb.MASS_PRODUCTION)
    )
    with pytest.raises(NotFound, match="globex"):
        desk.ask().CreateOrder(request)


def test_r78_the_products_owner_reads_the_order_without_money_and_commands_nothing(
    desk: Desk,
) -> None:
    form = form_message(a_form(invoice_title=an_invoice_title()))
    order = desk.submit(desk.create((GADGET, 100)), form=form)
    seen = desk.get(order, BRAND)

    assert (seen.owner, seen.name) == ("enterprises/brand", order.name)
    assert [line.quantity for line in seen.lines] == [100]
    assert order.HasField("total")
    assert order.lines[0].HasField("unit_price")
    assert "currencyCode" in json_format.MessageToJson(order)
    assert "currencyCode" not in json_format.MessageToJson(seen)
    assert not seen.form.HasField("invoice_title")
    listed = desk.ask(BRAND).ListOrders(rpc.ListOrdersRequest(parent="enterprises/brand")).orders
    assert [(each.name, each.HasField("total")) for each in listed] == [(order.name, False)]
    with pytest.raises(Forbidden) as refused:
        desk.ask(BRAND).CancelOrder(rpc.CancelOrderRequest(name=order.name, reason="Mine."))
    assert refused.value.reason == "NOT_YOUR_ORDER"


def test_a_stale_change_is_refused(desk: Desk) -> None:
    draft = desk.create()
    desk.ask().ChangeOrderLine(rpc.ChangeOrderLineRequest(name=draft.name, line_no=1, quantity=150))
    with pytest.raises(Outdated):
        desk.submit(draft, etag=draft.etag)


@pytest.mark.parametrize(
    "order",
    [
        pb.Order(),
        pb.Order(purpose=99),  # type: ignore[arg-type]
        pb.Order(purpose=pb.MASS_PRODUCTION, lines=[pb.OrderLine(product=PLUG)]),
        pb.Order(purpose=pb.MASS_PRODUCTION, lines=[pb.OrderLine(product=PLUG, quantity=-1)]),
        pb.Order(
            purpose=pb.MASS_PRODUCTION,
            form=pb.OrderForm(invoice_title=pb.InvoiceTitle(type=9)),  # type: ignore[arg-type]
        ),
    ],
)
def test_what_cannot_be_an_order_is_refused(desk: Desk, order: pb.Order) -> None:
    with pytest.raises(Malformed):
        desk.ask().CreateOrder(rpc.CreateOrderRequest(parent="enterprises/acme", order=order))


def test_submit_is_a_few_statements_however_many_lines(desk: Desk) -> None:
    for product, offer in list(desk.catalog.offers.items()):
        desk.catalog.offers[product + "b"] = replace(offer, product=product + "b", pid="b")
    small, large = (
        desk.create((PLUG, 100)),
        desk.create((PLUG, 100), (LAMP, 100), (PLUG + "b", 100), (LAMP + "b", 100)),
    )
    counts = []
    for draft in (small, large):
        with statements(desk.database) as said:
            desk.submit(draft, request_id=request_id())
        counts.append(len(said))

    # To ask: order. To submit: claim, alike, snapshot, order, outbox, answer.
    assert counts == [7, 7], said


def test_a_submit_waits_for_its_database_twice(desk: Desk) -> None:
    desk.submit(desk.create((PLUG, 100)), request_id=request_id())
    draft = desk.create((PLUG, 100), (LAMP, 100))
    with messages() as sent:
        assert desk.submit(draft, request_id=request_id()).state == pb.Order.INTENTION

    # What there is, before the other services are asked; all that comes of it.
    assert len(sent) == 2, sent


def test_lines_are_written_at_once(desk: Desk) -> None:
    with statements(desk.database) as said:
        desk.create((PLUG, 100), (LAMP, 100))

    # Scope, number, order, lines.
    assert len(said) == 3, said


def test_an_order_reads_in_one_statement(desk: Desk) -> None:
    order = desk.submitted((PLUG, 100), (LAMP, 100))
    with statements(desk.database) as said:
        desk.get(order)

    assert len(said) == 1, said


def test_json_of_an_order_has_no_surprises(desk: Desk) -> None:
    shown = json_format.MessageToDict(desk.submitted())

    assert shown["gates"]["price"] == "PENDING"
    assert shown["gates"]["invoice"] == "NOT_REQUIRED"
    assert shown["total"] == {"currencyCode": "CNY", "units": "950"}


def lacking(
    product: str, lack: "PurchaseVerdict.Lack.ValueType", remaining: int = 0
) -> PurchaseVerdict:
    return PurchaseVerdict(product=product, visible=True, lack=lack, remaining=remaining)


def test_a_submit_says_which_order_it_is_and_what_it_takes(desk: Desk) -> None:
    order = desk.create((PLUG, 100), (LAMP, 1000))
    [created] = desk.authorization.asked
    desk.submit(order)
    submitted = desk.authorization.asked[-1]

    assert (created.order, submitted.order) == ("", order.name)
    for asked in (created, submitted):
        assert dict(zip(asked.products, asked.quantities, strict=True)) == {PLUG: 100, LAMP: 1000}
        assert asked.purpose == pb.MASS_PRODUCTION


def test_lines_are_asked_about_with_the_purpose_of_their_order(desk: Desk) -> None:
    order = desk.create()
    desk.ask().AddOrderLine(
        rpc.AddOrderLineRequest(name=order.name, line=pb.OrderLine(product=LAMP, quantity=1000))
    )
    desk.ask().ChangeOrderLine(rpc.ChangeOrderLineRequest(name=order.name, line_no=1, quantity=150))

    added, changed = desk.authorization.asked[-2:]
    assert (list(added.products), list(added.quantities)) == ([LAMP], [1000])
    assert (list(changed.products), list(changed.quantities)) == ([PLUG], [150])
    assert added.purpose == changed.purpose == pb.MASS_PRODUCTION
    assert added.order == changed.order == ""


def test_what_an_authorization_is_not_for_cannot_be_ordered(desk: Desk) -> None:
    order = desk.create()
    desk.authorization.lacks[PLUG] = lacking(PLUG, PurchaseVerdict.NOT_FOR_PURPOSE)

    with pytest.raises(Forbidden) as refused:
        desk.submit(order)
    assert refused.value.reason == "PURPOSE_NOT_AUTHORIZED"
    assert "mass production" in str(refused.value)
    assert "administrator" in refused.value.remedy


def test_more_than_an_authorization_has_left_cannot_be_ordered(desk: Desk) -> None:
    order = desk.create()
    desk.authorization.lacks[PLUG] = lacking(PLUG, PurchaseVerdict.ABOVE_CAP, 40)

    with pytest.raises(Disallowed) as refused:
        desk.submit(order)
    assert refused.value.reason == "ABOVE_AUTHORIZED_QUANTITY"
    assert refused.value.facts["remaining"] == "40"
    assert "administrator" in refused.value.remedy
