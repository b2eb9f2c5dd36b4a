"""Ending an order as its buyer asked: at what they were shown, or not at all."""

import re

import pytest
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER
from millrun.ordering.v1.ending_pb2 import Cancellation, Liability
from millrun.ordering.v1.order_pb2 import Order

from services.console.tests.office import As, Office
from services.console.tests.papers import an_order, furnish, yuan

PAGE = "/orders/acme/7"


@pytest.fixture(autouse=True)
def _asked_to_end(office: Office) -> None:
    furnish(office)
    shown = Liability(stage=Liability.IN_PRODUCTION, percent=60, amount=yuan(15_000))
    office.answers["GetOrder"] = an_order(
        state=Order.READY_TO_SHIP, cancellation=Cancellation(reason="No.", liability=shown)
    )


def test_the_manager_ends_an_order_at_what_its_buyer_was_shown(lin: As, office: Office) -> None:
    office.answers["GetLiability"] = Liability(amount=yuan(15_000))
    browser = lin(BUSINESS_MANAGER)
    assert "went on since" not in browser.get(PAGE).text
    browser.fill(PAGE, f"{PAGE}/cancellation/accept")
    assert office.request("AcceptCancellation").etag


def test_an_order_that_went_on_is_not_offered_to_be_ended_at_less(lin: As, office: Office) -> None:
    office.answers["GetLiability"] = Liability(amount=yuan(25_000))
    html = lin(BUSINESS_MANAGER).get(PAGE).text
    assert "ending it costs CNY\u00a025,000.00 now" in html
    form = re.search(rf'<form[^>]*action="{PAGE}/cancellation/accept".*?</form>', html, re.DOTALL)
    assert form
    assert "disabled" in form[0]
    assert f'action="{PAGE}/cancellation/decline"' in html
