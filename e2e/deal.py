"""One order, as contract and payment hear of it: their reactions and databases are the real ones.

The order is ordering's own; what it tells goes to both, and what they tell comes back to it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from uuid import uuid4

from millrun.ordering.v1 import events_pb2 as ordering_events
from sqlalchemy.orm import Session

from services.contract import service as contracting
from services.contract.domain.contract import Contract
from services.contract.domain.signature import Signature, Signer
from services.contract.store import Contracts
from services.ordering.domain import facts
from services.ordering.domain.order import Order
from services.payment import commands as paying
from services.payment import service as payments
from services.payment.domain.invoice import Invoice
from services.payment.domain.plan import PaymentPlan
from services.payment.store import Invoices, Plans
from shared.caller import Role
from shared.clock import now
from shared.events import Envelope, seal
from shared.inbox import Inbox
from shared.money import Money
from shared.storage import EVERYTHING, Database, outbox
from shared.testing.callers import caller
from shared.testing.databases import Databases
from shared.wire import money_from

BUYER, CASHIER = caller(Role.BUYER, enterprise="acme"), caller(Role.FINANCE)
DAY = date(2026, 11, 23)


class Side:
    """A service that hears of the order."""

    def __init__(self, database: Database, manifest: Any) -> None:
        self.database = database
        self._inbox = Inbox(database, manifest.reactions, manifest.name)
        self._told = 0

    def hears(self, told: list[Envelope]) -> None:
        """Hear what is for it."""
        self._inbox.receive(told)

    def tells(self) -> list[Envelope]:
        """Return what it told since it was last asked."""
        with self.database.transaction(EVERYTHING, read_only=True) as tx:
            new = outbox.select().where(outbox.c.position > self._told)
            rows = tx.execute(new.order_by(outbox.c.position)).all()
        self._told = rows[-1].position if rows else self._told
        return [Envelope.from_dict(row.body) for row in rows]


class Deal:
    """An order, its contract, its payments and its invoice."""

    def __init__(self, databases: Databases) -> None:
        self._contract = Side(databases(contracting.service), contracting.service)
        self._payment = Side(databases(payments.service), payments.service)
        self.order: Order

    def begins(self, order: Order) -> None:
        """Follow another order."""
        self.order = order
        self.goes_round()

    def goes_round(self) -> None:
        """Have everybody hear what the others told, until nothing is new."""
        while told := self._new():
            for side in (self._contract, self._payment):
                side.hears([each for each in told if each.source != side.database.name])
            for each in told:
                self._happened(each)

    def _new(self) -> list[Envelope]:
        own = [
            seal(event, sequence=number, of=self.order, contract=ordering_events)
            for number, event in self.order.release_events()
        ]
        return own + self._contract.tells() + self._payment.tells()

    def _happened(self, told: Envelope) -> None:
        """Have the order keep what others tell of it."""
        said = cast(Any, told.open())
        match told.routing_key:
            case "contract.contract.signed":
                facts.contract_signed(self.order, contract=said.contract, version=said.version)
            case "payment.payment.settled":
                facts.payment_settled(self.order, settled=money_from(said.settled))
            case "payment.invoice.requested":
                facts.invoice_requested(self.order, invoice=said.invoice)
            case "payment.invoice.issued":
                over = money_from(said.amount)
                facts.invoice_issued(self.order, invoice=said.invoice, amount=over)
            case "payment.invoice.reversal_requested":
                facts.invoice_outdated(self.order, invoice=said.invoice)
            case "payment.invoice.reversed":
                facts.invoice_reversed(self.order, invoice=said.invoice)

    # What people do.

    def both_sign(self) -> None:
        """Buyer and manager sign the current version, once it has its document."""
        with self._contract.database.transaction(EVERYTHING) as tx:
            contract = self._contract_in(tx)
            if not contract.document_digest:
                contract.attach_document(contract.edition.content_digest)
            digest = contract.document_digest
            manager = Signer(account=contract.business_manager, display_name="B. Manager")
            buyer = Signer(account=BUYER.account, display_name="B. Uyer")
            contract.sign(_signature(buyer.account, digest), buyer)
            contract.countersign(_signature(manager.account, digest), manager)
        self.goes_round()

    def is_paid(self, amount: Money) -> None:
        """Finance books a transfer."""
        with self._payment.database.transaction(EVERYTHING) as tx:
            name = self._plan_in(tx).name
            about: dict[str, Any] = {
                "bank_reference": str(uuid4()),
                "value_date": DAY,
                "set_aside_surplus": False,
                "etag": "",
            }
            paying.book_transfer(tx, name=name, caller=CASHIER, amount=amount, **about)
        self.goes_round()

    def invoice_is_asked_for(self) -> None:
        """The buyer asks."""
        with self._payment.database.transaction(EVERYTHING) as tx:
            paying.request_invoice(tx, name=self._plan_in(tx).name, caller=BUYER)
        self.goes_round()

    def invoice_is_issued(self) -> None:
        """Finance issues it."""
        with self._payment.database.transaction(EVERYTHING) as tx:
            invoice = Invoices(tx).of_plan(self._plan_in(tx))
            if invoice:
                number = f"F-{uuid4()}"
                paying.issue_invoice(
                    tx, name=invoice.name, caller=CASHIER, invoice_no=number, etag=""
                )
        self.goes_round()

    def invoice_is_reversed(self) -> None:
        """Finance takes it back."""
        with self._payment.database.transaction(EVERYTHING) as tx:
            invoice = Invoices(tx).of_plan(self._plan_in(tx))
            if invoice:
                about = {"reversal_no": f"C-{uuid4()}", "reason": "It is not what is signed."}
                paying.reverse_invoice(tx, name=invoice.name, caller=CASHIER, etag="", **about)
        self.goes_round()

    # What there is.

    @property
    def contract(self) -> Contract:
        """The contract, with what its current version says."""
        with self._contract.database.transaction(EVERYTHING, read_only=True) as tx:
            found = self._contract_in(tx)
            assert found.edition.terms
            return found

    @property
    def money(self) -> tuple[PaymentPlan, Invoice | None]:
        """Plan and invoice, if one was asked for."""
        with self._payment.database.transaction(EVERYTHING, read_only=True) as tx:
            plan = self._plan_in(tx)
            return plan, Invoices(tx).of_plan(plan)

    def _contract_in(self, tx: Session) -> Contract:
        found = Contracts(tx).of_order(self.order.name)
        assert found is not None
        return found

    def _plan_in(self, tx: Session) -> PaymentPlan:
        found = Plans(tx).of_order(self.order.name)
        assert found is not None
        return found


def _signature(account: str, digest: str) -> Signature:
    return Signature(
        account=account,
        signer_name="S. Igner",
        consent_text="I accept.",
        document_digest=digest,
        signed_at=now(),
    )
