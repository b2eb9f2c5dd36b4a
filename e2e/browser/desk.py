"""Somebody in front of a browser, who reads, fills in and presses what is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from deploy.local.people import Person
from shared.testing.waits import eventually

WIDTHS = (375, 1440)
HEIGHT = 900
WITHIN = 30_000
"""Milliseconds a page may take beside all that runs on a small machine."""


class Camera:
    """Takes a picture of every page at both widths, if there is a folder for them."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._taken: set[str] = set()

    def takes(self, page: Page, who: str) -> None:
        """Take pictures of what `who` sees, once for each kind of page and what it is about."""
        if self._folder is None:
            return
        place = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[a-z0-9]{16}", "id", _path(page.url))
        state = " ".join(page.locator("h1 .state").all_inner_texts())
        name = re.sub(r"[^a-z0-9]+", "-", f"{who} {place} {state}".lower()).strip("-")
        if name in self._taken:
            return
        self._taken.add(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        number = next(self._numbers)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            path = self._folder / f"{number:02}-{name[:80]}-{width}.png"
            page.screenshot(path=path, full_page=True)


class Desk:
    """One person's browser, signed in to portal or console."""

    def __init__(self, page: Page, origin: str, who: str, camera: Camera) -> None:
        self.page, self.origin, self.who = page, origin, who
        self._camera = camera
        page.set_default_timeout(WITHIN)

    def opens(self, path: str) -> None:
        """Go to a page by its address."""
        answer = self.page.goto(f"{self.origin}{path}")
        assert answer is not None
        assert answer.ok, f"{self.who}: {path} answered {answer.status}"
        self.looks()

    def follows(self, link: str) -> None:
        """Follow the first link with that text, as soon as the page has one."""
        # One that takes a filter off says what was looked for, too.
        named = self.page.get_by_role("link", name=link).and_(self.page.locator(":not(.chip)"))
        self._until(lambda: named.count() > 0, link)
        named.first.click()
        self.page.wait_for_load_state()
        self.looks()

    def fills(self, **fields: str) -> None:
        """Fill in fields, by their names; what is to be chosen is chosen."""
        for name, value in fields.items():
            field = self.page.locator(f'main [name="{name}"]:not([type="hidden"])').first
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def ticks(self, **choices: str) -> None:
        """Tick boxes and choose one of few, by name and the text beside it."""
        for name, text in choices.items():
            box = self.page.locator(f'label:has(input[name="{name}"])', has_text=text)
            box.first.locator("input").check()

    def presses(self, button: str) -> None:
        """Press a button, and say yes where the page asks once more; fail if it is refused."""
        summary = self.page.locator("details.sure > summary", has_text=button)
        if summary.count():
            summary.first.click()
        with self.page.expect_navigation():
            named = self.page.get_by_role("button", name=button, exact=True)
            named.locator("visible=true").last.click()
        self.looks()

    def looks(self) -> None:
        """Look at the page: it says of nothing that it went wrong."""
        refused = self.page.locator(".notice-danger")
        assert refused.count() == 0, f"{self.who} at {self.page.url}: {refused.first.inner_text()}"
        expect(self.page.locator("h1")).to_have_count(1)
        self._camera.takes(self.page, self.who)

    def sees(self, text: str) -> None:
        """Read the page again and again until it says `text`."""
        self._until(lambda: text in self.page.locator("body").inner_text(), text)
        self.looks()

    def finds(self, list_path: str, link: str) -> None:
        """Open a list, and what is behind the link with that text in it."""
        self.opens(list_path)
        self.follows(link)

    def signs_in(self, email: str, password: str) -> None:
        """Come in through the door."""
        self.opens("/sign-in")
        self.fills(email=email, password=password)
        self.presses("Sign in")

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        """Read the page again until something holds: what others told takes a moment."""

        def there() -> bool:
            if holds():
                return True
            self.page.reload()
            said = self.page.locator("main").inner_text()
            raise AssertionError(f"{self.who} waits in vain for {what!r}: {said[:2000]}")

        eventually(there, WITHIN / 1000)


@contextmanager
def desk(
    chrome: Browser, origin: str, who: str, camera: Camera, signs_in: Person | None = None
) -> Iterator[Desk]:
    """Give somebody a browser of their own for the length of the block."""
    context = chrome.new_context(
        viewport={"width": WIDTHS[-1], "height": HEIGHT}, locale="en-GB", timezone_id="UTC"
    )
    try:
        own = Desk(context.new_page(), origin, who, camera)
        if signs_in is not None:
            own.signs_in(signs_in.email, signs_in.password)
        yield own
    finally:
        context.close()


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[-1].partition("?")[0]
