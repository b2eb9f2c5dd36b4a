"""Pages as they are seen: narrow and wide, by keyboard, without script, on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chrome
from playwright.sync_api import Page, expect
from starlette.applications import Starlette

from shared.testing.pages import listening

PAGES = ["/", "/orders", "/orders?q=none", "/orders/3", "/orders/new", "/products", "/factory"]


@pytest.fixture(params=[375, 1440], ids=["phone", "desk"])
def seen(request: pytest.FixtureRequest, chrome: Chrome, app: Starlette) -> Iterator[Page]:
    """Return a page at the door, which must stay free of complaints."""
    complaints = []
    with listening(app) as origin:
        context = chrome.new_context(
            viewport={"width": request.param, "height": 800}, base_url=origin
        )
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/sign-in")
        yield page
        context.close()
    expected = "the server responded with a status of 4"
    assert [said for said in complaints if expected not in said] == []


def enter(page: Page) -> None:
    """Sign in as Chen."""
    page.get_by_label("E-mail address").fill("chen@acme.example")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def test_nothing_is_wider_than_the_window(seen: Page) -> None:
    enter(seen)
    for path in PAGES:
        seen.goto(path)
        too_wide = "document.documentElement.scrollWidth - window.innerWidth"
        assert seen.evaluate(too_wide) <= 0, path


def test_it_works_by_keyboard_alone(seen: Page) -> None:
    keyboard = seen.keyboard
    expect(seen.locator("input[name=email]")).to_be_focused()
    keyboard.type("chen@acme.example")
    keyboard.press("Tab")
    expect(seen.locator("input[name=password]")).to_be_focused()
    keyboard.type("correct horse")
    keyboard.press("Enter")
    seen.wait_for_url("**/")
    keyboard.press("Tab")
    expect(seen.get_by_role("link", name="Skip to the content")).to_be_focused()


def test_every_field_has_a_label_and_every_picture_a_word(seen: Page) -> None:
    enter(seen)
    for path in PAGES:
        seen.goto(path)
        nameless = seen.evaluate(
            """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
                .filter((field) => !field.labels.length).map((field) => field.name)"""
        )
        assert nameless == [], path
        assert seen.locator("img:not([alt])").count() == 0
        assert seen.locator("h1").count() == 1


def test_what_one_choice_needs_opens_when_it_is_chosen(seen: Page) -> None:
    enter(seen)
    seen.evaluate(
        """() => document.querySelector("main").innerHTML = `<form>
            <label><input type="radio" name="invoice" value="GENERAL" checked> General</label>
            <label><input type="radio" name="invoice" value="SPECIAL"> Special</label>
            <details data-open-with="invoice=SPECIAL"><summary>More</summary>
            <label>Bank <input name="bank"></label></details></form>`"""
    )
    expect(seen.get_by_label("Bank")).to_be_hidden()
    seen.get_by_label("General").click()
    expect(seen.get_by_label("Bank")).to_be_hidden()
    seen.get_by_label("Special").click()
    expect(seen.get_by_label("Bank")).to_be_visible()


def test_nothing_is_cut_off_where_what_is_dotted_wraps(seen: Page) -> None:
    """The dot that would begin a line is hidden, and nothing of what goes on in the next one."""
    enter(seen)
    hidden = seen.evaluate(
        """() => {
            document.querySelector("main").innerHTML = `<p><span class="dotted">
                <span>浙江省杭州市滨江区江南大道三千八百八十八号信息港</span><span>1202</span></span></p>`
            const list = document.querySelector(".dotted"), range = document.createRange()
            list.parentElement.style.width = "9rem"
            range.selectNodeContents(list.firstElementChild)
            const em = parseFloat(getComputedStyle(list).fontSize)
            const from = list.getBoundingClientRect().left + em - 1
            const lines = [...range.getClientRects()].filter((line) => line.width > 2 * em)
            return lines.length < 2 ? ["it does not wrap"]
                : lines.filter((line) => line.left < from).map((line) => line.left)
        }"""
    )
    assert hidden == []


def test_a_menu_opens_and_closes_again(seen: Page) -> None:
    enter(seen)
    out = seen.get_by_role("button", name="Sign out")
    expect(out).to_be_hidden()
    seen.locator("summary", has_text="Your account").click()
    expect(out).to_be_visible()
    seen.keyboard.press("Escape")
    expect(out).to_be_hidden()


def test_icons_and_style_arrive(seen: Page) -> None:
    enter(seen)
    seen.goto("/orders/3")
    icon = seen.locator("svg.icon:visible").first.bounding_box()
    assert icon
    assert 10 < icon["width"] < 40
    button = seen.get_by_text("Cancel order").first
    assert button.evaluate("(part) => getComputedStyle(part).color") != "rgb(0, 0, 0)"


def test_a_list_is_filtered_while_one_types(seen: Page) -> None:
    enter(seen)
    seen.goto("/orders")
    seen.get_by_label("Number, PO number or model").press_sequentially("004")
    expect(seen.get_by_text("MR-2026-000001")).to_be_hidden()
    expect(seen.get_by_text("MR-2026-000004")).to_be_visible()


def test_paper_shows_the_matter_and_no_buttons(seen: Page) -> None:
    enter(seen)
    seen.goto("/orders/3")
    seen.emulate_media(media="print")
    expect(seen.get_by_role("heading", name="MR-2026-000003")).to_be_visible()
    expect(seen.get_by_text("Cancel order").first).to_be_hidden()
    expect(seen.locator("summary", has_text="Your account")).to_be_hidden()


def test_no_cell_of_a_table_is_cut_off(seen: Page) -> None:
    """A card keeps words whole, and an address stood beyond the edge of a phone."""
    enter(seen)
    seen.evaluate(
        """() => document.querySelector("main").innerHTML = `<div class="card table-card">
            <table class="table rows"><tbody><tr>
            <td data-label="E-mail address">enterprise.finance@nordlicht-home.example</td>
            <td data-label="Reference on the transfer"><code>RF97MR2026000027F</code></td>
            <td data-label="Reference"><code>a-reference-longer-than-a-phone-is-wide</code></td>
            </tr></tbody></table></div>`"""
    )
    cut = """() => [...document.querySelectorAll("td")]
        .filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.innerText)"""
    assert seen.evaluate(cut) == []


def test_what_cannot_be_taken_back_is_legible(seen: Page) -> None:
    """Its letters have a contrast of 4.5 to the page and to the button (WCAG 2.2 AA, 1.4.3)."""
    enter(seen)
    seen.evaluate(
        """() => document.querySelector("main").innerHTML =
            '<a class="btn btn-outline-danger">End it</a> <a class="btn btn-danger">End it</a>'"""
    )
    contrasts = seen.evaluate(CONTRASTS)
    assert len(contrasts) == 2
    assert min(contrasts) >= 4.5


CONTRASTS = """() => {
    const brush = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const painted = (colour) => {
        brush.fillStyle = colour;
        brush.fillRect(0, 0, 1, 1);
        return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (colour) => painted(colour).map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (part) => {
        const colour = getComputedStyle(part).backgroundColor;
        return colour === "rgba(0, 0, 0, 0)" ? behind(part.parentElement) : colour;
    };
    return [...document.querySelectorAll("main .btn")].map((button) => {
        const both = [light(getComputedStyle(button).color), light(behind(button))].sort();
        return (both[1] + 0.05) / (both[0] + 0.05);
    });
}"""
