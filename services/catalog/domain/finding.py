"""What a product is found by: any part of any word of its PID, model, customer or display name.

Words are compared folded: case, full width and ligatures make no difference, in any language.
"""

import unicodedata
from collections.abc import Sequence

from shared.texts import unquoted

FIELDS = ("pid", "model", "customer_name", "display_name")
"""What is searched, in the order in which `found_by` holds it, one a line."""


def words_of(text: str) -> list[str]:
    """Return the words of `text`, folded."""
    return unicodedata.normalize("NFKC", text).casefold().split()


def looked_for(search: str) -> list[str]:
    """Return the words somebody looks for, folded, without the quotation marks around them."""
    return words_of(unquoted(search))


def found_by(*fields: str) -> str:
    """Return what is kept to find a product by: a line a field, words with one blank between."""
    return "\n".join(" ".join(words_of(field)) for field in fields)


def telling(words: Sequence[str]) -> str:
    """Return the word that leaves the fewest products to look at, the longest; empty if none."""
    return max(words, key=len, default="")
