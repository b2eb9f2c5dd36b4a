"""Contracts and signatures."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.migrations.operations import infrastructure, protect

revision = "0001_contracts_and_signatures"
down_revision = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    infrastructure(op, "contract")
    op.execute("CREATE SEQUENCE contract_numbers")
    op.execute("GRANT USAGE ON SEQUENCE contract_numbers TO contract_app, contract_staff")
    op.create_table(
        "contracts",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("contract_no", sa.Text, nullable=False, unique=True),
        sa.Column("order", sa.Text, nullable=False, unique=True),
        sa.Column("order_no", sa.Text, nullable=False),
        sa.Column("purchase_order", JSONB, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("document_digest", sa.Text, nullable=False),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("total", sa.Numeric(18, 2), nullable=False),
        sa.Column("deposit", sa.Numeric(18, 2), nullable=False),
        sa.Column("enterprise_legal_name", sa.Text, nullable=False),
        sa.Column("business_manager", sa.Text, nullable=False),
        _moment("valid_until"),
        _moment("created_at"),
        _moment("generated_at", nullable=True),
        sa.UniqueConstraint("enterprise", "id", name="contracts_enterprise_id_key"),
    )
    op.create_index(
        "contracts_to_prepare",
        "contracts",
        ["id"],
        postgresql_where=sa.text("state = 'PREPARING'"),
    )
    op.create_table(
        "signatures",
        sa.Column("contract_id", sa.Uuid, primary_key=True),
        sa.Column("side", sa.String(10), primary_key=True),
        sa.Column("enterprise", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("signer_name", sa.Text, nullable=False),
        sa.Column("consent_text", sa.Text, nullable=False),
        sa.Column("document_digest", sa.Text, nullable=False),
        _moment("signed_at"),
        sa.ForeignKeyConstraint(
            ["enterprise", "contract_id"],
            ["contracts.enterprise", "contracts.id"],
            name="signatures_contract",
        ),
    )
    protect(op, "contracts", "contract")
    protect(op, "signatures", "contract", append_only=True)
