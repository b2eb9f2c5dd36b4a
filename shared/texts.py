"""Texts are as long as somebody types and somebody reads, and not endless.

What is let in is kept, told to every listener, printed and shown on pages: a reason of a million
letters would be read by nobody, and stand in everybody's way.
"""

from shared.errors import Malformed

LONGEST = 5000
"""How many characters any text of a request has at most; many fields take fewer."""


class TextTooLong(Malformed):
    """The field {field} takes at most {most} characters."""

    fix = "Shorten {field} and send the request again."
