"""A real browser, without a head, for tests that look at pages."""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import pytest

from shared import debian

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowser(Exception):
    """There is no Chromium here: install it, or name it with CHROMIUM=/path/to/chromium."""

    def __str__(self) -> str:
        return self.__doc__ or ""


@cache
def chromium() -> str:
    """Return where Chromium is; installs it where apt and its rights allow, else NoBrowser."""
    if found := os.environ.get("CHROMIUM") or _found():
        return found
    if debian.can_install():
        debian.install("chromium")
    if found := _found():
        return found
    raise NoBrowser


def _found() -> str:
    return next((path for name in NAMES if (path := shutil.which(name))), "")


@pytest.fixture(scope="module")
def chrome() -> "Iterator[Browser]":
    """Return a running Chromium for the tests of a file; each opens a context of its own.

    It ends with the file: while it is driven an event loop runs in this thread, and what starts
    one of its own, as pyHanko does to seal, cannot.
    """
    from playwright.sync_api import sync_playwright  # Only tests that look at pages pay for it.

    options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=options)
        yield browser
        browser.close()
