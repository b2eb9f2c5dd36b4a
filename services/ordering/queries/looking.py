"""What is looked for, as what the statements are told."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any
from uuid import UUID

from services.ordering.domain.listing import (
    LEAST_LETTERS,
    MOST_LETTERS,
    MOST_WORDS,
    SearchTooLong,
    SearchTooShort,
    Wanted,
)
from services.ordering.queries.finding import MOST_WINDOWS
from shared.money import Money
from shared.texts import unquoted

SLACK = timedelta(minutes=1)
"""By how much the moment in an order's id may differ from when it was made."""

WEEK = 604_800_000
"""Milliseconds; see `week_of` in the database."""

_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_MOST_TOTAL = Decimal(900_000_000_000_000)


@dataclass
class Told:
    """What the statement of a list depends on, and what it is told."""

    parameters: dict[str, Any] = field(default_factory=dict)
    limits: set[str] = field(default_factory=set)
    window: str = "state"
    windows: Sequence[Any] = ()

    def limit(self, name: str, value: Any) -> None:
        """Limit the list, unless nothing is said."""
        if value not in (None, "", frozenset()):
            self.parameters[name] = value
            self.limits.add(name)


def told_of(wanted: Wanted) -> Told:
    """Return what a statement is told of `wanted`, but for its words; refuses what has no sense."""
    wanted.insist_on_sense()
    told = Told()
    _tell_words(told, wanted)
    told.limit("family", wanted.family)
    told.limit("owner", wanted.owner)
    product = _narrow(wanted.product).lower()
    told.limit("product" if "/" in product else "pid", product)
    told.limit("order_no", _narrow(wanted.order_no).upper())
    told.limit("contract_no", _narrow(wanted.contract_no).upper())
    told.limit("po_key", _narrow(wanted.po_no).lower())
    told.limit("batch_key", _narrow(wanted.customer_batch_no).lower())
    told.limit("business_manager", wanted.business_manager)
    told.limit("waiting_on", wanted.waiting_on)
    _tell_times(told, wanted)
    _tell_totals(told, wanted)
    return told


def _narrow(text: str) -> str:
    """Return what was typed as numbers are kept: Chinese keyboards have wide letters."""
    return unicodedata.normalize("NFKC", text).strip()


def _tell_words(told: Told, wanted: Wanted) -> None:
    """Give few states, or else few purposes, a window each; many are looked at in each order."""
    for name, column, chosen in (
        ("states", "state", wanted.states),
        ("purposes", "purpose", wanted.purposes),
    ):
        values = sorted(chosen, key=lambda each: each.name)
        if values and not told.windows and len(values) <= MOST_WINDOWS:
            told.window, told.windows = column, values
            told.parameters |= {f"window_{at}": value for at, value in enumerate(values)}
        elif values:
            told.limit(name, values)


def _tell_times(told: Told, wanted: Wanted) -> None:
    """Say when; as ids begin with the moment they were made, it is also said where to look."""
    told.limit("submitted_from", wanted.submitted_from)
    told.limit("submitted_to", wanted.submitted_to)
    if wanted.submitted_from or wanted.submitted_to:
        told.limits.add("submitted")
    told.limit("created_from", wanted.created_from)
    told.limit("created_to", wanted.created_to)
    if wanted.created_from:
        told.limit("id_from", id_at(wanted.created_from, -SLACK))
    # What was submitted by then was made by then.
    ends = [end for end in (wanted.created_to, wanted.submitted_to) if end]
    if ends:
        told.limit("id_to", id_at(min(ends), SLACK))


def _tell_totals(told: Told, wanted: Wanted) -> None:
    least, most = wanted.total_from, wanted.total_to
    if said := least or most:
        least = least or Money(said.currency, Decimal(0))
        most = most or Money(said.currency, _MOST_TOTAL)
        told.limit("total_from", _total_key(least, ROUND_CEILING))
        told.limit("total_to", _total_key(most, ROUND_FLOOR))


def _total_key(amount: Money, rounding: str) -> str:
    """Return an amount as totals are indexed: by currency, then in ten-thousandths."""
    within = max(Decimal(0), min(_MOST_TOTAL, amount.amount))
    return f"{amount.currency}{int((within * 10_000).to_integral_value(rounding)):019}"


def words_of(search: str) -> list[str]:
    """Return the words to look for, as they are kept; SearchTooLong, SearchTooShort.

    Quotation marks around them are no part of them. Of two characters it is said that they begin a
    word: a search for them is one for a blank and them.
    """
    words = unicodedata.normalize("NFKC", unquoted(search)).lower().split()
    if len(words) > MOST_WORDS or len(search) > MOST_LETTERS:
        raise SearchTooLong(words=MOST_WORDS, letters=MOST_LETTERS)
    if search.strip() and len(max(words, key=len, default="")) < LEAST_LETTERS:
        raise SearchTooShort(least=LEAST_LETTERS)
    return [f" {word}" if len(word) <= LEAST_LETTERS else word for word in words]


def parts_of(words: Sequence[str]) -> list[str]:
    """Return every four characters within the words, or all of a word that has three."""
    parts = {word[at : at + 4] for word in words for at in range(max(1, len(word) - 3))}
    return sorted(part for part in parts if len(part) > LEAST_LETTERS)


def pattern_of(word: str) -> str:
    r"""Return what texts are like that say `word`: `%` and `_` stand for themselves."""
    said = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{said}%"


def week_at(moment: datetime) -> int:
    """Return the week a moment is in, as `week_of` counts in the database."""
    return _milliseconds(moment) // WEEK


def week_of(order_id: UUID) -> int:
    """Return the week an order was made in, from its id."""
    return (order_id.int >> 80) // WEEK


def begin_of(week: int) -> UUID:
    """Return what no order of a week comes before, and those of the weeks before it do."""
    return UUID(int=week * WEEK << 80)


def earliest_of(order_id: UUID) -> datetime:
    """Return when at the earliest an order was made that has this id or a later one."""
    return _EARLIEST + timedelta(milliseconds=order_id.int >> 80) - SLACK


def latest_of(order_id: UUID) -> datetime:
    """Return when at the latest an order was made that has an earlier id."""
    return _EARLIEST + timedelta(milliseconds=order_id.int >> 80) + SLACK


def id_at(moment: datetime, slack: timedelta) -> UUID:
    """Return where the ids begin of what was made then."""
    shifted = max(_EARLIEST, min(_LATEST, moment)) + slack
    return UUID(int=max(0, _milliseconds(shifted)) << 80)


def _milliseconds(moment: datetime) -> int:
    return int((moment - _EARLIEST) / timedelta(milliseconds=1))
