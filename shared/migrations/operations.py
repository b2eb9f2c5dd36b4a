"""What the revisions of every service do alike.

Row-level security is forced, so it holds for the owner too: a revision that has to change rows
does so within `all_rows`, or finds none.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

TENANT = "enterprise = nullif(current_setting('app.enterprise', true), '')"
"""Whose rows a transaction sees: nobody's, until it says for whom it runs."""


class Executes(Protocol):
    """What a revision is given by Alembic: `alembic.op`, or the operations behind it."""

    def execute(self, sqltext: str, /) -> None:
        """Run a statement."""


def infrastructure(op: Executes, service: str) -> None:
    """Create the tables every service has, in their first shape, and say who may do what.

    Changes to that shape are revisions of each service, never changes of this one.
    """
    _run(op, (Path(__file__).parent / "infrastructure.sql").read_text().split(";\n"))
    app, staff = f"{service}_app", f"{service}_staff"
    for table in ("event_log", "documents"):
        _secure(op, table, service)
    _run(
        op,
        [
            f"GRANT INSERT ON outbox TO {app}",
            f"GRANT SELECT, INSERT, DELETE ON outbox, event_log TO {staff}",
            f"GRANT SELECT ON event_log TO {app}",
            f"GRANT SELECT, INSERT ON documents TO {app}, {staff}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE"
            f" ON inbox, inbox_cursors, inbox_waiting, requests TO {app}, {staff}",
        ],
    )


@contextmanager
def all_rows(op: Executes, *tables: str) -> Iterator[None]:
    """Have the revision see every row of protected `tables`, whosever they are, for a block."""
    _run(op, [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in tables])
    yield
    _run(op, [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in tables])


def protect(op: Executes, table: str, service: str, *, append_only: bool = False) -> None:
    """Let an enterprise see and change only its own rows of `table`, and the staff all of them.

    The table has a column `enterprise`. Rows of an `append_only` table are never changed again.
    """
    _secure(op, table, service)
    share(op, table, service, append_only=append_only)


def share(op: Executes, table: str, service: str, *, append_only: bool = False) -> None:
    """Let every transaction of `service` use `table`: only for what belongs to no enterprise."""
    rights = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    _run(op, [f"GRANT {rights} ON {table} TO {service}_app, {service}_staff"])


def insist(op: Executes, service: str) -> None:
    """Teach the database to refuse, in the statement itself, a change that found no row to change.

    So nobody has to wait for how many rows there were (`shared.rows.change`).
    """
    app, staff = f"{service}_app", f"{service}_staff"
    _run(
        op,
        [
            _INSIST,
            "REVOKE ALL ON FUNCTION insist_changed FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION insist_changed TO {app}, {staff}",
        ],
    )


def invalidations(op: Executes, service: str) -> None:
    """Create the table that says what of the service's answers does not hold any more.

    Triggers alone write it, with the rights of its owner (`shared.invalidations`).
    """
    _run(
        op,
        [
            _INVALIDATIONS,
            "CREATE INDEX invalidations_by_transaction ON invalidations (transaction)",
            f"GRANT SELECT, DELETE ON invalidations TO {service}_staff",
            _INVALIDATE,
            "REVOKE ALL ON FUNCTION invalidate FROM PUBLIC",
        ],
    )


def invalidate(
    op: Executes, table: str, prefix: str = "", column: str = "", *, of: str = ""
) -> None:
    """Have each change of `table` say that answers about `prefix` and the `column` may not hold.

    Without a column, or where that is empty, all answers may not. A change of other columns than
    those named in `of` says nothing.
    """
    update = f"UPDATE OF {of}" if of else "UPDATE"
    op.execute(
        f"CREATE TRIGGER {table}_invalidate AFTER INSERT OR {update} OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION invalidate('{prefix}', '{column}')"
    )


_INVALIDATIONS = """
CREATE TABLE invalidations (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction bigint NOT NULL,
    subject bytea NOT NULL,
    told_at timestamp with time zone NOT NULL
)
"""

# The rights of the table's owner are enough for what it does, and nobody else can call it.
_INVALIDATE = """
CREATE FUNCTION invalidate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    what text := coalesce(changed ->> TG_ARGV[1], '');
BEGIN
    INSERT INTO invalidations (transaction, subject, told_at) VALUES (
        pg_current_xact_id()::text::bigint,
        CASE what WHEN '' THEN '' ELSE substring(
            sha256(convert_to(TG_ARGV[0] || what, 'UTF8')) FOR 8) END,
        now());
    RETURN NULL;
END
$$
"""

_INSIST = """
CREATE FUNCTION insist_changed(rows bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF rows = 0 THEN
        RAISE EXCEPTION 'somebody else changed it meanwhile' USING ERRCODE = '40001';
    END IF;
END
$$
"""


def _secure(op: Executes, table: str, service: str) -> None:
    _run(
        op,
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {table}_tenant ON {table} TO {service}_app"
            f" USING ({TENANT}) WITH CHECK ({TENANT})",
            f"CREATE POLICY {table}_staff ON {table} TO {service}_staff"
            f" USING (true) WITH CHECK (true)",
        ],
    )


def _run(op: Executes, statements: Iterable[str]) -> None:
    for statement in statements:
        if statement.strip():
            op.execute(statement)
