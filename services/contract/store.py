"""Where contracts are kept."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, attribute_keyed_dict, composite, registry, relationship

from services.contract.domain.contract import Contract, Side, Signature, State
from services.contract.domain.errors import ContractNotFound
from shared.caller import Caller
from shared.clock import now
from shared.money import Money
from shared.storage import aggregate_columns
from shared.tenancy import key_in

mapper = registry()
PATTERN = "enterprises/*/contracts/*"
numbers = sa.Sequence("contract_numbers", metadata=mapper.metadata)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


contracts = sa.Table(
    "contracts",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *aggregate_columns(),
    sa.Column("contract_no", sa.Text, nullable=False, unique=True),
    sa.Column("order", sa.Text, nullable=False, unique=True),
    sa.Column("order_no", sa.Text, nullable=False),
    sa.Column("purchase_order", JSONB, nullable=False),
    sa.Column("state", sa.Enum(State, native_enum=False, length=20), nullable=False),
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
    sa.Index("contracts_to_prepare", "id", postgresql_where=sa.text("state = 'PREPARING'")),
)

signatures = sa.Table(
    "signatures",
    mapper.metadata,
    sa.Column("contract_id", sa.Uuid, primary_key=True),
    sa.Column("side", sa.Enum(Side, native_enum=False, length=10), primary_key=True),
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
"""Who signed what; rows are added, never changed."""

mapper.map_imperatively(Signature, signatures)
mapper.map_imperatively(
    Contract,
    contracts,
    version_id_col=contracts.c.version,
    properties={
        "total": composite(Money, contracts.c.currency, contracts.c.total),
        "deposit": composite(Money, contracts.c.currency, contracts.c.deposit),
        "_total": contracts.c.total,
        "_deposit": contracts.c.deposit,
        "_currency": contracts.c.currency,
        "signatures": relationship(
            Signature,
            collection_class=attribute_keyed_dict("side"),
            cascade="all, delete-orphan",
            lazy="selectin",
        ),
    },
)


class Contracts:
    """All contracts the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, contract: Contract) -> None:
        """Keep a new contract."""
        self._tx.add(contract)

    def get(self, name: str, caller: Caller) -> Contract:
        """Return the contract called `enterprises/*/contracts/*`, if it exists for `caller`."""
        id_ = key_in(PATTERN, name, caller)
        found = self._tx.get(Contract, id_) if id_ else None
        if found is None or found.name != name:
            raise ContractNotFound(contract=name)
        return found

    def of_order(self, order: str) -> Contract | None:
        """Return the contract of an order, if there is one."""
        return self._tx.scalar(sa.select(Contract).where(contracts.c.order == order))

    def to_prepare(self) -> Contract | None:
        """Return a contract whose document is to be made, that nobody else is making."""
        return self._tx.scalar(
            sa.select(Contract)
            .where(contracts.c.state == State.PREPARING)
            .order_by(contracts.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

    def next_number(self) -> str:
        """Return the number of a new contract: `MC-2026-000123`."""
        return f"MC-{now():%Y}-{self._tx.scalar(numbers):06d}"
