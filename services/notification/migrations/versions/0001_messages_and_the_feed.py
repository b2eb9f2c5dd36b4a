"""Messages, contacts and the feed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.operations import infrastructure, protect

revision = "0001_messages_and_the_feed"
down_revision = None

SERVICE = "notification"


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    infrastructure(op, SERVICE)
    op.create_table(
        "contacts",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("staff_roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_index(
        "contacts_by_role", "contacts", ["staff_roles"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "feed",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("order_no", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("enterprise", "order", "sequence", name="feed_order_sequence_key"),
    )
    op.create_index("feed_by_enterprise", "feed", ["enterprise", "position"], unique=False)
    op.create_table(
        "members",
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "account"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("messages_by_account", "messages", ["account", "id"], unique=False)
    op.create_index(
        "messages_unread",
        "messages",
        ["account", "id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "orders",
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("order_no", sa.Text(), nullable=False),
        sa.Column("buyer", sa.Text(), nullable=False),
        sa.Column("business_manager", sa.Text(), nullable=False),
        sa.Column("project_manager", sa.Text(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "order"),
    )
    op.create_table(
        "deliveries",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("MAIL", "SMS", "WECHAT", name="channel", native_enum=False, length=10),
            nullable=False,
        ),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("PENDING", "DELIVERED", "FAILED", name="state", native_enum=False, length=10),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
        ),
        sa.PrimaryKeyConstraint("message_id", "channel"),
    )
    op.create_index(
        "deliveries_due",
        "deliveries",
        ["channel", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'PENDING'"),
    )
    protect(op, "feed", SERVICE, append_only=True)
    protect(op, "members", SERVICE)
    protect(op, "orders", SERVICE)
    _keep_to_its_account("messages")
    _keep_to_its_account("deliveries")
    # How people are reached is nothing any customer's transaction has to see.
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON contacts TO {SERVICE}_staff")


def _keep_to_its_account(table: str) -> None:
    """Let an account see and change only its own rows, in whichever enterprise it acts.

    An account is called `accounts/…`, which no enterprise is: it can be the space of a transaction.
    """
    mine = "account = nullif(current_setting('app.enterprise', true), '')"
    for statement in (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_own ON {table} TO {SERVICE}_app USING ({mine}) WITH CHECK ({mine})",
        f"CREATE POLICY {table}_staff ON {table} TO {SERVICE}_staff USING (true) WITH CHECK (true)",
        f"GRANT SELECT, UPDATE ON {table} TO {SERVICE}_app",
        f"GRANT SELECT, INSERT, UPDATE ON {table} TO {SERVICE}_staff",
    ):
        op.execute(statement)
