"""How an order was: every revision, what differs between two, and who asked for it and why."""

import pytest

from services.gateway.tests.house import House
from services.gateway.tests.papers import furnish
from shared.testing.pages import Browser


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)


def test_the_first_and_the_last_revision_are_compared_unless_others_are_chosen(
    chen: Browser, house: House
) -> None:
    html = chen.get("/orders/7/revisions").text
    asked = house.request("CompareOrderRevisions")
    assert (asked.before, asked.after) == (0, 1)
    for told in ("Delivery address · Street", "&lt;Old&gt; 1", "CNY\u00a015,000.00", "you"):
        assert told in html, told
    assert "not agreed on yet" in html, "no deposit was agreed on when it was submitted"

    chen.get("/orders/7/revisions?before=1&after=1")
    assert house.request("CompareOrderRevisions").before == 1
    chen.get("/orders/7/revisions?before=x&after=99")
    asked = house.request("CompareOrderRevisions")
    assert (asked.before, asked.after) == (0, 1), "what is no revision is not asked for"


def test_a_revision_shows_the_order_as_it_was(chen: Browser, house: House) -> None:
    html = chen.get("/orders/7/revisions/0").text
    assert house.request("GetPassport").HasField("revision")
    for told in (
        "As first submitted",
        "It was changed since",
        "Wall Switch &lt;3-gang&gt;",
        "PO-7",
    ):
        assert told in html, told
    assert "It was changed since" not in chen.get("/orders/7/revisions/1").text


def test_a_revision_says_address_invoice_and_date_as_the_order_does(chen: Browser) -> None:
    order, revision = (chen.get(f"/orders/7{of}").text for of in ("", "/revisions/0"))
    assert "<br>8 Wensan Road<br>Hangzhou</address>" in order
    assert "<br>&lt;Old&gt; 1<br>Hangzhou</address>" in revision
    assert "Special VAT invoice · Acme" in order
    assert "Special VAT invoice · Acme" in revision
    assert "as soon as possible" in order
    assert "as soon as possible" in revision


@pytest.mark.parametrize("number", ["2", "-1", "x"])
def test_a_revision_that_is_none_is_not_found(chen: Browser, number: str) -> None:
    shown = chen.get(f"/orders/7/revisions/{number}")
    assert shown.status_code == 404
    assert f"has no revision {number}" in shown.text


def test_the_passport_of_each_revision_is_a_file(chen: Browser, house: House) -> None:
    file = chen.get("/orders/7/passport?revision=1")
    assert 'filename="MR-2026-000007-1-passport.json"' in file.headers["content-disposition"]
    assert house.request("GetPassport").revision == 1
    chen.get("/orders/7/passport")
    assert not house.request("GetPassport").HasField("revision"), "the latest"


def test_the_timeline_leads_to_what_was_ordered(chen: Browser) -> None:
    assert 'href="/orders/7/revisions/0"' in chen.get("/orders/7").text
