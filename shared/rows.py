"""Rows written without a unit of work: however many, in one statement.

On hot paths an object-relational flush costs more than the database (performance §3). What is
written travels as one JSON parameter, so a statement is the same text for any number of rows and
is prepared once.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from shared.prepared import Prepared
from shared.sql import changed as changed_by
from shared.sql import later

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert(tx: Session, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add `rows`, which all have the same columns; nothing to do without any.

    They go with what is said next, or with the commit.
    """
    if rows:
        later(tx, _insert(table, tuple(rows[0])), (as_json(rows),))


def update(tx: Session, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Change the rows with these primary keys to `rows`; return how many there are."""
    if not rows:
        return 0
    statement = _update(table, tuple(rows[0]))
    return changed_by(tx, statement, (as_json(rows),))


def change(
    tx: Session,
    table: sa.Table,
    key: Mapping[str, Any],
    *,
    version: int,
    changed: Mapping[str, Any],
) -> None:
    """Change an aggregate's row, which still has `version`; that counts up.

    It goes with what is said next, or with the commit, which fails with StaleDataError if somebody
    was faster. The database must have been taught to insist (`shared.migrations.operations`).
    """
    statement = _change(table, tuple(key), tuple(changed))
    later(tx, statement, (as_json([changed]), *key.values(), version))


def vars_of(thing: object, table: sa.Table) -> dict[str, Any]:
    """Return what `thing` has of the columns of `table`, as a row."""
    return {name: value for name, value in vars(thing).items() if name in table.c}


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return `rows` as PostgreSQL reads them back: amounts exact, enums by name, times in UTC."""
    return json.dumps(list(rows), default=_plain, ensure_ascii=False)


def record_of(table: sa.Table, columns: Iterable[str]) -> str:
    """Return what a JSON record of `columns` is read as: `id uuid, quantity integer`."""
    types = ((name, _type_of(table.c[name])) for name in columns)
    return ", ".join(f"{_quoted(name)} {type_}" for name, type_ in types)


def names_of(columns: Iterable[str], of: str = "") -> str:
    """Return the names of `columns` for SQL, each with `of` before it."""
    return ", ".join(of + _quoted(name) for name in columns)


@cache
def _insert(table: sa.Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(
        f"insert into {table.name} ({names_of(columns)}) select {names_of(columns)} "  # noqa: S608 (no input)
        f"from jsonb_to_recordset(%s) as r ({record_of(table, columns)})",
        "jsonb",
    )


@cache
def _update(table: sa.Table, columns: tuple[str, ...]) -> Prepared:
    key = [column.name for column in table.primary_key]
    changed = [name for name in columns if name not in key]
    mine = " and ".join(f"t.{_quoted(name)} = r.{_quoted(name)}" for name in key)
    return Prepared(
        f"update {table.name} as t set ({names_of(changed)}) = row({names_of(changed, 'r.')}) "  # noqa: S608 (no input)
        f"from jsonb_to_recordset(%s) as r ({record_of(table, columns)}) "
        f"where {mine}",
        "jsonb",
    )


@cache
def _change(table: sa.Table, key: tuple[str, ...], columns: tuple[str, ...]) -> Prepared:
    mine = " and ".join(f"t.{_quoted(name)} = %s" for name in key)
    values = f"({names_of(columns)}) = row({names_of(columns, 'r.')})" if columns else ""
    set_ = ", ".join(filter(None, ["version = t.version + 1", values]))
    read = f"from jsonb_to_recordset(%s) as r ({record_of(table, columns or key)})"
    return Prepared(
        f"with changed as (update {table.name} as t set {set_} {read} "  # noqa: S608 (no input)
        f"where {mine} and t.version = %s returning 1) "
        "select insist_changed(count(*)) from changed",
        *("jsonb", *(_type_of(table.c[name]) for name in key), "int"),
    )


def _type_of(column: sa.Column[Any]) -> str:
    return column.type.compile(_DIALECT)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.name
        case UUID() | Decimal():
            return str(value)
        case datetime():
            return value.isoformat()
        case bytes():
            return "\\x" + value.hex()
        case _ if is_dataclass(value):
            return vars(value)
    raise TypeError(f"no column holds a {type(value).__name__}")
