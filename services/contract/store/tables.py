"""The tables of contract."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry

from services.contract.domain.chart import State
from services.contract.domain.record import Act
from services.contract.domain.signature import Method, Side
from shared.storage import aggregate_columns, enterprise_column

mapper = registry()
numbers = sa.Sequence("contract_numbers", metadata=mapper.metadata)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _enum(name: str, kind: type, length: int = 20) -> sa.Column[Any]:
    return sa.Column(name, sa.Enum(kind, native_enum=False, length=length), nullable=False)


def _sums() -> Iterator[sa.Column[Any]]:
    yield sa.Column("currency", sa.CHAR(3), nullable=False)
    yield sa.Column("total", sa.Numeric(18, 2), nullable=False)
    yield sa.Column("deposit", sa.Numeric(18, 2), nullable=False)


contracts = sa.Table(
    "contracts",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *aggregate_columns(),
    sa.Column("contract_no", sa.Text, nullable=False, unique=True),
    sa.Column("order", sa.Text, nullable=False, unique=True),
    _text("order_no"),
    _enum("state", State),
    sa.Column("current", sa.Integer, nullable=False),
    _text("document_digest"),
    *_sums(),
    _text("return_reason"),
    _text("enterprise_legal_name"),
    _text("business_manager"),
    _moment("valid_until"),
    _moment("created_at"),
    _moment("generated_at", nullable=True),
    _moment("prepare_after"),
    sa.UniqueConstraint("enterprise", "id", name="contracts_enterprise_id_key"),
    sa.Index("contracts_to_prepare", "id", postgresql_where=sa.text("state = 'PREPARING'")),
)

signatures = sa.Table(
    "signatures",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    enterprise_column(),
    _enum("side", Side, 10),
    _text("account"),
    _text("signer_name"),
    _text("consent_text"),
    _text("consent_version"),
    _text("document_digest"),
    _enum("method", Method),
    _text("address"),
    _text("upload_digest"),
    _text("certificate_subject"),
    sa.Column("recognised_pages", sa.Integer, nullable=False),
    sa.Column("uploaded_pages", sa.Integer, nullable=False),
    _moment("signed_at"),
    sa.UniqueConstraint("enterprise", "id", name="signatures_enterprise_id_key"),
)
"""Who signed what; rows are added, never changed."""

editions = sa.Table(
    "editions",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    enterprise_column(),
    sa.Column("contract_id", sa.Uuid, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("addendum", sa.Boolean, nullable=False),
    sa.Column("terms", JSONB, nullable=False),
    _text("content_digest"),
    _text("document_digest"),
    *_sums(),
    sa.Column("changed", JSONB, nullable=False),
    sa.Column("in_force", sa.Boolean, nullable=False),
    sa.Column("replaced", sa.Boolean, nullable=False),
    _text("end_reason"),
    sa.Column("ended", JSONB(none_as_null=True)),
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
        for column, table in (
            ("contract_id", "contracts"),
            ("buyer_signature_id", "signatures"),
            ("vendor_signature_id", "signatures"),
        )
    ),
)
"""The versions of contracts."""

entries = sa.Table(
    "entries",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    enterprise_column(),
    sa.Column("contract_id", sa.Uuid, nullable=False),
    _enum("act", Act),
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
    sa.Index("entries_of_contract", "contract_id", "id"),
)
"""Who did what, when and from where; rows are added, never changed."""

for _number in (contracts.c.contract_no, contracts.c.order_no):
    # People search by how a number begins or how it ends.
    sa.Index(
        f"contracts_by_{_number.name}",
        _number,
        postgresql_ops={_number.name: "text_pattern_ops"},
    )
    sa.Index(
        f"contracts_by_end_of_{_number.name}",
        sa.func.reverse(_number).label("ending"),
        postgresql_ops={"ending": "text_pattern_ops"},
    )
