"""What people type: without the blanks around it, and not endless."""

from services.catalog.domain.errors.text import TextWithoutWords
from shared.texts import TextTooLong

LABEL, PROSE = 200, 4000
"""How many characters fit into a label, and into a note or description."""


def kept(text: str, field: str, *, needed: bool = False, most: int = LABEL) -> str:
    """Return `text` as it is kept; TextTooLong, or TextWithoutWords if `needed` and empty."""
    words = text.strip()
    if len(words) > most:
        raise TextTooLong(field=field, most=most)
    if needed and not words:
        raise TextWithoutWords(field=field)
    return words
