"""Accounts and sign-ins, enterprises and their people, permissions."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.operations import infrastructure, protect

revision = "0001_people_and_permissions"
down_revision = None

SERVICE = "authorization"
TEXTS = postgresql.ARRAY(sa.Text)
OWN = (
    "certifications",
    "memberships",
    "authorizations",
    "authorization_products",
    "product_associations",
    "partner_clients",
    "products",
)


def upgrade() -> None:
    infrastructure(op, SERVICE)
    _create_sign_ins()
    _create_enterprises()
    _create_permissions()
    for table in ("accounts", "enterprises", *OWN):
        protect(op, table, SERVICE)
    _let_in()


def _let_in() -> None:
    """Say what the general rule does not say about accounts and sign-ins."""
    op.execute(
        # Whom a customer deals with at the vendor is no secret (R75); other accounts are.
        f"CREATE POLICY accounts_vendor ON accounts FOR SELECT TO {SERVICE}_app"
        " USING (staff_roles <> '{}'::text[])"
    )
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON credentials, sessions, sign_in_failures"
        f" TO {SERVICE}_staff"
    )


def _create_sign_ins() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_aggregate(),
        _text("email"),
        _text("display_name"),
        _text("phone"),
        sa.Column("staff_roles", TEXTS, nullable=False),
        _moment("registered_at"),
        sa.UniqueConstraint("email", name="accounts_email_key"),
    )
    is_staff = sa.text("staff_roles <> '{}'::text[]")
    op.create_index("accounts_staff", "accounts", ["id"], postgresql_where=is_staff)
    op.create_table(
        "credentials",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
        _text("password_hash"),
        _moment("set_at"),
    )
    op.create_table(
        "sessions",
        sa.Column("secret_hash", sa.LargeBinary, primary_key=True),
        _account(),
        _text("space"),
        _moment("opened_at"),
        _moment("used_at"),
    )
    op.create_index("sessions_by_account", "sessions", ["account_id"])
    op.create_table(
        "sign_in_failures",
        sa.Column("address_hash", sa.LargeBinary, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        _moment("since"),
    )


def _create_enterprises() -> None:
    op.create_table(
        "enterprises",
        sa.Column("id", sa.Uuid, nullable=False),
        *_aggregate(),
        _text("legal_name"),
        _text("registration_no"),
        _text("address"),
        sa.Column("kinds", TEXTS, nullable=False),
        _moment("certified_at", nullable=True),
        sa.Column("business_manager_id", sa.Uuid, sa.ForeignKey("accounts.id")),
        sa.Column("project_manager_id", sa.Uuid, sa.ForeignKey("accounts.id")),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("enterprise"),
        sa.UniqueConstraint("id", name="enterprises_id_key"),
    )
    _create_own(
        "certifications",
        sa.Column("state", sa.String(30), nullable=False),
        _text("legal_name"),
        _text("registration_no"),
        _text("reason"),
        _moment("decided_at", nullable=True),
    )
    op.create_index("certifications_by_id", "certifications", ["id"])
    pending = sa.text("state = 'pending'")
    op.create_index(
        "certifications_pending",
        "certifications",
        ["enterprise"],
        unique=True,
        postgresql_where=pending,
    )
    _create_own(
        "memberships",
        _account(),
        _text("email"),
        _text("display_name"),
        sa.Column("roles", TEXTS, nullable=False),
        sa.UniqueConstraint(
            "account_id", "enterprise", name="memberships_account_id_enterprise_key"
        ),
    )


def _create_permissions() -> None:
    _create_own(
        "authorizations",
        _account(),
        _text("email"),
        _text("display_name"),
        sa.Column("role", sa.String(30), nullable=False),
        _moment("expires_at", nullable=True),
        _moment("revoked_at", nullable=True),
    )
    op.create_index("authorizations_by_account", "authorizations", ["account_id", "enterprise"])
    op.create_table(
        "authorization_products",
        _text("enterprise"),
        sa.Column("authorization_id", sa.Uuid, nullable=False),
        _text("product"),
        sa.PrimaryKeyConstraint("enterprise", "authorization_id", "product"),
        sa.ForeignKeyConstraint(
            ["enterprise", "authorization_id"], ["authorizations.enterprise", "authorizations.id"]
        ),
    )
    _create_own(
        "product_associations",
        _text("product"),
        _text("owner_legal_name"),
        sa.Column("state", sa.String(30), nullable=False),
    )
    op.create_index("product_associations_by_id", "product_associations", ["id"])
    op.create_index(
        "product_associations_active",
        "product_associations",
        ["enterprise", "product"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )
    _create_own(
        "partner_clients",
        _text("display_name"),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
    )
    op.create_table(
        "products",
        _text("enterprise"),
        sa.Column("product", sa.Text, primary_key=True),
        _text("display_name"),
    )


def _create_own(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid, nullable=False),
        *_aggregate(),
        *columns,
        _moment("created_at"),
        sa.PrimaryKeyConstraint("enterprise", "id"),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.enterprise"]),
    )


def _aggregate() -> tuple[sa.Column[str], sa.Column[int], sa.Column[int]]:
    return (
        _text("enterprise"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )


def _account() -> sa.Column[Any]:
    return sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
