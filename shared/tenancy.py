"""What exists for a caller: the code's own word, above row-level security (reliability §4)."""

from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from shared.caller import Caller
from shared.errors import NotFound
from shared.names import parse

ALL = "-"
"""Stands for every enterprise in a list's parent; only the vendor's people may ask so."""

S = TypeVar("S", bound="sa.Select[Any]")


def key_in(pattern: str, name: str, caller: Caller) -> UUID | None:
    """Return the id at the end of `name`, such as `enterprises/*/contracts/*`.

    None if it is no id, or if nothing of that enterprise exists for `caller`: both are answered
    like a thing that is not there. Refuses with MalformedName what is not such a name at all.
    """
    enterprise, text = parse(pattern, name)
    try:
        return UUID(text) if caller.may_see(enterprise) else None
    except ValueError:
        return None


def within(select: S, table: sa.Table, parent: str, caller: Caller, missing: NotFound) -> S:
    """Narrow a list to the enterprise `parent`; refuse with `missing` if it is not the caller's."""
    (enterprise,) = parse("enterprises/*", parent)
    if enterprise == ALL and caller.is_staff:
        return select
    if not caller.may_see(enterprise):
        raise missing
    return select.where(table.c.enterprise == enterprise)
