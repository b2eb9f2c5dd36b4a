"""All contracts the transaction may see."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.contract.domain.chart import State
from services.contract.domain.contract import Contract
from services.contract.domain.errors import ContractNotFound
from services.contract.store.tables import contracts, numbers
from shared.caller import Caller
from shared.clock import now
from shared.numbering import numbered
from shared.tenancy import key_in

PATTERN = "enterprises/*/contracts/*"


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
            .where(contracts.c.state == State.PREPARING, contracts.c.prepare_after <= now())
            .order_by(contracts.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

    def next_number(self) -> str:
        """Return the number of a new contract: `MC-2026-000123`."""
        return numbered("MC", self._tx.scalar(numbers))
