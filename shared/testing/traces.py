"""What a database holds, and that trying a command leaves no trace in it (requirements §6.7)."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from shared.storage import EVERYTHING, Database

TABLES = """
    select distinct table_name from information_schema.table_privileges
    where table_schema = current_schema() and privilege_type = 'SELECT'
"""

SEQUENCES = """
    select sequencename, last_value from pg_sequences
    where schemaname = current_schema() and sequencename like '%numbers'
"""
"""Those people know things by; the positions of rows may have gaps nobody sees."""


def everything(database: Database) -> dict[str, list[str]]:
    """Return all rows of all tables the service may read, and how far its numbers are."""
    with database.transaction(EVERYTHING) as tx:
        tables = tx.scalars(sa.text(TABLES)).all()
        numbers = sorted(str(row) for row in tx.execute(sa.text(SEQUENCES)))
        return {"numbers": numbers} | {
            table: sorted(str(row) for row in tx.execute(sa.text(f'select * from "{table}"')))
            for table in tables
        }


class Trying:
    """A stub that tries each command before it gives it, and insists that nothing stayed."""

    def __init__(self, stub: Any, database: Database, tried: set[str]) -> None:
        self._stub, self._database, self._tried = stub, database, tried

    def __getattr__(self, method: str) -> Callable[[Any], Any]:
        call = getattr(self._stub, method)

        def try_first(request: Any) -> Any:
            if "validate_only" in request.DESCRIPTOR.fields_by_name:
                self._try(method, call, request)
            return call(request)

        return try_first

    def _try(self, method: str, call: Callable[[Any], Any], request: Any) -> None:
        dry = type(request)()
        dry.CopyFrom(request)
        dry.validate_only = True
        before = everything(self._database)
        call(dry)
        assert everything(self._database) == before, method
        self._tried.add(method)
