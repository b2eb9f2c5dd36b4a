"""Counting what a piece of work asks of its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy import event

from shared.storage import Database


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Yield the list that every statement is written into while the block runs.

    Not what makes one ready, as that is done once a connection, and as if the relay led here, as it
    does where commands are answered.
    """
    said: list[str] = []
    database.carried_by(_Leading())

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_READYING):
            said.append(" ".join(statement.split()))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@contextmanager
def messages() -> Iterator[list[bytes | str]]:
    """Yield the list that what is sent to any database, and waited for, is written into.

    Not the question whether a connection that rested still lives.
    """
    sent: list[Any] = []
    execute = psycopg.Cursor.execute

    def note(self: Any, query: Any, *more: Any, **how: Any) -> Any:
        if query != "select 1":
            sent.append(query)
        return execute(self, query, *more, **how)

    with patch.object(psycopg.Cursor, "execute", note):
        yield sent


class _Leading:
    leads = True

    def wake(self) -> None:
        """Nobody is waiting."""


_READYING = ("prepare ", "select name from pg_prepared_statements")
