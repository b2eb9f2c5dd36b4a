"""Counting what a piece of work asks of its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from shared.storage import Database


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Yield the list that every statement is written into while the block runs.

    Not what makes one ready, as that is done once a connection.
    """
    said: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_READYING):
            said.append(" ".join(statement.split()))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


_READYING = ("prepare ", "select name from pg_prepared_statements")
