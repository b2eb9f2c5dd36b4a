"""The contract: what both sides sign for one order, and whatever takes its place."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.contract.domain import errors, events
from services.contract.domain.amending import Agreed, begin
from services.contract.domain.chart import CHART, Move, State
from services.contract.domain.edition import Edition
from services.contract.domain.record import Act, Entry
from services.contract.domain.signature import Method, Side, Signature, Signer
from services.contract.domain.upload import insist_current
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id
from shared.money import Money

SYSTEM = Signer(account="", display_name="")
"""Stands for Millrun itself, which acts on what it hears."""


class Contract(Aggregate):
    """What both sides sign before money is due."""

    id: UUID
    contract_no: str
    order: str
    order_no: str
    state: State
    current: int
    """The number of the edition that is being made, signed, or was signed last."""

    document_digest: str
    """The current edition's document; so are the sums and dates below, for lists."""

    total: Money
    deposit: Money
    valid_until: datetime
    generated_at: datetime | None
    prepare_after: datetime
    """When to make the document, or to try again."""

    return_reason: str
    enterprise_legal_name: str
    business_manager: str
    created_at: datetime
    editions: list[Edition]
    entries: set[Entry]

    @classmethod
    def prepare(
        cls, *, enterprise: str, contract_no: str, order: str, order_no: str, agreed: Agreed
    ) -> Contract:
        """Begin the contract of a confirmed order; its document is made next."""
        contract = cls()
        contract.id, contract.created_at = new_id(), now()
        contract.enterprise, contract.contract_no = enterprise, contract_no
        contract.order, contract.order_no = order, order_no
        contract.state, contract.sequence, contract.current = State.PREPARING, 0, 0
        contract.editions, contract.entries = [], set()
        begin(contract, agreed, found=[])
        contract.note(Act.BEGUN)
        return contract

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/contracts/{self.id}"

    @property
    def edition(self) -> Edition:
        """The current edition."""
        return self.numbered(self.current)

    @property
    def in_force(self) -> list[Edition]:
        """The editions that are in force: a contract, and the addenda to it."""
        return [each for each in self.editions if each.in_force]

    def numbered(self, number: int) -> Edition:
        """Return an edition; 0 stands for the current one."""
        wanted = number or self.current
        for each in self.editions:
            if each.number == wanted:
                return each
        raise errors.VersionNotFound(contract_no=self.contract_no, version=number)

    def attach_document(self, digest: str) -> None:
        """The document was made; from now on it can be signed, and it never changes (§6.3)."""
        self.move(Move.GENERATE)
        self.document_digest = self.edition.document_digest = digest
        self.generated_at = self.edition.generated_at = now()
        self.note(Act.GENERATED, note=digest)
        self.tell(
            events.ContractGenerated,
            document_digest=digest,
            addendum=self.edition.addendum,
            content_digest=self.edition.content_digest,
        )

    def sign(self, signature: Signature, by: Signer) -> None:
        """The buyer accepts the document named in `signature`, here or on a copy of it."""
        self.insist_ready()
        self.move(Move.SIGN)
        self._insist_on_document(signature.document_digest)
        if signature.signed_at > self.valid_until:
            raise errors.ContractLapsed(
                contract_no=self.contract_no, valid_until=f"{self.valid_until:%Y-%m-%d %H:%M} UTC"
            )
        self.edition.buyer_signature = self._kept(signature, Side.BUYER)
        self.return_reason = ""
        uploaded = signature.method is not Method.ELECTRONIC
        self.note(Act.UPLOADED if uploaded else Act.ACCEPTED, by, signature.upload_digest)
        self.tell(
            events.ContractBuyerSigned,
            business_manager=self.business_manager,
            method=signature.method,
            addendum=self.edition.addendum,
        )

    def hand_back(self, reason: str, by: Signer) -> None:
        """The manager does not accept the buyer's signature: the buyer is to sign again."""
        self._insist_on_manager(by)
        self.move(Move.RETURN)
        self.edition.buyer_signature, self.return_reason = None, reason
        self.note(Act.RETURNED, by, reason)
        self.tell(events.ContractReturned, reason=reason, addendum=self.edition.addendum)

    def countersign(self, signature: Signature, by: Signer) -> None:
        """The assigned business manager, or who stands in for them, accepts the same document."""
        self.insist_ready()
        self._insist_on_manager(by)
        self.move(Move.COUNTERSIGN)
        self._insist_on_document(signature.document_digest)
        self.edition.vendor_signature = self._kept(signature, Side.VENDOR)
        self.edition.in_force = True
        self.note(Act.COUNTERSIGNED, by, self._deputising(by))
        self.tell(
            events.ContractSigned,
            document_digest=self.document_digest,
            total=self.total,
            deposit=self.deposit,
            addendum=self.edition.addendum,
        )

    def expect(self, etag: str) -> None:
        """Insist that the contract is still as the caller saw it."""
        if etag and etag != self.etag:
            raise errors.ContractChanged(contract_no=self.contract_no)

    def insist_ready(self) -> None:
        """Insist that the current edition has its document."""
        if self.state is State.PREPARING:
            raise errors.ContractNotReady(contract_no=self.contract_no)

    def note(self, act: Act, by: Signer = SYSTEM, note: str = "") -> None:
        """Add a line to the record."""
        self.entries.add(
            Entry(
                act=act,
                number=self.current,
                enterprise=self.enterprise,
                account=by.account,
                display_name=by.display_name,
                address=by.address,
                note=note,
            )
        )

    def _deputising(self, by: Signer) -> str:
        """Say for whom a deputy acts; nothing if the manager does."""
        return "" if by.account == self.business_manager else f"for {self.business_manager}"

    def _kept(self, signature: Signature, side: Side) -> Signature:
        signature.side, signature.enterprise = side, self.enterprise
        return signature

    def _insist_on_manager(self, by: Signer) -> None:
        if not by.acts_for(self.business_manager):
            raise errors.NotYourCustomer(
                contract_no=self.contract_no, business_manager=self.business_manager
            )

    def _insist_on_document(self, digest: str) -> None:
        if digest == self.document_digest:
            return
        for earlier in self.editions:
            if digest == earlier.document_digest:
                insist_current(self, earlier)
        raise errors.DocumentDiffers(
            contract_no=self.contract_no, read=digest[:19], current=self.document_digest[:19]
        )

    def move(self, move: Move) -> None:
        """Go where the chart says."""
        self.insist_can(move)
        self.state = CHART[move][self.state]

    def insist_can(self, move: Move) -> None:
        """Insist that the chart knows the way."""
        if self.state not in CHART[move]:
            raise errors.ContractCannot(
                contract_no=self.contract_no, state=self.state.value, move=move.value
            )

    def tell(self, kind: type[events.OfContract], **facts: Any) -> None:
        """Tell what happened to the current edition."""
        self.record(
            kind(
                contract=self.name,
                contract_no=self.contract_no,
                order=self.order,
                order_no=self.order_no,
                version=self.current,
                **facts,
            )
        )
