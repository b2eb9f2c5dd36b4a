"""Products on their pages: built, labelled, locked, released and returned."""

import re
from html import unescape
from typing import Any

import pytest
from google.api.httpbody_pb2 import HttpBody
from millrun.authorization.v1.account_pb2 import Role
from millrun.catalog.v1.product_pb2 import Product, ReturnImpact

from services.gateway.tests.house import ACME, House, sign_in
from services.gateway.tests.papers import MODULE, PRODUCT, a_product, an_import, furnish
from shared.errors import Disallowed, Outdated
from shared.testing.pages import Browser, hidden_fields

PAGE = "/products/acme/ws3gacme01"


class WithoutModel(Disallowed):
    """The product has no model label."""

    fix = "Enter the model."


class Changed(Outdated):
    """The product changed since you read it."""


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers["GetProduct"] = a_product("DEVELOPMENT")
    changes = ("CreateProduct", "ConfigureProduct", "LabelProduct", "CompleteDevelopment")
    for method in (*changes, "ReleaseProduct", "ReturnProduct"):
        house.answers[method] = a_product()


def test_a_new_product_leads_to_what_is_built_into_it(house: House, chen: Browser) -> None:
    made = chen.fill("/products/new", display_name="Wall Switch", product_id="")
    assert made.url.path == f"{PAGE}/build"
    assert house.request("CreateProduct").parent == ACME


def test_the_module_comes_first_then_its_firmware(house: House, chen: Browser) -> None:
    house.answers["GetProduct"] = Product(name=PRODUCT, pid="ws3gacme01", owner=ACME, etag="1")
    offered = chen.get(f"{PAGE}/build").text
    assert f'href="{PAGE}/build?module={MODULE}"' in offered
    chen.get(f"{PAGE}/build?module={MODULE}")
    assert house.request("ListFirmware").parent == MODULE
    chen.fill(
        f"{PAGE}/build?module={MODULE}",
        f"{PAGE}/build",
        firmware=f"{MODULE}/firmware/1",
        data_points="switch_1\nswitch_2, countdown_1",
    )
    build = house.request("ConfigureProduct").build
    assert (build.module, build.firmware) == (MODULE, f"{MODULE}/firmware/1")
    assert list(build.data_points) == ["switch_1", "switch_2", "countdown_1"]


def test_labels_are_saved_with_the_version_that_was_read(house: House, chen: Browser) -> None:
    chen.fill(PAGE, model="AC-9", customer_name="Casa", notes="")
    asked = house.request("LabelProduct")
    assert (asked.name, asked.model, asked.customer_name, asked.etag) == (
        PRODUCT,
        "AC-9",
        "Casa",
        "3",
    )


def test_labels_changed_meanwhile_are_kept_and_can_be_read_again(
    house: House, chen: Browser
) -> None:
    house.answers["LabelProduct"] = Changed()
    refused = chen.fill(PAGE, model="AC-9")
    assert refused.status_code == 409
    assert f'<a href="{PAGE}">Read it again</a>' in refused.text
    assert 'value="AC-9"' in refused.text


def test_completing_says_first_what_it_locks(house: House, chen: Browser) -> None:
    assert "This is locked from then on" in chen.get(f"{PAGE}/complete").text
    assert not house.was_asked("CompleteDevelopment")
    chen.fill(f"{PAGE}/complete")
    assert house.request("CompleteDevelopment").etag == "3"


def test_a_refused_completion_says_what_is_missing(house: House, chen: Browser) -> None:
    house.answers["CompleteDevelopment"] = WithoutModel()
    refused = chen.fill(f"{PAGE}/complete")
    assert "has no model label" in refused.text
    assert "Enter the model." in refused.text


@pytest.mark.parametrize(
    ("wanting", "said"),
    [
        ({"build": None, "firmware_state": 0}, "Choose its module and firmware first."),
        ({"firmware_state": "RETIRED"}, "Its firmware is retired; choose another version first."),
        ({"model": ""}, "Enter its model first, among its labels."),
    ],
)
def test_development_that_cannot_be_completed_says_why(
    house: House, chen: Browser, wanting: dict[str, Any], said: str
) -> None:
    house.answers["GetProduct"] = a_product("DEVELOPMENT", **wanting)
    for page in (PAGE, f"{PAGE}/complete"):
        html = chen.get(page).text
        assert said in html
        assert f'href="{PAGE}/complete"' not in html
        assert 'disabled aria-describedby="why-complete-development"' in html


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("BETA", "Its firmware is not released yet; your project manager can say when."),
        ("RETIRED", "Its firmware is retired; go back to development"),
    ],
)
def test_a_release_waits_for_released_firmware(
    house: House, chen: Browser, state: str, said: str
) -> None:
    house.answers["GetProduct"] = a_product("TRIAL_PRODUCTION", firmware_state=state)
    assert said in chen.get(PAGE).text


def test_a_page_that_was_left_open_offers_nothing_that_is_over(house: House, chen: Browser) -> None:
    house.answers["GetProduct"] = a_product("TRIAL_PRODUCTION")
    assert "Its development is completed already." in chen.get(f"{PAGE}/complete").text
    assert "It is locked; your administrator can return" in chen.get(f"{PAGE}/build").text
    house.answers["GetProduct"] = a_product("DEVELOPMENT")
    assert "It is in development." in chen.get(f"{PAGE}/return").text


def test_release_and_return_are_offered_when_they_are_possible(house: House, chen: Browser) -> None:
    house.answers["GetProduct"] = a_product("TRIAL_PRODUCTION")
    chen.fill(PAGE, f"{PAGE}/release")
    assert house.request("ReleaseProduct").name == PRODUCT
    chen.fill(f"{PAGE}/return", reason="New antenna")
    assert house.request("ReturnProduct").reason == "New antenna"


def test_who_may_order_it_is_listed(chen: Browser) -> None:
    assert "Chen Jie<small>Buyer" in chen.get(PAGE).text


def test_somebody_elses_product_can_be_read_only(house: House, chen: Browser) -> None:
    house.answers["GetProduct"] = a_product("DEVELOPMENT", owner="enterprises/bora")
    html = chen.get(PAGE).text
    assert 'name="model"' not in html
    assert "The owner's administrator does this, or allows R&D to." in html


def test_a_buyer_edits_nothing(house: House, stranger: Browser) -> None:
    house.roles = [Role.BUYER]
    sign_in(stranger)
    html = stranger.get(PAGE).text
    assert 'name="model"' not in html
    assert f"{PAGE}/build" not in html
    for path in (f"{PAGE}/build", f"{PAGE}/complete", "/products/new"):
        assert stranger.get(path).status_code == 403


def test_r47_a_return_shows_first_what_it_affects(house: House, chen: Browser) -> None:
    house.answers["GetProduct"] = a_product("MASS_PRODUCTION")
    html = chen.get(f"{PAGE}/return").text
    assert '<a href="/orders/8?of=bora"><span class="unbroken">MR-2026-000008</span></a>' in html
    assert "Bora &amp; Sons" in html
    assert "Chen Jie<small>Buyer" in html
    assert "Warehouse" in html
    assert not house.was_asked("ReturnProduct")
    chen.fill(f"{PAGE}/return", reason="New antenna")
    assert house.request("ReturnProduct").impact == "d1"


def test_nothing_affected_is_said_so(house: House, chen: Browser) -> None:
    house.answers["PreviewReturn"] = ReturnImpact(product=PRODUCT, digest="d2")
    html = chen.get(f"{PAGE}/return").text
    assert "Nothing: there are no open orders" in html
    assert 'name="impact" value="d2"' in html


def test_a13_completing_can_be_allowed_to_rnd(house: House, stranger: Browser) -> None:
    house.roles = [Role.RND, Role.DEVELOPMENT_COMPLETER]
    sign_in(stranger)
    assert f'href="{PAGE}/complete"' in stranger.get(PAGE).text
    stranger.fill(f"{PAGE}/complete")
    assert house.was_asked("CompleteDevelopment")
    assert stranger.get(f"{PAGE}/return").status_code == 403


def sheet(browser: Browser, content: bytes, **more: str):
    hidden = hidden_fields(browser.get("/products/import").text, "/products/import")
    return browser.post(
        "/products/import",
        data=hidden | more,
        files={"file": ("products.csv", content, "text/csv")},
    )


def test_an_import_is_looked_at_first_and_confirmed_then(house: House, chen: Browser) -> None:
    looked = sheet(chen, "\ufeffpid,display_name\nlamp0001,Lamp <x>\n".encode())
    assert house.request("ImportProducts").validate_only
    assert "Lamp &lt;x&gt;" in looked.text
    assert "Nothing was stored yet." in looked.text
    shown = re.search(r'<textarea name="content"[^>]*>\n(.*?)</textarea>', looked.text, re.DOTALL)
    assert shown is not None
    hidden = hidden_fields(looked.text, "/products/import")
    done = chen.post("/products/import", data=hidden | {"content": unescape(shown[1])})
    asked = house.request("ImportProducts")
    assert done.url.path == "/products"
    assert "1 created" in done.text
    assert (asked.validate_only, asked.parent) == (False, ACME)
    assert asked.content == b"pid,display_name\nlamp0001,Lamp <x>"


def test_refused_lines_are_shown_with_what_to_do_and_nothing_can_be_imported(
    house: House, chen: Browser
) -> None:
    house.answers["ImportProducts"] = an_import("PRODUCT_ID_MALFORMED", "SOMETHING_NEW")
    html = sheet(chen, b"pid\nlamp0001\n").text
    assert "2 lines cannot be imported." in html
    assert html.count("<strong>It cannot be imported.</strong> Mend the line.") == 2
    assert 'name="confirmed"' not in html


def test_of_one_line_it_is_said_in_the_singular(house: House, chen: Browser) -> None:
    house.answers["ImportProducts"] = an_import("PRODUCT_ID_MALFORMED")
    assert "1 line cannot be imported." in sheet(chen, b"pid\nlamp0001\n").text
    chen.headers["accept-language"] = "zh"
    assert "1 行无法导入" in sheet(chen, b"pid\nlamp0001\n").text


@pytest.mark.parametrize("content", [b"", b"\xff\xfa\x00"])
def test_a_file_that_is_none_is_asked_for_again(
    house: House, chen: Browser, content: bytes
) -> None:
    refused = sheet(chen, content) if content else chen.fill("/products/import")
    assert refused.status_code == 400
    assert 'id="file-error"' in refused.text
    assert not house.was_asked("ImportProducts")


def test_an_export_is_of_what_is_listed(house: House, chen: Browser) -> None:
    house.answers["ExportProducts"] = [HttpBody(content_type="text/csv", data=b"pid\r\n")]
    listed = chen.get("/products?q=ws&owner=enterprises/bora&model=9").text
    link = re.search(r'href="(/products/export[^"]*)"', listed)
    assert link is not None
    file = chen.get(unescape(link[1]))
    asked = house.request("ExportProducts")
    assert (asked.search, asked.owner, asked.model) == ("ws", "enterprises/bora", "9")
    assert file.content == b"pid\r\n"
    assert "attachment; filename" in file.headers["content-disposition"]


def test_the_list_filters_where_the_products_are(house: House, chen: Browser) -> None:
    html = chen.get("/products?q=ws&lifecycle=TRIAL_PRODUCTION").text
    asked = house.request("ListProducts")
    assert (asked.search, asked.lifecycle) == ("ws", Product.TRIAL_PRODUCTION)
    assert f'href="{PAGE}"' in html
