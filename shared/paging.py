"""Pages of a list: by key, never by offset, so that page 1,000 costs what page 1 costs."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.errors import Malformed

T = TypeVar("T")
U = TypeVar("U")

DEFAULT, MOST = 50, 200
"""How many items a page has when nothing is asked, and at most."""


class BadPageToken(Malformed):
    """The page token is not one this list gave out."""

    fix = "Send the next_page_token of the page before, or none to start again."


class BadPageSize(Malformed):
    """A page of {size} items cannot be given."""

    fix = "Ask for 1 to 200 items, or leave the page size out."


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items of a list, and the token that asks for the ones after them."""

    items: Sequence[T]
    next_token: str = ""

    def map(self, change: "Callable[[T], U]") -> "Page[U]":
        """Return the same page with every item changed."""
        return Page([change(item) for item in self.items], self.next_token)


def page(
    tx: Session,
    select: "sa.Select[tuple[T]]",
    *,
    key: "sa.ColumnElement[UUID]",
    size: int = 0,
    token: str = "",
    oldest_first: bool = False,
) -> Page[T]:
    """Return one page of entities (or of one column), the newest `key` first."""
    rows, next_token = _window(tx, select, key, size, token, oldest_first)
    return Page([row[0] for row in rows], next_token)


def page_of_rows(
    tx: Session,
    select: "sa.Select[Any]",
    *,
    key: "sa.ColumnElement[UUID]",
    size: int = 0,
    token: str = "",
    oldest_first: bool = False,
) -> "Page[sa.Row[Any]]":
    """Return one page of rows with the columns that were selected, the newest `key` first."""
    return Page(*_window(tx, select, key, size, token, oldest_first))


def _window(
    tx: Session,
    select: "sa.Select[Any]",
    key: "sa.ColumnElement[UUID]",
    size: int,
    token: str,
    oldest_first: bool,
) -> "tuple[Sequence[sa.Row[Any]], str]":
    size = size_of(size)
    if token:
        last = decode(token)
        select = select.where(key > last if oldest_first else key < last)
    # One more than shown tells whether there is another page; nothing is ever counted.
    select = select.add_columns(key.label("page_key")).limit(size + 1)
    rows = tx.execute(select.order_by(key.asc() if oldest_first else key.desc())).all()
    return rows[:size], encode(rows[size - 1].page_key) if len(rows) > size else ""


def size_of(asked: int) -> int:
    """Return how many items a page has; BadPageSize if less than none was asked for."""
    if asked < 0:
        raise BadPageSize(size=asked)
    return min(asked or DEFAULT, MOST)


def encode(last: UUID) -> str:
    """Return the token for what comes after the item `last`."""
    return base64.urlsafe_b64encode(last.bytes).decode().rstrip("=")


def decode(token: str) -> UUID:
    """Return the item a token stands for; BadPageToken if it stands for none."""
    try:
        return UUID(bytes=base64.b64decode(token + "==", altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        raise BadPageToken from None
