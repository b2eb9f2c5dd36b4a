"""A contract has versions, each with its own terms, document and signatures; and a record."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.migrations.operations import protect

revision = "0002_editions"
down_revision = "0001_contracts_and_signatures"

SERVICE = "contract"


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    for table in ("contracts", "signatures"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    _let_signatures_stand_alone()
    _create_editions()
    _create_entries()
    _follow_the_editions()
    _fill()
    op.drop_column("signatures", "contract_id")
    op.drop_column("contracts", "purchase_order")
    for table in ("contracts", "signatures"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    protect(op, "editions", SERVICE)
    protect(op, "entries", SERVICE, append_only=True)
    _index_numbers()


def _let_signatures_stand_alone() -> None:
    """A signature that was returned stays, so a version may have had several of a side."""
    op.drop_constraint("signatures_contract", "signatures")
    op.drop_constraint("signatures_pkey", "signatures")
    op.execute("ALTER TABLE signatures ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid()")
    op.execute("ALTER TABLE signatures ALTER COLUMN id DROP DEFAULT")
    op.create_primary_key("signatures_pkey", "signatures", ["id"])
    op.create_unique_constraint("signatures_enterprise_id_key", "signatures", ["enterprise", "id"])
    op.execute("ALTER TABLE signatures ADD COLUMN method varchar(20) NOT NULL DEFAULT 'ELECTRONIC'")
    op.execute("ALTER TABLE signatures ALTER COLUMN method DROP DEFAULT")
    for column in ("consent_version", "address", "upload_digest", "certificate_subject"):
        op.execute(f"ALTER TABLE signatures ADD COLUMN {column} text NOT NULL DEFAULT ''")
        op.execute(f"ALTER TABLE signatures ALTER COLUMN {column} DROP DEFAULT")
    for column in ("recognised_pages", "uploaded_pages"):
        op.execute(f"ALTER TABLE signatures ADD COLUMN {column} integer NOT NULL DEFAULT 0")
        op.execute(f"ALTER TABLE signatures ALTER COLUMN {column} DROP DEFAULT")


def _create_editions() -> None:
    owners = {"contract_id": "contracts"}
    signed = dict.fromkeys(("buyer_signature_id", "vendor_signature_id"), "signatures")
    op.create_table(
        "editions",
        sa.Column("id", sa.Uuid, primary_key=True),
        _text("enterprise"),
        sa.Column("contract_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("addendum", sa.Boolean, nullable=False),
        sa.Column("terms", JSONB, nullable=False),
        _text("content_digest"),
        _text("document_digest"),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("total", sa.Numeric(18, 2), nullable=False),
        sa.Column("deposit", sa.Numeric(18, 2), nullable=False),
        sa.Column("changed", JSONB, nullable=False),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.Column("replaced", sa.Boolean, nullable=False),
        _text("end_reason"),
        sa.Column("buyer_signature_id", sa.Uuid, nullable=True),
        sa.Column("vendor_signature_id", sa.Uuid, nullable=True),
        _moment("valid_until"),
        _moment("created_at"),
        _moment("generated_at", nullable=True),
        sa.UniqueConstraint("contract_id", "number", name="editions_contract_id_number_key"),
        *(
            sa.ForeignKeyConstraint(
                ["enterprise", column],
                [f"{table}.enterprise", f"{table}.id"],
                name=f"editions_{column.removesuffix('_id')}",
            )
            for column, table in (owners | signed).items()
        ),
    )


def _create_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid, primary_key=True),
        _text("enterprise"),
        sa.Column("contract_id", sa.Uuid, nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        _text("account"),
        _text("display_name"),
        _text("address"),
        _text("note"),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["enterprise", "contract_id"],
            ["contracts.enterprise", "contracts.id"],
            name="entries_contract",
        ),
    )
    op.create_index("entries_of_contract", "entries", ["contract_id", "id"])


def _follow_the_editions() -> None:
    op.execute("ALTER TABLE contracts ADD COLUMN current integer NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE contracts ALTER COLUMN current DROP DEFAULT")
    op.execute("ALTER TABLE contracts ADD COLUMN return_reason text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE contracts ALTER COLUMN return_reason DROP DEFAULT")
    op.execute("ALTER TABLE contracts ADD COLUMN prepare_after timestamptz")
    op.execute("UPDATE contracts SET prepare_after = created_at")
    op.execute("ALTER TABLE contracts ALTER COLUMN prepare_after SET NOT NULL")
    # What its document is made of is kept otherwise now; the order has to be confirmed again.
    op.execute("UPDATE contracts SET state = 'VOID' WHERE state = 'PREPARING'")


def _fill() -> None:
    """What there was is the first version; its terms were not kept apart, only its document was."""
    op.execute(
        """
        insert into editions (
            id, enterprise, contract_id, number, addendum, terms, content_digest, document_digest,
            currency, total, deposit, changed, in_force, replaced, end_reason,
            buyer_signature_id, vendor_signature_id, valid_until, created_at, generated_at
        )
        select gen_random_uuid(), enterprise, id, 1, false, '{}', '', document_digest,
            currency, total, deposit, '[]', state = 'SIGNED', false,
            case state when 'VOID' then 'The order ended.' else '' end,
            (select s.id from signatures s where s.contract_id = c.id and s.side = 'BUYER'),
            (select s.id from signatures s where s.contract_id = c.id and s.side = 'VENDOR'),
            valid_until, created_at, generated_at
        from contracts c
        """
    )


def _index_numbers() -> None:
    for column in ("contract_no", "order_no"):
        op.execute(f"CREATE INDEX contracts_by_{column} ON contracts ({column} text_pattern_ops)")
        op.execute(
            f"CREATE INDEX contracts_by_end_of_{column}"
            f" ON contracts (reverse({column}) text_pattern_ops)"
        )
