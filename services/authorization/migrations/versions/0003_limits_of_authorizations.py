"""How far authorizations go: purposes, caps, and what counts against them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.operations import protect

revision = "0003_limits_of_authorizations"
down_revision = "0002_revocations"

SERVICE = "authorization"
TEXTS = postgresql.ARRAY(sa.Text)


def upgrade() -> None:
    op.add_column(
        "authorizations", sa.Column("purposes", TEXTS, nullable=False, server_default="{}")
    )
    op.add_column("authorizations", sa.Column("cap", sa.BigInteger))
    op.add_column(
        "authorizations", sa.Column("used", sa.BigInteger, nullable=False, server_default="0")
    )
    op.add_column("authorizations", _moment("expired_at", nullable=True))
    for column in ("purposes", "used"):
        op.alter_column("authorizations", column, server_default=None)
    op.create_index(
        "authorizations_to_expire",
        "authorizations",
        ["expires_at"],
        postgresql_where=sa.text("revoked_at is null and expired_at is null"),
    )
    _create_uses()
    protect(op, "authorization_uses", SERVICE)


def _create_uses() -> None:
    op.create_table(
        "authorization_uses",
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("order", sa.Text, nullable=False),
        sa.Column("authorization_id", sa.Uuid, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("pieces", sa.BigInteger, nullable=False),
        _moment("reserved_at"),
        _moment("confirmed_at", nullable=True),
        _moment("released_at", nullable=True),
        sa.PrimaryKeyConstraint("enterprise", "order", "authorization_id"),
        sa.ForeignKeyConstraint(
            ["enterprise", "authorization_id"], ["authorizations.enterprise", "authorizations.id"]
        ),
    )
    op.create_index(
        "authorization_uses_kept",
        "authorization_uses",
        ["reserved_at"],
        postgresql_where=sa.text("confirmed_at is null and released_at is null"),
    )
    op.create_index(
        "authorization_uses_released",
        "authorization_uses",
        ["released_at"],
        postgresql_using="brin",
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
