"""Run by Alembic: migrates over the connection it is given, one transaction a revision."""

from collections.abc import Iterable

from alembic import context
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations import ops

from shared.migrations.running import models

asked = context.config.attributes


class Secure(ops.MigrateOperation):
    """Say in a revision who may use a new table."""

    def __init__(self, table: ops.CreateTableOp) -> None:
        owned = any(getattr(column, "name", "") == "enterprise" for column in table.columns)
        self.call = f"{'protect' if owned else 'share'}(op, {table.table_name!r}, {{service!r}})"


@renderers.dispatch_for(Secure)
def render(_: AutogenContext, operation: Secure) -> str:
    """Return the line of Python that does it."""
    return operation.call.format(service=asked["service"])


def secure_new_tables(
    _: MigrationContext, __: Iterable[str | None], written: list[ops.MigrationScript]
) -> None:
    """Let no table come into being without a word on who may use it."""
    for script in written:
        todo = script.upgrade_ops
        assert todo is not None
        todo.ops += [Secure(op) for op in todo.ops if isinstance(op, ops.CreateTableOp)]


context.configure(
    connection=asked["connection"],
    target_metadata=models(asked["service"]) if "compare" in asked else None,
    transaction_per_migration=True,
    process_revision_directives=secure_new_tables,
)
with context.begin_transaction():
    context.run_migrations()
