"""Plans, payments, the ledger and invoices."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.migrations.operations import infrastructure, protect

revision = "0001_plans_payments_and_ledger"
down_revision = None

BALANCED = """
CREATE FUNCTION insist_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM postings WHERE journal_id = NEW.journal_id
        GROUP BY currency HAVING sum(amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'journal % does not add up to zero', NEW.journal_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""
ON_COMMIT = """
CREATE CONSTRAINT TRIGGER postings_balanced AFTER INSERT ON postings
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION insist_balanced()
"""


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _aggregate() -> list[sa.Column[Any]]:
    return [
        *_text("enterprise"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    ]


def _amounts(*names: str) -> list[sa.Column[Any]]:
    currency = sa.Column("currency", sa.CHAR(3), nullable=False)
    return [currency, *(sa.Column(name, sa.Numeric(18, 2), nullable=False) for name in names)]


def _plan_key(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["enterprise", "plan_id"], ["payment_plans.enterprise", "payment_plans.id"], name=name
    )


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    infrastructure(op, "payment")
    _plans_and_payments()
    _ledger()
    _invoices()
    for table in ("payment_plans", "payments", "invoices"):
        protect(op, table, "payment")
    protect(op, "postings", "payment", append_only=True)


def _plans_and_payments() -> None:
    op.create_table(
        "payment_plans",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_aggregate(),
        *_text("order", "order_no", "enterprise_legal_name"),
        *_amounts("total", "deposit"),
        *_text("price_confirmed_by"),
        sa.Column("invoice_title", JSONB),
        sa.Column("contract_signed", sa.Boolean, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("enterprise", "id", name="payment_plans_enterprise_id_key"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        *_text("enterprise"),
        sa.Column("instalment", sa.String(20), nullable=False),
        sa.Column("method", sa.String(30), nullable=False),
        *_amounts("amount"),
        *_text("reference"),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("bank_reference", sa.Text, unique=True),
        sa.Column("value_date", sa.Date),
        *_text("booked_by"),
        _moment("created_at"),
        _moment("settled_at", nullable=True),
        _plan_key("payments_plan"),
    )
    op.create_index("payments_by_plan", "payments", ["plan_id"])
    op.create_index("payments_by_enterprise", "payments", ["enterprise", "id"])
    op.create_index(
        "payments_one_under_way",
        "payments",
        ["plan_id", "instalment"],
        unique=True,
        postgresql_where=sa.text("state = 'INSTRUCTED'"),
    )


def _ledger() -> None:
    op.create_table(
        "postings",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("journal_id", sa.Uuid, nullable=False),
        *_text("enterprise"),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        *_text("ledger_account"),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        *_text("memo"),
        sa.Column("payment_id", sa.Uuid, nullable=False),
        _moment("posted_at"),
        _plan_key("postings_plan"),
    )
    op.create_index("postings_by_plan", "postings", ["plan_id", "id"])
    op.create_index("postings_by_journal", "postings", ["journal_id"])
    op.execute(BALANCED)
    op.execute(ON_COMMIT)


def _invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_aggregate(),
        sa.Column("plan_id", sa.Uuid, nullable=False, unique=True),
        *_text("order", "order_no", "enterprise_legal_name"),
        sa.Column("title", JSONB, nullable=False),
        *_amounts("amount"),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("invoice_no", sa.Text, unique=True),
        _moment("created_at"),
        _moment("issued_at", nullable=True),
        _plan_key("invoices_plan"),
    )
    op.create_index("invoices_by_enterprise", "invoices", ["enterprise", "id"])
