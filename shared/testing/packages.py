"""Programs and fonts of Debian packages that tests need: installed where apt and rights allow.

A test that cannot have what it needs fails and says so; none is left out.
"""

import shutil
from collections.abc import Callable
from functools import cache

from shared import debian


class NotInstalled(Exception):
    """{what} is not here and could not be had. Install it: on Debian and Ubuntu, {package}."""

    def __init__(self, what: str, package: str) -> None:
        super().__init__((self.__doc__ or "").format(what=what, package=package))


@cache
def pdfsig() -> str:
    """Return where poppler's program is that checks the signatures in a PDF."""
    return _had("pdfsig", "poppler-utils", lambda: shutil.which("pdfsig") or "")


@cache
def pdftoppm() -> str:
    """Return where poppler's program is that draws the pages of a PDF."""
    return _had("pdftoppm", "poppler-utils", lambda: shutil.which("pdftoppm") or "")


@cache
def chinese_font() -> str:
    """Return the name of a font with Chinese signs."""
    return _had("A font with Chinese signs", "fonts-droid-fallback", _chinese_font)


def _chinese_font() -> str:
    import typst  # Only tests that print Chinese pay for it.

    families = typst.Fonts().families()
    return next((name for name in families if "CJK SC" in name or "Fallback" in name), "")


def _had(what: str, package: str, find: Callable[[], str]) -> str:
    if found := find():
        return found
    if debian.can_install():
        debian.install(package)
    if found := find():
        return found
    raise NotInstalled(what, package)
