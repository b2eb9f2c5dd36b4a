"""What can be asked of contract. One function per thing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.contract.domain.amending import Agreed, amend, end
from services.contract.domain.chart import State
from services.contract.domain.contract import Contract
from services.contract.domain.ending import Ending
from services.contract.domain.signature import Signature, Signer
from services.contract.domain.terms import money_of, terms_of
from services.contract.domain.upload import Copy, judge, recognised
from services.contract.settings import ContractSettings
from services.contract.store import Contracts
from shared import documents
from shared.caller import Caller
from shared.clock import now
from shared.storage import settings_of

VENDOR_CONSENT = "The vendor accepts the order on the terms of this document."
COPY_CONSENT = "The signature on the uploaded copy."


def follow_order(
    tx: Session,
    *,
    enterprise: str,
    purchase_order: Mapping[str, Any],
    addendum_suffices: bool = False,
) -> Contract:
    """Begin the contract of a confirmed order (A24), or have it follow one confirmed anew."""
    agreed = _agreed(tx, purchase_order)
    contract = Contracts(tx).of_order(purchase_order["order"])
    if contract is not None:
        amend(contract, agreed, addendum_suffices=addendum_suffices)
        return contract
    contract = Contract.prepare(
        enterprise=enterprise,
        contract_no=Contracts(tx).next_number(),
        order=purchase_order["order"],
        order_no=purchase_order["orderNo"],
        agreed=agreed,
    )
    Contracts(tx).add(contract)
    return contract


def void_contract(tx: Session, *, order: str, why: Ending) -> None:
    """The order ended: its contract no longer holds, whoever signed it."""
    contract = Contracts(tx).of_order(order)
    if contract is not None and contract.state is not State.VOID:
        end(contract, why)


def sign_contract(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    address: str,
    document_digest: str,
    signer_name: str,
    consent_text: str,
    consent_version: str,
    etag: str,
) -> Contract:
    """The buyer accepts the document they read (transition 10)."""
    contract = Contracts(tx).get(name, caller)
    contract.expect(etag)
    signature = Signature(
        account=caller.account,
        signer_name=signer_name,
        consent_text=consent_text,
        consent_version=consent_version,
        document_digest=document_digest,
        address=address,
        signed_at=now(),
    )
    contract.sign(signature, _signer(caller, address))
    return contract


def keep_signed_copy(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    address: str,
    content: bytes,
    copy: Copy,
    signer_name: str,
    etag: str,
) -> Contract:
    """The buyer signed outside and uploaded the copy, which was looked at before (§6.3)."""
    contract = Contracts(tx).get(name, caller)
    contract.expect(etag)
    contract.insist_ready()
    method, subject = judge(contract, copy)
    signature = Signature(
        account=caller.account,
        signer_name=signer_name,
        consent_text=COPY_CONSENT,
        document_digest=contract.document_digest,
        method=method,
        address=address,
        upload_digest=documents.put(
            tx,
            enterprise=contract.enterprise,
            media_type=copy.found.media_type,
            content=content,
        ),
        certificate_subject=subject,
        recognised_pages=recognised(copy.found),
        uploaded_pages=copy.found.pages,
        signed_at=now(),
    )
    contract.sign(signature, _signer(caller, address))
    return contract


def return_contract(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    address: str,
    reason: str,
    etag: str,
) -> Contract:
    """The business manager does not accept what the buyer signed."""
    contract = Contracts(tx).get(name, caller)
    contract.expect(etag)
    contract.hand_back(reason, _signer(caller, address))
    return contract


def countersign_contract(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    address: str,
    document_digest: str,
    signer_name: str,
    etag: str,
) -> Contract:
    """The assigned business manager accepts the same document (transition 10)."""
    contract = Contracts(tx).get(name, caller)
    contract.expect(etag)
    signature = Signature(
        account=caller.account,
        signer_name=signer_name,
        consent_text=VENDOR_CONSENT,
        document_digest=document_digest,
        address=address,
        signed_at=now(),
    )
    contract.countersign(signature, _signer(caller, address))
    return contract


def _agreed(tx: Session, purchase_order: Mapping[str, Any]) -> Agreed:
    settings = settings_of(tx)
    assert isinstance(settings, ContractSettings)
    terms, total = purchase_order["terms"], money_of(purchase_order["total"])
    deposit = total.percent(terms.get("depositPercent", 0))
    return Agreed(
        terms=terms_of(purchase_order, settings.vendor.model_dump(), deposit),
        total=total,
        deposit=deposit,
        valid_until=datetime.fromisoformat(terms["validUntil"]),
        enterprise_legal_name=purchase_order.get("enterpriseLegalName", ""),
        business_manager=purchase_order.get("businessManager", ""),
    )


def _signer(caller: Caller, address: str) -> Signer:
    return Signer(
        account=caller.account,
        display_name=caller.display_name,
        address=address,
        deputy_of=caller.deputy_of,
    )
