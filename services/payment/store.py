"""Where plans, payments, the ledger and invoices are kept."""

from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, composite, registry, relationship

from services.payment.domain import errors
from services.payment.domain.invoice import OVER, Invoice
from services.payment.domain.invoice import State as InvoiceState
from services.payment.domain.ledger import Posting
from services.payment.domain.method import Method
from services.payment.domain.payment import Kind, Payment, State
from services.payment.domain.plan import PaymentPlan
from services.payment.domain.receivable import Receivable
from services.payment.domain.receivable import State as ReceivableState
from services.payment.domain.refund import Cause, Refund
from services.payment.domain.refund import State as RefundState
from services.payment.domain.reversal import ReversalCause
from shared.caller import Caller
from shared.money import Money
from shared.storage import aggregate_columns, enterprise_column
from shared.tenancy import key_in
from shared.texts import folded

mapper = registry()

T = TypeVar("T")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _amount(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Numeric(18, 2), nullable=False)


def _plan_key(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["enterprise", "plan_id"], ["payment_plans.enterprise", "payment_plans.id"], name=name
    )


payment_plans = sa.Table(
    "payment_plans",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *aggregate_columns(),
    sa.Column("order", sa.Text, nullable=False),
    sa.Column("order_no", sa.Text, nullable=False),
    sa.Column("enterprise_legal_name", sa.Text, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    _amount("total"),
    _amount("deposit"),
    sa.Column("price_confirmed_by", sa.Text, nullable=False),
    sa.Column("invoice_title", JSONB(none_as_null=True)),
    sa.Column("signed_version", sa.Integer, nullable=False),
    sa.Column("binding_version", sa.Integer, nullable=False),
    sa.Column("closed", sa.Boolean, nullable=False),
    sa.Column("ended", sa.Boolean, nullable=False),
    _moment("created_at"),
    sa.UniqueConstraint("enterprise", "id", name="payment_plans_enterprise_id_key"),
)

payments = sa.Table(
    "payments",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("plan_id", sa.Uuid, nullable=False),
    enterprise_column(),
    sa.Column("instalment", sa.Enum(Kind, native_enum=False, length=20), nullable=False),
    sa.Column("method", sa.Enum(Method, native_enum=False, length=30), nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    _amount("amount"),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("state", sa.Enum(State, native_enum=False, length=20), nullable=False),
    sa.Column("bank_reference", sa.Text),
    sa.Column("bank_reference_folded", sa.Text, unique=True),
    sa.Column("value_date", sa.Date),
    sa.Column("booked_by", sa.Text, nullable=False),
    _moment("created_at"),
    _moment("settled_at", nullable=True),
    _plan_key("payments_plan"),
    sa.Index("payments_by_plan", "plan_id"),
    sa.Index("payments_by_enterprise", "enterprise", "id"),
    sa.Index(
        "payments_one_under_way",
        "plan_id",
        "instalment",
        unique=True,
        postgresql_where=sa.text("state = 'INSTRUCTED'"),
    ),
)
"""At most one payment of an instalment is under way (reliability §2)."""

postings = sa.Table(
    "postings",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("journal_id", sa.Uuid, nullable=False),
    enterprise_column(),
    sa.Column("plan_id", sa.Uuid, nullable=False),
    sa.Column("ledger_account", sa.Text, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("memo", sa.Text, nullable=False),
    sa.Column("payment_id", sa.Uuid),
    sa.Column("receivable_id", sa.Uuid),
    _moment("posted_at"),
    _plan_key("postings_plan"),
    sa.Index("postings_by_plan", "plan_id", "id"),
    sa.Index("postings_by_journal", "journal_id"),
)
"""The ledger: rows are added, never changed; a trigger sees that a journal adds up to zero."""

refunds = sa.Table(
    "refunds",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("plan_id", sa.Uuid, nullable=False),
    enterprise_column(),
    sa.Column("cause", sa.Enum(Cause, native_enum=False, length=20), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    _amount("amount"),
    sa.Column("payment_id", sa.Uuid),
    sa.Column("state", sa.Enum(RefundState, native_enum=False, length=20), nullable=False),
    sa.Column("bank_reference", sa.Text),
    sa.Column("bank_reference_folded", sa.Text, unique=True),
    sa.Column("value_date", sa.Date),
    sa.Column("issued_by", sa.Text, nullable=False),
    _moment("created_at"),
    _moment("issued_at", nullable=True),
    _plan_key("refunds_plan"),
    sa.Index("refunds_by_plan", "plan_id"),
    sa.Index("refunds_by_enterprise", "enterprise", "id"),
    sa.Index("refunds_owed", "id", postgresql_where=sa.text("state = 'OWED'")),
)

receivables = sa.Table(
    "receivables",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("plan_id", sa.Uuid, nullable=False),
    enterprise_column(),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    _amount("amount"),
    _amount("settled"),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("state", sa.Enum(ReceivableState, native_enum=False, length=20), nullable=False),
    sa.Column("waive_reason", sa.Text, nullable=False),
    sa.Column("waived_by", sa.Text, nullable=False),
    _moment("created_at"),
    _moment("closed_at", nullable=True),
    _plan_key("receivables_plan"),
    sa.Index("receivables_by_plan", "plan_id", unique=True),
    sa.Index("receivables_by_enterprise", "enterprise", "id"),
    sa.Index("receivables_open", "id", postgresql_where=sa.text("state = 'OPEN'")),
)
"""At most one a plan: an order ends once."""

invoices = sa.Table(
    "invoices",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *aggregate_columns(),
    sa.Column("plan_id", sa.Uuid, nullable=False),
    sa.Column("order", sa.Text, nullable=False),
    sa.Column("order_no", sa.Text, nullable=False),
    sa.Column("enterprise_legal_name", sa.Text, nullable=False),
    sa.Column("title", JSONB, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    _amount("amount"),
    sa.Column("state", sa.Enum(InvoiceState, native_enum=False, length=20), nullable=False),
    sa.Column("invoice_no", sa.Text),
    sa.Column("invoice_no_folded", sa.Text, unique=True),
    _moment("created_at"),
    _moment("issued_at", nullable=True),
    sa.Column("reversal_no", sa.Text),
    sa.Column("reversal_no_folded", sa.Text, unique=True),
    sa.Column("reversal_cause", sa.Enum(ReversalCause, native_enum=False, length=20)),
    sa.Column("reversal_reason", sa.Text, nullable=False),
    _moment("reversed_at", nullable=True),
    _plan_key("invoices_plan"),
    sa.Index("invoices_by_enterprise", "enterprise", "id"),
    sa.Index(
        "invoices_one_a_plan",
        "plan_id",
        unique=True,
        postgresql_where=sa.text("state NOT IN ('VOID', 'REVERSED')"),
    ),
)


def _money(table: sa.Table, *names: str) -> dict[str, Any]:
    """Map each amount of `table` and its one currency to Money."""
    hidden = {f"_{name}": table.c[name] for name in ("currency", *names)}
    return hidden | {name: composite(Money, table.c.currency, table.c[name]) for name in names}


mapper.map_imperatively(Payment, payments, properties=_money(payments, "amount"))
mapper.map_imperatively(Refund, refunds, properties=_money(refunds, "amount"))
mapper.map_imperatively(
    Receivable, receivables, properties=_money(receivables, "amount", "settled")
)
mapper.map_imperatively(Posting, postings)
mapper.map_imperatively(
    Invoice,
    invoices,
    version_id_col=invoices.c.version,
    properties=_money(invoices, "amount"),
)
mapper.map_imperatively(
    PaymentPlan,
    payment_plans,
    version_id_col=payment_plans.c.version,
    properties=_money(payment_plans, "total", "deposit")
    | {
        "payments": relationship(
            Payment, order_by=payments.c.id, cascade="all, delete-orphan", lazy="selectin"
        ),
        "refunds": relationship(
            Refund, order_by=refunds.c.id, cascade="all, delete-orphan", lazy="selectin"
        ),
        "receivables": relationship(
            Receivable, order_by=receivables.c.id, cascade="all, delete-orphan", lazy="selectin"
        ),
    },
)


class Plans:
    """All payment plans the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, plan: PaymentPlan) -> None:
        """Keep a new plan."""
        self._tx.add(plan)

    def get(self, name: str, caller: Caller) -> PaymentPlan:
        """Return the plan called `enterprises/*/paymentPlans/*`, if it exists for `caller`."""
        id_ = key_in("enterprises/*/paymentPlans/*", name, caller)
        plan = self._tx.get(PaymentPlan, id_) if id_ else None
        if plan is None or plan.name != name:
            raise errors.PlanNotFound(plan=name)
        return plan

    def hold(self, plan: PaymentPlan) -> None:
        """Read the plan again, and have it stay as it is until the transaction is over."""
        self._tx.refresh(plan, with_for_update={"read": True})

    def of_order(self, order: str) -> PaymentPlan | None:
        """Return the plan of an order, if there is one."""
        return self._tx.get(PaymentPlan, UUID(order.rpartition("/")[2]))

    def of_payment(self, name: str, caller: Caller) -> tuple[PaymentPlan, Payment]:
        """Return the payment called `enterprises/*/payments/*`, with its plan."""
        id_ = key_in("enterprises/*/payments/*", name, caller)
        plan_id = self._tx.scalar(sa.select(payments.c.plan_id).where(payments.c.id == id_))
        plan = self._tx.get(PaymentPlan, plan_id) if plan_id else None
        if plan is None or not name.startswith(f"enterprises/{plan.enterprise}/"):
            raise errors.PaymentNotFound(payment=name)
        return plan, next(each for each in plan.payments if each.id == id_)

    def of_refund(self, name: str, caller: Caller) -> tuple[PaymentPlan, Refund]:
        """Return the refund called `enterprises/*/refunds/*`, with its plan."""
        id_ = key_in("enterprises/*/refunds/*", name, caller)
        plan_id = self._tx.scalar(sa.select(refunds.c.plan_id).where(refunds.c.id == id_))
        plan = self._tx.get(PaymentPlan, plan_id) if plan_id else None
        if plan is None or not name.startswith(f"enterprises/{plan.enterprise}/"):
            raise errors.RefundNotFound(refund=name)
        return plan, next(each for each in plan.refunds if each.id == id_)

    def of_receivable(self, name: str, caller: Caller) -> tuple[PaymentPlan, Receivable]:
        """Return the receivable called `enterprises/*/receivables/*`, with its plan."""
        id_ = key_in("enterprises/*/receivables/*", name, caller)
        plan_id = self._tx.scalar(sa.select(receivables.c.plan_id).where(receivables.c.id == id_))
        plan = self._tx.get(PaymentPlan, plan_id) if plan_id else None
        if plan is None or not name.startswith(f"enterprises/{plan.enterprise}/"):
            raise errors.ReceivableNotFound(receivable=name)
        return plan, next(each for each in plan.receivables if each.id == id_)

    def sent_back(self, bank_reference: str) -> tuple[PaymentPlan, Refund] | None:
        """Return the refund that was sent with a bank's reference, if there is one."""
        return self._with_plan(Refund, refunds, bank_reference)

    def booked(self, bank_reference: str) -> tuple[PaymentPlan, Payment] | None:
        """Return the payment booked with a bank's reference, if there is one."""
        return self._with_plan(Payment, payments, bank_reference)

    def _with_plan(
        self, kind: type[T], table: sa.Table, bank_reference: str
    ) -> tuple[PaymentPlan, T] | None:
        same = table.c.bank_reference_folded == folded(bank_reference)
        of_plan = table.c.plan_id == payment_plans.c.id
        found = self._tx.execute(sa.select(PaymentPlan, kind).join(table, of_plan).where(same))
        return found.tuples().one_or_none()


class Invoices:
    """All invoices the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, invoice: Invoice) -> None:
        """Keep a new invoice."""
        self._tx.add(invoice)

    def get(self, name: str, caller: Caller) -> Invoice:
        """Return the invoice called `enterprises/*/invoices/*`, if it exists for `caller`."""
        id_ = key_in("enterprises/*/invoices/*", name, caller)
        invoice = self._tx.get(Invoice, id_) if id_ else None
        if invoice is None or invoice.name != name:
            raise errors.InvoiceNotFound(invoice=name)
        return invoice

    def of_plan(self, plan: PaymentPlan) -> Invoice | None:
        """Return the invoice of a plan, if it was asked for and is not over."""
        live = invoices.c.state.not_in(OVER)
        return self._tx.scalar(sa.select(Invoice).where(invoices.c.plan_id == plan.id, live))

    def numbered(self, invoice_no: str) -> Invoice | None:
        """Return the invoice issued, or reversed, under a number, if there is one."""
        same = folded(invoice_no)
        known = sa.or_(invoices.c.invoice_no_folded == same, invoices.c.reversal_no_folded == same)
        return self._tx.scalar(sa.select(Invoice).where(known).limit(1))
