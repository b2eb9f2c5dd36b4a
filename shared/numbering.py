"""The numbers people know things by: `MR-2026-000123`.

They sort as text, as lists and spreadsheets sort them, also past the millionth: that one is
`MR-2026-A000000`, and as long as it is read aloud it is mistaken for no other.
"""

from shared.clock import now

NONE_YET = 0
"""The position of what is only tried: nothing that is kept ever has it."""

MILLION = 1_000_000
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What millions are counted by: no I and no O, which look like digits."""


def numbered(kind: str, position: int) -> str:
    """Return the number of the `position`-th thing of a kind, in the year it is now."""
    return f"{kind}-{now():%Y}-{in_order(position)}"


def in_order(position: int) -> str:
    """Return `position` so that a greater one comes later as text, too.

    >>> [in_order(each) for each in (123, 999_999, 1_000_000, 24_999_999, 25_000_000)]
    ['000123', '999999', 'A000000', 'Z999999', 'ZA000000']
    """
    millions, rest = divmod(position, MILLION)
    if not millions:
        return f"{rest:06d}"
    rounds, letter = divmod(millions - 1, len(LETTERS))
    return f"{LETTERS[-1] * rounds}{LETTERS[letter]}{rest:06d}"
