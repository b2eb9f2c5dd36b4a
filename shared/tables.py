"""The tables every service's database has besides its own.

They are created by `shared.migrations.operations.infrastructure`; what is written here and what
is created there must be the same, and a test compares them.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()


def _moment(name: str, **more: object) -> sa.Column[object]:
    """Return a column for a moment, in UTC."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, **more)  # type: ignore[arg-type]


def _letter() -> list[sa.Column[object]]:
    """Return the columns an event is kept in on its way out."""
    return [
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("aggregate", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("body", JSONB, nullable=False),
        _moment("created_at", server_default=sa.func.now()),
    ]


outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    *_letter(),
)
"""Events told but not yet taken over by the bus."""

event_log = sa.Table(
    "event_log",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    *_letter(),
    _moment("published_at", server_default=sa.func.now()),
    sa.Index("event_log_by_enterprise", "enterprise", "position"),
    sa.Index("event_log_by_aggregate", "aggregate", "sequence"),
)
"""Events told, in the order they went out. One writer, so nothing appears late below a cursor."""

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("event_id", sa.Uuid, primary_key=True),
    _moment("received_at"),
    sa.Index("inbox_by_received_at", "received_at", postgresql_using="brin"),
)
"""Events heard, whether applied already or waiting."""

inbox_cursors = sa.Table(
    "inbox_cursors",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("aggregate", sa.Text, primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("waiting", sa.Integer, nullable=False),
)
"""How far each aggregate's events have been applied, and how many of them wait behind."""

inbox_waiting = sa.Table(
    "inbox_waiting",
    metadata,
    sa.Column("event_id", sa.Uuid, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("aggregate", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("envelope", JSONB, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    _moment("due_at"),
    _moment("received_at"),
    sa.CheckConstraint("state in ('PARKED', 'FAILED', 'DEAD')", name="inbox_waiting_state"),
    sa.UniqueConstraint(
        "source", "aggregate", "sequence", name="inbox_waiting_source_aggregate_sequence_key"
    ),
)
"""Events heard but not applied: ahead of their turn, failed, or given up."""

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("caller", sa.Text, primary_key=True),
    sa.Column("request_id", sa.Text, primary_key=True),
    sa.Column("request_hash", sa.LargeBinary, nullable=False),
    sa.Column("response", sa.LargeBinary, nullable=False),
    _moment("created_at"),
    sa.Index("requests_by_created_at", "created_at", postgresql_using="brin"),
)
"""Requests answered, and with what."""

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("enterprise", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    _moment("created_at"),
)
"""Files, by what is in them; never changed."""
