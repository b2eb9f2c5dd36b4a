"""R17: suggesting something to the business manager from the portal."""

import re
from html import unescape

import pytest
from millrun.ordering.v1.suggestion_pb2 import Suggestion

from services.gateway.tests.house import ACME, House
from services.gateway.tests.papers import ORDER, PRODUCT, a_suggestion, furnish
from shared.errors import Malformed
from shared.testing.pages import Browser


class TooLong(Malformed):
    """A text has 1 to 2000 characters."""

    def __init__(self) -> None:
        super().__init__(field="text")


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers["CreateSuggestion"] = a_suggestion()


def test_what_was_suggested_is_listed_and_its_answer_read(house: House, chen: Browser) -> None:
    html = chen.get("/suggestions?page_token=abc").text
    asked = house.request("ListSuggestions")
    assert (asked.parent, asked.page_token) == (ACME, "abc")
    assert "Could you pack &lt;ten&gt; to a box?" in html
    shown = chen.get("/suggestions/5").text
    assert house.request("GetSuggestion").name == f"{ACME}/suggestions/5"
    assert "From the next batch on." in shown
    assert 'href="/orders/7"' in shown
    again = re.search(r'href="(/suggestions\?[^"]+)"', shown)
    assert again
    assert f'name="order" value="{ORDER}"' in chen.get(unescape(again[1])).text


def test_an_open_one_says_who_is_waited_on(house: House, chen: Browser) -> None:
    house.answers["GetSuggestion"] = a_suggestion(state=Suggestion.OPEN, answer="")
    html = chen.get("/suggestions/5").text
    assert "Waiting on" in html
    assert "Write about it again" not in html, "one at a time"


def test_something_is_suggested(house: House, chen: Browser) -> None:
    made = chen.fill("/suggestions", text="Pack ten.")
    assert made.url.path == "/suggestions/5"
    assert "Your business manager was told." in made.text
    asked = house.request("CreateSuggestion")
    assert (asked.parent, asked.suggestion.text) == (ACME, "Pack ten.")
    assert not asked.suggestion.order
    assert asked.request_id


def test_an_order_leads_to_a_suggestion_about_it(house: House, chen: Browser) -> None:
    html = chen.get("/orders/7").text
    link = f"/suggestions?order={ORDER}&called=MR-2026-000007"
    assert f'href="{link.replace("&", "&amp;")}"' in html
    assert "About MR-2026-000007." in chen.get(link).text
    chen.fill(link, "/suggestions", text="Pack ten.")
    assert house.request("CreateSuggestion").suggestion.order == ORDER


def test_a_product_leads_to_a_suggestion_about_it(house: House, chen: Browser) -> None:
    page = chen.get("/products/acme/ws3gacme01").text
    link = f"/suggestions?product={PRODUCT}&called=Wall%20Switch%20%3C3-gang%3E"
    assert f'href="{link.replace("&", "&amp;")}"' in page
    form = chen.get(link).text
    assert "About Wall Switch &lt;3-gang&gt;." in form
    assert 'href="/suggestions">Suggest something else' in form
    chen.fill(link, "/suggestions", text="Pack ten.")
    suggested = house.request("CreateSuggestion").suggestion
    assert (suggested.product, suggested.order) == (PRODUCT, "")


def test_a_refused_text_stays_and_so_does_what_it_is_about(house: House, chen: Browser) -> None:
    house.answers["CreateSuggestion"] = TooLong()
    link = f"/suggestions?order={ORDER}&called=MR-2026-000007"
    refused = chen.fill(link, "/suggestions", text="x<y")
    assert refused.status_code == 400
    assert 'id="text-error"' in refused.text
    assert "x&lt;y</textarea>" in refused.text
    assert "About MR-2026-000007." in refused.text


def test_a_message_about_a_suggestion_leads_to_it(house: House, chen: Browser) -> None:
    house.answers["ReadMessage"] = type(house.answers["ReadMessage"])(about=f"{ACME}/suggestions/5")
    opened = chen.fill("/messages", "/messages/1/read", open="yes")
    assert opened.url.path == "/suggestions/5"
