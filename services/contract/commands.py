"""What can be asked of contract. One function per thing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.contract.domain.contract import Contract, Signature, State
from services.contract.store import Contracts
from shared.caller import Caller
from shared.clock import now
from shared.money import Money

VENDOR_CONSENT = "The vendor accepts the order on the terms of this document."


def prepare_contract(
    tx: Session,
    *,
    enterprise: str,
    purchase_order: Mapping[str, Any],
    total: Money,
    deposit_percent: int,
    valid_until: datetime,
) -> Contract:
    """Begin the contract of a confirmed order (A24)."""
    contract = Contract.prepare(
        enterprise=enterprise,
        contract_no=Contracts(tx).next_number(),
        purchase_order=purchase_order,
        total=total,
        deposit_percent=deposit_percent,
        valid_until=valid_until,
    )
    Contracts(tx).add(contract)
    return contract


def void_contract(tx: Session, *, order: str, reason: str) -> None:
    """The order ended: its contract, unless both signed it, no longer holds."""
    contract = Contracts(tx).of_order(order)
    if contract is not None and contract.state not in {State.SIGNED, State.VOID}:
        contract.void(reason)


def sign_contract(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    document_digest: str,
    signer_name: str,
    consent_text: str,
    etag: str,
) -> Contract:
    """The buyer accepts the document they read (transition 10)."""
    contract = Contracts(tx).get(name, caller)
    contract.expect(etag)
    contract.sign(_signature(caller, document_digest, signer_name, consent_text))
    return contract


def countersign_contract(
    tx: Session, *, name: str, caller: Caller, document_digest: str, signer_name: str, etag: str
) -> Contract:
    """The assigned business manager accepts the same document (transition 10)."""
    contract = Contracts(tx).get(name, caller)
    contract.expect(etag)
    contract.countersign(_signature(caller, document_digest, signer_name, VENDOR_CONSENT))
    return contract


def _signature(caller: Caller, digest: str, signer_name: str, consent_text: str) -> Signature:
    return Signature(
        account=caller.account,
        signer_name=signer_name,
        consent_text=consent_text,
        document_digest=digest,
        signed_at=now(),
    )
