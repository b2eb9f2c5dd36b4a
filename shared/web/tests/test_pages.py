"""What every page gets without asking: proof of forms, refusals in words, roles, languages."""

import re

import pytest

from shared.testing.pages import Browser, hidden_fields
from shared.web.tests.conftest import sign_in


@pytest.fixture
def chen(browser: Browser) -> Browser:
    """Return the browser of Chen, a buyer, signed in."""
    sign_in(browser)
    return browser


def test_a_refused_form_shows_what_was_typed_and_the_sentence_beside_the_field(
    chen: Browser,
) -> None:
    refused = chen.fill("/orders/new", note="for <spring>", quantity="1,200")

    assert refused.status_code == 400
    assert "for &lt;spring&gt;</textarea>" in refused.text
    assert 'value="1,200"' in refused.text
    assert 'aria-describedby="po_number-error po_number-hint"' in refused.text
    assert 'id="po_number-error">A purchase order needs its number.</p>' in refused.text


def test_what_was_done_is_said_once_on_the_next_page(chen: Browser) -> None:
    done = chen.fill("/orders/new", po_number="PO-1")
    assert done.url.path == "/orders/3"
    assert "The order is submitted." in done.text
    assert "The order is submitted." not in chen.get("/orders/3").text


def test_a_refusal_without_a_form_waits_on_the_page_it_came_from(chen: Browser) -> None:
    refused = chen.fill("/orders/3", "/orders/3/cancel")
    assert refused.url.path == "/orders/3"
    assert "is paid; it cannot be cancelled any more. Ask your business manager" in refused.text


def test_a_form_carries_an_id_that_stays_while_it_is_corrected(chen: Browser) -> None:
    form = hidden_fields(chen.get("/orders/new").text, "")
    again = chen.post("/orders/new", data=form)
    assert again.status_code == 400
    assert hidden_fields(again.text, "")["request_id"] == form["request_id"]


@pytest.mark.parametrize("token", ["", "guessed", "ключ"])
def test_a_form_without_our_token_does_nothing(chen: Browser, token: str) -> None:
    refused = chen.post("/orders/new", data={"csrf": token, "po_number": "PO-1"})
    assert refused.status_code == 403
    assert "does not come from this site" in refused.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_another_site_does_nothing_even_with_our_token(
    chen: Browser, headers: dict[str, str]
) -> None:
    data = hidden_fields(chen.get("/orders/new").text, "") | {"po_number": "PO-1"}
    assert chen.post("/orders/new", data=data, headers=headers).status_code == 403
    assert chen.post("/orders/new", data=data).url.path == "/orders/3"


def test_a_token_of_before_the_sign_in_is_worth_nothing_after_it(browser: Browser) -> None:
    before = hidden_fields(browser.get("/sign-in").text, "/sign-in")
    sign_in(browser)
    assert browser.post("/orders/new", data=before).status_code == 403


def test_a_page_for_other_roles_is_neither_shown_nor_offered(chen: Browser) -> None:
    refused = chen.get("/factory")
    assert refused.status_code == 403
    assert "not for the role you act in" in refused.text
    assert 'href="/factory"' not in chen.get("/orders").text


def test_the_navigation_says_where_one_is(chen: Browser) -> None:
    links = re.findall(r'<a href="([^"]+)" aria-current="page"', chen.get("/orders/3").text)
    assert set(links) == {"/orders"}


def test_an_unknown_address_is_a_page_with_a_way_out(browser: Browser) -> None:
    missing = browser.get("/nowhere")
    assert missing.status_code == 404
    assert "There is no page at this address." in missing.text
    assert 'href="/"' in missing.text


def test_who_is_signed_in_stays_so_where_there_is_no_page(chen: Browser) -> None:
    missing = chen.get("/nowhere")
    assert missing.status_code == 404
    assert 'action="/sign-out"' in missing.text
    assert 'href="/orders"' in missing.text
    assert 'href="/sign-in"' not in missing.text


def test_a_bug_tells_nothing_but_a_reference(browser: Browser) -> None:
    broken = browser.get("/broken", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    assert broken.status_code == 500
    assert "the secret inside" not in broken.text
    assert "a" * 32 in broken.text


def test_a_form_too_large_is_refused_before_it_is_read(browser: Browser) -> None:
    sent = browser.post("/sign-in", content=b"x" * (22 * 1024 * 1024))
    assert sent.status_code == 413
    assert "larger than the 20 MiB a page takes" in sent.text
    assert "script-src 'self'" in sent.headers["content-security-policy"]


def test_who_does_not_say_how_much_comes_sends_no_more_than_others(browser: Browser) -> None:
    sent = browser.post(
        "/sign-in",
        content=(b"x" * 1024 * 1024 for _ in range(22)),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert sent.status_code == 413


def test_a_page_is_there_again_when_too_much_was_sent_from_it(chen: Browser) -> None:
    files = {"file": ("big.pdf", b"x" * (22 * 1024 * 1024))}
    again = chen.post("/orders/new", data={"po_no": "PO-1"}, files=files)
    assert again.status_code == 413
    assert "Choose a smaller file" in again.text
    assert 'name="request_id"' in again.text


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/static/millrun.css", "/broken"])
def test_every_answer_forbids_foreign_script_and_frames(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_no_page_holds_script_or_style_of_its_own(chen: Browser) -> None:
    for path in ("/", "/orders", "/orders/3", "/orders/new", "/products", "/nowhere"):
        html = chen.get(path).text
        assert not re.search(r"<style|style=|<script>|\son[a-z]+=|javascript:", html), path


def test_what_people_write_stays_text(chen: Browser) -> None:
    assert "Air Quality Panel &lt;Pro&gt;" in chen.get("/orders").text


def test_htmx_gets_the_part_it_asked_for(chen: Browser) -> None:
    part = chen.get("/orders", headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert "MR-2026-000001" in part.text
    assert part.headers["vary"] == "hx-request"


def test_an_empty_list_says_what_to_do(chen: Browser) -> None:
    assert "purchase your first module" in chen.get("/orders?q=none").text


def test_sorting_keeps_the_filter_and_turns_round(chen: Browser) -> None:
    html = chen.get("/orders?q=0&sort=number").text
    assert 'aria-sort="ascending"' in html
    assert 'href="/orders?q=0&amp;sort=-number"' in html


def test_files_named_by_digest_are_kept_for_good(browser: Browser) -> None:
    html = browser.get("/sign-in").text
    for address in re.findall(r'"(/static/[^"#]+)"', html):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"], address
    assert browser.get("/static/millrun.css").headers["cache-control"] == "no-cache"


def test_pages_are_not_kept(chen: Browser) -> None:
    assert chen.get("/orders").headers["cache-control"] == "no-store"


def test_the_reader_chooses_the_language(browser: Browser) -> None:
    assert (
        'lang="zh"' in browser.get("/sign-in", headers={"accept-language": "zh-CN,en;q=0.5"}).text
    )
    assert "Sign in" in browser.get("/sign-in", headers={"accept-language": "fr;q=x,en"}).text

    chosen = browser.fill("/sign-in", "/language", language="zh", next="/sign-in")
    assert "登录" in chosen.text
    assert "没有页面" in browser.get("/nowhere").text


def test_those_who_watch_are_told_how_it_is(browser: Browser) -> None:
    assert browser.get("/healthz").json() == {"status": "ok"}
    browser.get("/sign-in")
    assert 'method="GET /sign-in",service="portal"' in browser.get("/metrics").text
