"""What every page of the portal has to be: translated, safe, and usable without a mouse."""

import re

import pytest
from millrun.ordering.v1.order_pb2 import Order

from services.gateway.tests.house import House
from services.gateway.tests.papers import an_order, an_order_of_licences, furnish, in_the_way
from shared.testing.pages import Browser

PRODUCT = "/products/acme/ws3gacme01"
PAGES = [
    "/",
    "/purchase",
    "/orders",
    "/orders/7",
    "/orders/7/revisions",
    "/orders/7/revisions/0",
    "/orders/7/revisions/1",
    "/orders/8",
    "/orders/9",
    "/orders/7/licenses/6",
    "/orders/8/form",
    "/orders/8/import",
    "/orders/8/lines/1/services",
    "/orders/7/change",
    "/orders/7/contracts/9/sign",
    "/contracts",
    "/contracts/9",
    "/contracts/9?before=1&after=2",
    "/products",
    "/products/new",
    "/products/import",
    "/purchase?show=others",
    "/licenses",
    PRODUCT,
    f"{PRODUCT}/build",
    f"{PRODUCT}/build?choose=1",
    f"{PRODUCT}/complete",
    f"{PRODUCT}/return",
    f"{PRODUCT}/samples",
    f"{PRODUCT}/why",
    f"{PRODUCT}/why?license_type=licenseTypes/video",
    "/messages",
    "/suggestions",
    "/suggestions/5",
    "/account",
    "/account/two-step",
    "/enterprise",
    "/enterprise/new",
    "/enterprise/members",
    "/enterprise/addresses",
    "/enterprise/addresses/1",
    "/enterprise/invoice-titles",
    "/enterprise/invoice-titles/1",
    "/enterprise/authorizations",
    "/enterprise/authorizations/new",
    "/enterprise/authorizations/2",
    "/enterprise/associations",
    "/enterprise/members/3",
    "/enterprise/partners",
    "/enterprise/partners/5",
]


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers["ListObstacles"] = in_the_way()
    house.answers["GetOrder"] = lambda request: (
        an_order_of_licences()
        if request.name.endswith("/9")
        else an_order(state=Order.DRAFT if request.name.endswith("/8") else Order.CONTRACT_SIGNED)
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_made_in_both_languages(chen: Browser, path: str) -> None:
    for language in ("en", "zh"):
        shown = chen.get(path, headers={"accept-language": language})
        html = shown.text
        assert shown.status_code == 200
        assert f'lang="{language}"' in html
        assert not re.search(r"<style|style=|<script>|\son[a-z]+=|javascript:", html)
        assert "Wall Switch <3-gang>" not in html
        assert html.count("<h1") == 1
        assert _unlabelled(html) == []
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), "an id stands twice"


def _unlabelled(html: str) -> list[str]:
    """Return the fields nobody says the name of."""
    fields = re.findall(r"<(?:input|select|textarea)\s[^>]*>", html)
    inside = re.findall(r"<label class=\"form-check[^>]*>\s*(<input[^>]*>)", html)
    return [
        field
        for field in fields
        if 'type="hidden"' not in field and "aria-label" not in field and field not in inside
        if not (found := re.search(r'\sid="([^"]+)"', field)) or f'for="{found[1]}"' not in html
    ]


def test_chinese_pages_leave_no_english_behind(chen: Browser) -> None:
    for path in PAGES:
        html = chen.get(path, headers={"accept-language": "zh"}).text
        for heading in re.findall(r"<h[123][^>]*>([^<]+)<", html):
            assert (
                "MR-" in heading or "Acme" in heading or not re.match(r"[A-Z][a-z]+ [a-z]", heading)
            )
