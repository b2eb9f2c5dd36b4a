"""Finding products by any part of their words, by way of an index (R37)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.catalog.domain.finding import FIELDS, looked_for, telling
from services.catalog.domain.product import Lifecycle
from services.catalog.store import PART, grants, product_parts, products
from shared.caller import Caller
from shared.clock import now
from shared.names import parse

LAST = "\U0010ffff"
"""Sorts behind every letter: what begins with a word lies between it and it with this behind it."""

Enterprises = sa.ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a product must be to be listed; what is empty does not matter."""

    owner: str = ""
    """`enterprises/{owner}` (R53)."""

    lifecycles: frozenset[Lifecycle] = frozenset()
    search: str = ""
    """Words, each of which is in its PID, model, customer or display name."""

    pid: str = ""
    model: str = ""
    customer_name: str = ""
    """Words, each of which is in that very field."""

    orderable_by: Caller | None = None
    """Who may order it in bulk now (R34)."""

    not_orderable_by: Caller | None = None
    """Who may not."""

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Return what the row of a product has to fulfil; MalformedName."""
        wanted: list[sa.ColumnElement[bool]] = []
        if self.owner:
            wanted.append(products.c.enterprise == parse("enterprises/*", self.owner)[0])
        if self.lifecycles:
            wanted.append(products.c.lifecycle.in_(sorted(self.lifecycles, key=lambda it: it.name)))
        wanted += _says(products.c.found_by, looked_for(self.search))
        for place, field in enumerate(FIELDS[:3], start=1):
            line = sa.func.split_part(products.c.found_by, "\n", place)
            wanted += _says(line, looked_for(getattr(self, field)))
        if self.orderable_by:
            wanted += _orderable(self.orderable_by)
        if self.not_orderable_by:
            wanted.append(sa.not_(sa.and_(*_orderable(self.not_orderable_by))))
        return wanted

    def among(self, whose: Enterprises | None = None) -> list[sa.ColumnElement[bool]]:
        """Return the condition to be one of those the index finds, or none without words.

        `whose` says in whose products to look.
        """
        word = telling(self._words())[:PART]
        if not word:
            return []
        begins = (product_parts.c.part >= word, product_parts.c.part < word + LAST)
        limits = begins if whose is None else (whose, *begins)
        return [products.c.id.in_(sa.select(product_parts.c.product_id).where(*limits))]

    def _words(self) -> Sequence[str]:
        return [
            word
            for text in (self.search, self.pid, self.model, self.customer_name)
            for word in looked_for(text)
        ]


def _orderable(caller: Caller) -> list[sa.ColumnElement[bool]]:
    open_to_them = sa.exists().where(
        grants.c.enterprise == caller.enterprise,
        grants.c.pid == products.c.pid,
        grants.c.account == caller.account,
        sa.or_(grants.c.ends_at.is_(None), grants.c.ends_at > now()),
    )
    return [products.c.lifecycle != Lifecycle.DEVELOPMENT, open_to_them]


def _says(column: sa.ColumnElement[Any], words: Iterable[str]) -> list[sa.ColumnElement[bool]]:
    return [sa.func.strpos(column, word) > 0 for word in words]
