"""Numbers as people write them: `1,200.50`, `1 200`, or in the wide digits of Chinese keyboards."""

import re
from unicodedata import normalize

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?:\.\d*)?")


def plain(text: str) -> str:
    """Return a number without what groups its digits; what is no number so stays as it is.

    A comma groups thousands and nothing else: who means 9.99 with `9,99` does not get 999.

    >>> [plain(text) for text in ("1,200.50", "１２００", "1 200", "9,99", "1,2000")]
    ['1200.50', '1200', '1200', '9,99', '1,2000']
    """
    narrow = normalize("NFKC", text).strip()
    return re.sub("[, ]", "", narrow) if _GROUPED.fullmatch(narrow) else narrow
