"""What can be known about contracts."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.contract.domain.chart import Move, State
from services.contract.domain.contract import Contract
from services.contract.domain.edition import Edition
from services.contract.domain.errors import ContractNotFound, NeverPrinted, NothingUploaded
from services.contract.domain.record import OF_THE_VENDOR, Entry
from services.contract.domain.terms import Difference, differences
from services.contract.store import Contracts, contracts, entries
from shared import documents
from shared.caller import Caller
from shared.documents import Document
from shared.paging import Page, page
from shared.tenancy import within
from shared.texts import folded, unquoted


def list_contracts(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    order: str,
    state: State | None,
    search: str,
    created_from: datetime | None,
    created_before: datetime | None,
    size: int,
    token: str,
) -> Page[Contract]:
    """Return contracts of an enterprise, or of all for the vendor's people, newest first."""
    missing = ContractNotFound(contract=f"{parent}/contracts")
    select = within(sa.select(Contract), contracts, parent, caller, missing)
    if order:
        select = select.where(contracts.c.order == order)
    if state:
        select = select.where(contracts.c.state == state)
    if search:
        select = select.where(_numbered_like(search))
    if created_from:
        select = select.where(contracts.c.created_at >= created_from)
    if created_before:
        select = select.where(contracts.c.created_at < created_before)
    return page(tx, select, key=contracts.c.id, size=size, token=token)


def versions(tx: Session, *, parent: str, caller: Caller) -> list[Edition]:
    """Return all versions of a contract, newest first."""
    return Contracts(tx).get(parent, caller).editions[::-1]


def compare(tx: Session, *, name: str, caller: Caller, before: int, after: int) -> list[Difference]:
    """Return what differs between two versions of a contract."""
    contract = Contracts(tx).get(name, caller)
    return differences(contract.numbered(before).terms, contract.numbered(after).terms)


def record(tx: Session, *, parent: str, caller: Caller, size: int, token: str) -> Page[Entry]:
    """Return who did what with a contract, newest first.

    From where the vendor's people work is not for customers to know.
    """
    contract = Contracts(tx).get(parent, caller)
    select = sa.select(Entry).where(entries.c.contract_id == contract.id)
    found = page(tx, select, key=entries.c.id, size=size, token=token)
    return found if caller.is_staff else found.map(_as_customers_see)


def contract_document(tx: Session, *, name: str, caller: Caller, number: int) -> Document:
    """Return the PDF of a version, byte for byte as it was made (§6.3)."""
    contract = Contracts(tx).get(name, caller)
    edition = contract.numbered(number)
    if not edition.document_digest:
        if edition.number == contract.current:
            contract.insist_ready()
        raise NeverPrinted(contract_no=contract.contract_no, version=edition.number)
    return documents.get(tx, edition.document_digest)


def signed_copy(tx: Session, *, name: str, caller: Caller, number: int) -> Document:
    """Return what the buyer uploaded for a version, byte for byte."""
    contract = Contracts(tx).get(name, caller)
    edition = contract.numbered(number)
    signature = edition.buyer_signature
    if signature is None or not signature.upload_digest:
        raise NothingUploaded(contract_no=contract.contract_no, version=edition.number)
    return documents.get(tx, signature.upload_digest)


def sealed_documents(tx: Session, *, name: str, caller: Caller, etag: str) -> dict[int, bytes]:
    """Return the documents of all versions that were made, by number, if a copy can be signed."""
    contract = Contracts(tx).get(name, caller)
    contract.expect(etag)
    contract.insist_ready()
    contract.insist_can(Move.SIGN)
    return {
        each.number: documents.get(tx, each.document_digest).content
        for each in contract.editions
        if each.document_digest
    }


def _as_customers_see(entry: Entry) -> Entry:
    return replace(entry, address="") if entry.act in OF_THE_VENDOR else entry


def _numbered_like(search: str) -> "sa.ColumnElement[bool]":
    """Find numbers that begin or end with `search`, each by its index."""
    wanted = folded(unquoted(search)).upper()
    return sa.or_(
        *(
            found
            for number in (contracts.c.contract_no, contracts.c.order_no)
            for found in (
                number.startswith(wanted, autoescape=True),
                sa.func.reverse(number).startswith(wanted[::-1], autoescape=True),
            )
        )
    )
