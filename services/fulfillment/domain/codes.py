"""Authorization codes: made here, read from a file, and shown without telling them.

A code that is made here has 23 random characters and one that checks them, in the alphabet of
Crockford's base 32 (no I, L, O, U): `7K3Q-0FZM-…`. 115 bits nobody guesses; one wrong character, or
two neighbours swapped, is noticed (Luhn's scheme, modulo 32).
"""

import csv
import io
import re
import secrets
from collections.abc import Sequence

from services.fulfillment.domain import license_errors as errors

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM, GROUP = 23, 4
MOST_AT_ONCE = 5000
NAMES = frozenset({"code", "codes", "licence", "license", "licence code", "license code"})
NAMES |= {"授权码", "许可证"}
"""What the column may be called."""

_USABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=-]{11,127}")


def generate() -> str:
    """Return a new code."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    whole = body + _check(body)
    return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


def is_genuine(code: str) -> bool:
    """Whether a code looks like one made here, its last character included."""
    whole = code.replace("-", "").upper()
    known = len(whole) == RANDOM + 1 and set(whole) <= set(ALPHABET)
    return known and _check(whole[:-1]) == whole[-1]


def masked(code: str) -> str:
    """Return what a code is recognised by: its last four characters."""
    return f"…{code[-4:]}"


def read(content: bytes) -> list[tuple[int, str]]:
    """Return the codes of a CSV file, each with its row; refuses with the first row that is wrong.

    The refusal names the row, never the code: refusals are logged.
    """
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=_separator(text)))
    except (UnicodeDecodeError, csv.Error):
        raise errors.CodesUnreadable from None
    column, found = 0, dict[str, int]()
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        named = [at for at, cell in enumerate(cells) if cell.lower() in NAMES]
        if number == 1 and named:
            column = named[0]
        elif any(cells):
            _take(found, number, cells[column] if column < len(cells) else "")
    return [(row, code) for code, row in found.items()]


def _take(found: dict[str, int], number: int, code: str) -> None:
    if not _USABLE.fullmatch(code):
        raise errors.CodeUnusable(row=number)
    if code in found:
        raise errors.CodeRepeated(row=number, earlier=found[code])
    found[code] = number


def _separator(text: str) -> str:
    return max("\t;,", key=text.partition("\n")[0].count)


def _check(body: Sequence[str]) -> str:
    total, factor = 0, 2
    for character in reversed(body):
        part = factor * ALPHABET.index(character)
        total += part // len(ALPHABET) + part % len(ALPHABET)
        factor = 3 - factor
    return ALPHABET[-total % len(ALPHABET)]
