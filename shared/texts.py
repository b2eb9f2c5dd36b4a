"""Texts are as long as somebody types and somebody reads, and not endless.

What is let in is kept, told to every listener, printed and shown on pages: a reason of a million
letters would be read by nobody, and stand in everybody's way.
"""

from unicodedata import category, normalize

from shared.errors import Malformed

LONGEST = 5000
"""How many characters any text of a request has at most; many fields take fewer."""

UNSEEN = ("Cf", "Cc")
"""Characters that show nothing by themselves: one of no width, one that turns the direction."""


class TextTooLong(Malformed):
    """The field {field} takes at most {most} characters."""

    fix = "Shorten {field} and send the request again."


def folded(text: str) -> str:
    """Return what two texts have in common that are read alike: case, width, blanks are typing."""
    plain = normalize("NFKC", text).casefold()
    seen = (each for each in plain if each.isspace() or category(each) not in UNSEEN)
    return " ".join("".join(seen).split())
