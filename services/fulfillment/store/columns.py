"""What the tables of fulfillment are made of."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import registry

mapper = registry()


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column for a time with its zone."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def text(*names: str) -> list[sa.Column[Any]]:
    """Return columns for texts."""
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def counts(*names: str) -> list[sa.Column[Any]]:
    """Return columns for whole numbers."""
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]
