"""Every service once more, over the same databases, so that what it asks them can be asked anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from deploy.local.house import manifest, services
from deploy.local.world import World
from e2e.tenants.asking import Speaks
from shared import postgres
from shared.clients import Clients
from shared.migrations import prepare
from shared.server import Server, runtime_of
from shared.settings import load

CONDITION = re.compile(r"(?:\w+\.)?enterprise = %\(\w+\)s(?:::\w+)?")
"""A query's own word about whose rows it wants."""

KEPT = 20
"""Of how many different questions a statement is remembered for."""


@dataclass
class Asked:
    """What services asked their databases that says whose rows it wants."""

    engines: dict[str, sa.Engine] = field(default_factory=dict)
    statements: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    """Service and SQL, and what was filled in."""

    def note(self, service: str, statement: str, parameters: Any) -> None:
        """Remember a question."""
        if statement.lstrip().upper().startswith("SELECT") and CONDITION.search(statement):
            told = self.statements.setdefault((service, statement), [])
            if len(told) < KEPT and parameters not in told:
                told.append(parameters)

    def without_condition(self, service: str, statement: str, *, enterprise: str) -> str:
        """Ask once more, without saying whose; return what that shows a customer's transaction."""
        return self._answers(service, statement, enterprise, "none")

    def without_anything(self, service: str, statement: str) -> str:
        """The same where no policy stands behind it."""
        return self._answers(service, statement, "", f"{service}_staff")

    def _answers(self, service: str, statement: str, enterprise: str, role: str) -> str:
        mutant = CONDITION.sub("true", statement)
        said = []
        with self.engines[service].connect() as connection:
            connection.exec_driver_sql("begin")
            connection.exec_driver_sql(
                "select set_config('app.enterprise', %s, true), set_config('role', %s, true)",
                (enterprise, role),
            )
            for parameters in self.statements[service, statement]:
                with connection.begin_nested():
                    rows = connection.exec_driver_sql(mutant, parameters).fetchall()
                said += [str(list(row)) for row in rows]
        return "\n".join(said)


@contextmanager
def beside(world: World) -> Iterator[tuple[Speaks, Asked]]:
    """Serve every service a second time, for a block, and note what it asks its database.

    Neither relays nor clocks run: those of the world do.
    """
    superuser_url = postgres.start(world.state.postgres).superuser_url
    addresses: dict[str, str] = {}
    asked = Asked()
    with ExitStack() as stack:
        clients = Clients(addresses)
        stack.callback(clients.close)
        for name in services():
            told = {
                "database_url": prepare(superuser_url, name).app_url,
                "keys": world.state.keys,
            }
            runtime = runtime_of(
                manifest(name), load(name, manifest(name).settings, told, environ={}), clients
            )
            stack.callback(runtime.database.close)
            asked.engines[name] = runtime.database.engine
            event.listen(runtime.database.engine, "before_cursor_execute", _noting(asked, name))
            server = Server(runtime, "127.0.0.1:0")
            server.start()
            stack.callback(server.stop, 1.0)
            addresses[name] = f"127.0.0.1:{server.port}"
        speaks = Speaks(addresses)
        stack.callback(speaks.close)
        yield speaks, asked


def _noting(asked: Asked, service: str) -> Any:
    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.note(service, statement, parameters)

    return note
