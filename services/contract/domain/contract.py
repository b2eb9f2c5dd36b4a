"""The contract: one document, bound to one order, signed by both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from services.contract.domain import errors
from services.contract.domain.events import (
    ContractBuyerSigned,
    ContractGenerated,
    ContractSigned,
    ContractVoided,
)
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id
from shared.money import Money


class State(Enum):
    """Where a contract stands."""

    PREPARING = "preparing"
    GENERATED = "generated"
    BUYER_SIGNED = "signed by the buyer"
    SIGNED = "signed"
    VOID = "void"


BECOMES = {
    State.PREPARING: {State.GENERATED, State.VOID},
    State.GENERATED: {State.BUYER_SIGNED, State.VOID},
    State.BUYER_SIGNED: {State.SIGNED, State.VOID},
    State.SIGNED: set[State](),
    State.VOID: set[State](),
}
"""The state chart: a signed contract stays, whatever becomes of its order."""


class Side(Enum):
    """One of the two who sign."""

    BUYER = "buyer"
    VENDOR = "vendor"


@dataclass(kw_only=True, eq=False)
class Signature:
    """An electronic acceptance of one document; once given it never changes."""

    account: str
    signer_name: str
    consent_text: str
    document_digest: str
    signed_at: datetime
    side: Side = Side.BUYER
    enterprise: str = ""


class Contract(Aggregate):
    """What both sides sign before money is due."""

    id: UUID
    contract_no: str
    order: str
    order_no: str
    purchase_order: Mapping[str, Any]
    """The confirmed order as OrderConfirmed told it, in proto3 JSON; the document is made of it."""

    state: State
    document_digest: str
    total: Money
    deposit: Money
    enterprise_legal_name: str
    business_manager: str
    valid_until: datetime
    created_at: datetime
    generated_at: datetime | None
    signatures: dict[Side, Signature]

    @classmethod
    def prepare(
        cls,
        *,
        enterprise: str,
        contract_no: str,
        purchase_order: Mapping[str, Any],
        total: Money,
        deposit_percent: int,
        valid_until: datetime,
    ) -> Contract:
        """Begin the contract of a confirmed order; its document is made next."""
        contract = cls()
        contract.id, contract.created_at = new_id(), now()
        contract.enterprise, contract.contract_no = enterprise, contract_no
        contract.order, contract.order_no = purchase_order["order"], purchase_order["orderNo"]
        contract.purchase_order = purchase_order
        contract.enterprise_legal_name = purchase_order.get("enterpriseLegalName", "")
        contract.business_manager = purchase_order.get("businessManager", "")
        contract.total, contract.deposit = total, total.percent(deposit_percent)
        contract.valid_until = valid_until
        contract.state, contract.document_digest, contract.sequence = State.PREPARING, "", 0
        contract.generated_at, contract.signatures = None, {}
        return contract

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/contracts/{self.id}"

    def attach_document(self, digest: str) -> None:
        """The document was made; from now on it can be signed, and it never changes (§6.3)."""
        self._become(State.GENERATED)
        self.document_digest, self.generated_at = digest, now()
        self.record(
            ContractGenerated(
                contract=self.name,
                contract_no=self.contract_no,
                order=self.order,
                order_no=self.order_no,
                document_digest=digest,
            )
        )

    def sign(self, signature: Signature) -> None:
        """The buyer accepts the document named in `signature`."""
        self.insist_ready()
        self._become(State.BUYER_SIGNED)
        self._insist_on_document(signature.document_digest)
        if signature.signed_at > self.valid_until:
            raise errors.ContractLapsed(
                contract_no=self.contract_no, valid_until=f"{self.valid_until:%Y-%m-%d %H:%M} UTC"
            )
        self._keep(signature, Side.BUYER)
        self.record(
            ContractBuyerSigned(
                contract=self.name,
                contract_no=self.contract_no,
                order=self.order,
                order_no=self.order_no,
                business_manager=self.business_manager,
            )
        )

    def countersign(self, signature: Signature) -> None:
        """The assigned business manager accepts the same document for the vendor."""
        self.insist_ready()
        if signature.account != self.business_manager:
            raise errors.NotYourCustomer(
                contract_no=self.contract_no, business_manager=self.business_manager
            )
        self._become(State.SIGNED)
        self._insist_on_document(signature.document_digest)
        self._keep(signature, Side.VENDOR)
        self.record(
            ContractSigned(
                contract=self.name,
                contract_no=self.contract_no,
                order=self.order,
                order_no=self.order_no,
                document_digest=self.document_digest,
                total=self.total,
                deposit=self.deposit,
            )
        )

    def void(self, reason: str) -> None:
        """The order ended before both had signed."""
        self._become(State.VOID)
        self.record(
            ContractVoided(
                contract=self.name, contract_no=self.contract_no, order=self.order, reason=reason
            )
        )

    def expect(self, etag: str) -> None:
        """Insist that the contract is still as the caller saw it."""
        if etag and etag != self.etag:
            raise errors.ContractChanged(contract_no=self.contract_no)

    def insist_ready(self) -> None:
        """Insist that there is a document."""
        if self.state is State.PREPARING:
            raise errors.ContractNotReady(contract_no=self.contract_no)

    def _keep(self, signature: Signature, side: Side) -> None:
        signature.side, signature.enterprise = side, self.enterprise
        self.signatures[side] = signature

    def _insist_on_document(self, digest: str) -> None:
        if digest != self.document_digest:
            raise errors.DocumentDiffers(
                contract_no=self.contract_no, read=digest[:19], current=self.document_digest[:19]
            )

    def _become(self, state: State) -> None:
        if state not in BECOMES[self.state]:
            raise errors.ContractCannotBecome(
                contract_no=self.contract_no, state=self.state.value, wanted=state.value
            )
        self.state = state
