"""Samples and debugging modules of what is in development are ordered on a page (R18, R19)."""

from html import unescape

import pytest
from millrun.authorization.v1.account_pb2 import Role
from millrun.catalog.v1.product_pb2 import Product
from millrun.contract.v1.contract_pb2 import ListContractsResponse
from millrun.fulfillment.v1.fulfillment_pb2 import ListWorkOrdersResponse
from millrun.ordering.v1.explanation_pb2 import PurchaseExplanation
from millrun.ordering.v1.order_pb2 import Family, Gate, Order, Purpose, WaitingOn
from millrun.ordering.v1.ordering_pb2 import ListOrdersResponse

from services.gateway.tests.house import ACME, CHEN, House
from services.gateway.tests.papers import PRODUCT, a_product, an_order, furnish
from shared.errors import Disallowed
from shared.testing.pages import Browser

PAGE = "/products/acme/ws3gacme01"
SAMPLES = f"{PAGE}/samples"


class TooMany(Disallowed):
    """At most 100 pieces of a product are ordered as a sample."""

    fix = "Order 100 or fewer."


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers |= {
        "GetProduct": a_product("DEVELOPMENT"),
        "ListOrders": ListOrdersResponse(),
        "CreateOrder": an_order(state=Order.DRAFT, buyer=CHEN),
        "AddOrderLine": an_order(state=Order.DRAFT, buyer=CHEN),
    }


@pytest.mark.parametrize("purpose", ["RND_SAMPLE", "DEBUGGING"])
def test_samples_begin_an_order_of_their_own(house: House, chen: Browser, purpose: str) -> None:
    assert f'href="{SAMPLES}"' in chen.get(PAGE).text
    added = chen.fill(SAMPLES, "", quantity="20", purpose=purpose)
    assert added.url.path == "/orders/7"
    order = house.request("CreateOrder").order
    assert (order.purpose, order.family) == (Purpose.Value(purpose), Family.FAMILY_UNSPECIFIED)
    assert [(line.product, line.quantity) for line in order.lines] == [(PRODUCT, 20)]


def test_more_go_into_the_order_of_samples_that_is_filled_and_into_no_other(
    house: House, chen: Browser
) -> None:
    kinds = {7: "RND_SAMPLE", 8: "MASS_PRODUCTION"}
    house.answers["ListOrders"] = ListOrdersResponse(
        orders=[
            an_order(name=f"{ACME}/orders/{n}", state=Order.DRAFT, buyer=CHEN, purpose=purpose)
            for n, purpose in kinds.items()
        ]
    )
    chen.fill(SAMPLES, "", quantity="20", purpose="RND_SAMPLE")
    assert house.request("AddOrderLine").name == f"{ACME}/orders/7"
    chen.fill(SAMPLES, "", quantity="20", purpose="DEBUGGING")
    assert house.was_asked("CreateOrder") == 1


def test_a_refused_quantity_stays_on_the_page(house: House, chen: Browser) -> None:
    house.answers["CreateOrder"] = TooMany()
    refused = chen.fill(SAMPLES, "", quantity="101", purpose="DEBUGGING")
    assert refused.status_code == 409
    assert "Order 100 or fewer." in refused.text
    assert 'value="101"' in refused.text
    assert 'value="DEBUGGING" checked' in refused.text


def test_r19_only_rnd_is_offered_debugging_modules(house: House, stranger: Browser) -> None:
    html = as_(house, stranger, Role.BUYER)
    assert 'value="DEBUGGING"' not in html
    assert "Debugging modules are ordered by your R&D." in html


def test_who_cannot_order_samples_is_told_why_at_the_button(
    house: House, stranger: Browser
) -> None:
    assert "Only buyers and R&D do this." in as_(house, stranger, Role.ADMINISTRATOR)


def test_what_cannot_be_ordered_as_a_sample_says_why_at_the_button(
    house: House, chen: Browser
) -> None:
    house.answers["GetProduct"] = Product(name=PRODUCT, owner=ACME, lifecycle=Product.DEVELOPMENT)
    assert "Nothing is built into it yet" in chen.get(SAMPLES).text
    house.answers["GetProduct"] = a_product("TRIAL_PRODUCTION")
    assert "Its development is completed" in chen.get(SAMPLES).text
    assert f'href="{SAMPLES}"' not in chen.get(PAGE).text


def as_(house: House, stranger: Browser, role: "Role.ValueType") -> str:
    """Return the page as somebody with `role` sees it."""
    house.roles = [role]
    stranger.fill("/sign-in", email="chen@acme.example", password="correct horse")
    return unescape(stranger.get(SAMPLES).text)


def test_the_ways_to_samples_lead_there(house: House, chen: Browser) -> None:
    house.answers["ExplainPurchase"] = PurchaseExplanation(
        product=PRODUCT, pid="ws3gacme01", purpose=Purpose.DEBUGGING, quantity=20
    )
    assert f'href="{SAMPLES}?purpose=DEBUGGING"' in chen.get(f"{PAGE}/why").text
    assert 'value="DEBUGGING" checked' in chen.get(f"{SAMPLES}?purpose=DEBUGGING").text
    house.answers["GetOrder"] = an_order(state=Order.DRAFT, buyer=CHEN, purpose="RND_SAMPLE")
    assert 'href="/products?lifecycle=DEVELOPMENT"' in chen.get("/orders/7").text


def test_a8_an_order_of_samples_says_that_it_is_paid_in_full_and_signed_by_nobody(
    house: House, chen: Browser
) -> None:
    order = an_order(state=Order.CONFIRMED, purpose="RND_SAMPLE")
    order.gates.contract = order.gates.deposit = Gate.NOT_REQUIRED
    order.terms.deposit_percent, order.terms.lead_time_days = 100, 28
    house.answers |= {
        "GetOrder": order,
        "ListContracts": ListContractsResponse(),
        "ListWorkOrders": ListWorkOrdersResponse(),
    }
    html = chen.get("/orders/7").text
    assert "Paid in full before production; that takes 28 days after the payment." in html
    assert "It starts when the order is paid in full." in html
    assert "This order needs no contract." in html
    assert "signed by both sides" not in html


@pytest.mark.parametrize(
    ("buyer", "role", "task", "who"),
    [
        (CHEN, Role.RND, "pay the whole amount", "your buyers or your finance"),
        (CHEN, Role.RND, "sign the contract", "your buyers or administrators"),
        (CHEN, Role.RND, "confirm the receipt", "you"),
        (CHEN, Role.BUYER, "pay the whole amount", "you"),
        ("accounts/lee", Role.ENTERPRISE_FINANCE, "pay the deposit", "you"),
        ("accounts/lee", Role.ENTERPRISE_FINANCE, "sign the contract", "the buyer"),
        ("accounts/lee", Role.ADMINISTRATOR, "sign the contract", "you"),
        ("accounts/lee", Role.RND, "pay the deposit", "the buyer"),
    ],
)
def test_who_may_not_pay_or_sign_reads_who_does_and_who_may_that_it_is_they(
    house: House, stranger: Browser, buyer: str, role: "Role.ValueType", task: str, who: str
) -> None:
    order = an_order(state=Order.CONFIRMED, buyer=buyer)
    order.waiting_on.MergeFrom(WaitingOn(party=WaitingOn.BUYER, task=task))
    order.waiting_on.task = task
    house.answers["GetOrder"] = order
    as_(house, stranger, role)
    assert f"Waiting on <strong>{who}</strong>" in stranger.get("/orders/7").text


def test_a8_a_draft_of_samples_is_at_list_prices_that_nobody_confirms(
    house: House, chen: Browser
) -> None:
    draft = an_order(state=Order.DRAFT, buyer=CHEN, purpose="RND_SAMPLE")
    draft.gates.price = draft.gates.contract = Gate.NOT_REQUIRED
    house.answers["GetOrder"] = draft
    assert "For R&amp;D sample, at list prices." in chen.get("/orders/7").text
    form = chen.get("/orders/7/form").text
    assert "Printed on the shipping notice and the invoice." in form
    assert "It is confirmed at list price, without a contract." in form
