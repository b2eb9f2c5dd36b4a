"""What can be known about contracts."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from services.contract.domain.contract import Contract, State
from services.contract.domain.errors import ContractNotFound
from services.contract.store import Contracts, contracts
from shared import documents
from shared.caller import Caller
from shared.documents import Document
from shared.paging import Page, page
from shared.tenancy import within


def list_contracts(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    order: str,
    state: State | None,
    size: int,
    token: str,
) -> Page[Contract]:
    """Return contracts of an enterprise, or of all for the vendor's people, newest first."""
    select = sa.select(Contract).options(defer(Contract.purchase_order))  # type: ignore[arg-type]
    select = within(
        select, contracts, parent, caller, ContractNotFound(contract=f"{parent}/contracts")
    )
    if order:
        select = select.where(contracts.c.order == order)
    if state:
        select = select.where(contracts.c.state == state)
    return page(tx, select, key=contracts.c.id, size=size, token=token)


def contract_document(tx: Session, *, name: str, caller: Caller) -> Document:
    """Return the PDF of a contract, byte for byte as it was made (§6.3)."""
    contract = Contracts(tx).get(name, caller)
    contract.insist_ready()
    return documents.get(tx, contract.document_digest)
