"""Texts are as long as somebody types and somebody reads, and not endless.

What is let in is kept, told to every listener, printed and shown on pages: a reason of a million
letters would be read by nobody, and stand in everybody's way.
"""

import re
from unicodedata import category, normalize

from shared.errors import Malformed

LONGEST = 5000
"""How many characters any text of a request has at most; many fields take fewer."""

UNSEEN = ("Cf", "Cc")
"""Characters that show nothing by themselves: one of no width, one that turns the direction."""

TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows: with them one name is read as another."""


QUOTES = '"“”„‟‘’«»「」『』《》〝〞〟＂'
"""What people put around words they look for, as search engines have taught them."""

_WITHOUT_QUOTES = str.maketrans(dict.fromkeys(QUOTES, " "))


class TextTooLong(Malformed):
    """The field {field} takes at most {most} characters."""

    fix = "Shorten {field} and send the request again."


class TextTurned(Malformed):
    """The field {field} holds an invisible character that turns the direction of the text."""

    fix = "Type {field} by hand, or copy it without what surrounds it, and send the request again."


def straight(text: str) -> str:
    """Return `text` without what turns its direction: programs copy that along, nobody types it."""
    return text if text.isascii() else TURNING.sub("", text)


def folded(text: str) -> str:
    """Return what two texts have in common that are read alike: case, width, blanks are typing."""
    plain = normalize("NFKC", text).casefold()
    seen = (each for each in plain if each.isspace() or category(each) not in UNSEEN)
    return " ".join("".join(seen).split())


def unquoted(text: str) -> str:
    """Return what is looked for without the marks around it, which are no part of it.

    >>> [unquoted(text).split() for text in ('"abc def"', "「注文」", "o'#b")]
    [['abc', 'def'], ['注文'], ["o'#b"]]
    """
    return text.translate(_WITHOUT_QUOTES)
