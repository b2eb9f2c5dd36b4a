"""What the tables of catalog are made of."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.errors import UniqueViolation
from sqlalchemy.orm import registry

from services.catalog.domain.sold import State
from shared.errors import Refusal
from shared.storage import aggregate_columns

mapper = registry()


def moment(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False)


def counted() -> tuple[sa.Column[Any], ...]:
    """Return the columns of an aggregate that belongs to the vendor, not to an enterprise."""
    return aggregate_columns()[1:]


def is_sold() -> sa.Column[Any]:
    """Return the column that says whether something is sold."""
    return sa.Column("state", sa.Enum(State, native_enum=False, length=20), nullable=False)


def uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@contextmanager
def unless_taken(constraint: str, refusal: Refusal) -> Iterator[None]:
    """Refuse with `refusal` what `constraint` forbids; row-level security hides who was first."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        cause = error.orig
        if isinstance(cause, UniqueViolation) and cause.diag.constraint_name == constraint:
            raise refusal from None
        raise
