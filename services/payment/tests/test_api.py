from datetime import timedelta

import pytest
import sqlalchemy as sa
from google.type.money_pb2 import Money as MoneyMessage
from millrun.contract.v1 import events_pb2 as contract
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.payment.v1 import money_pb2 as money
from millrun.payment.v1 import payment_pb2 as pb
from millrun.payment.v1.payment_pb2_grpc import PaymentServiceStub

from services.payment.queries import out_of_balance
from services.payment.service import service
from services.payment.store import postings
from services.payment.tests.builders import CONFIRMER, ORDER, PLAN, order_confirmed
from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.inbox import Inbox
from shared.storage import EVERYTHING, Scope, outbox
from shared.testing.callers import caller
from shared.testing.golden import example, heard
from shared.testing.traces import Trying
from shared.wire import date_message

BUYER = caller(Role.BUYER)
CASHIER = caller(Role.FINANCE)
STRANGER = caller(Role.BUYER, enterprise="globex")


class Till:
    """The payment service, with one order confirmed and signed."""

    def __init__(self, databases, serving):
        self.database = databases(service)
        self.served = serving(service, self.database)
        self.inbox = Inbox(self.database, service.reactions, service.name)

    def confirm(self, *, signed=True, **more):
        self.hear(order_confirmed(**more))
        if signed:
            self.hear(
                contract.ContractSigned(order=ORDER, version=1), aggregate=ORDER + "/contract"
            )
        return self

    def hear(self, event, *, sequence=1, aggregate=ORDER):
        self.inbox.receive([heard(event, aggregate=aggregate, sequence=sequence)])

    def ask(self, who):
        return self.served.stub(PaymentServiceStub, as_=who)

    def plan(self, who=BUYER):
        return self.ask(who).GetPaymentPlan(pb.GetPaymentPlanRequest(name=PLAN))

    def book(self, units, *, who=CASHIER, **more):
        request = {
            "name": PLAN,
            "amount": MoneyMessage(currency_code="CNY", units=units),
            "bank_reference": f"B-{units}",
            "value_date": date_message(now().date()),
        }
        return self.ask(who).BookTransfer(pb.BookTransferRequest(**{**request, **more}))

    def instruct(self, *, who=BUYER, method=money.OFFLINE_TRANSFER, **more):
        request = pb.InstructPaymentRequest(name=PLAN, method=method, **more)
        return self.ask(who).InstructPayment(request)


@pytest.fixture
def till(databases, serving):
    return Till(databases, serving)


def test_an_order_is_paid_in_two_parts_and_invoiced(till):
    till.confirm()
    instructed = till.instruct()
    deposit = till.book(300, request_id="one")
    again = till.book(300, request_id="one")
    till.book(700)
    invoice = till.ask(BUYER).RequestInvoice(pb.RequestInvoiceRequest(name=PLAN))
    issued = till.ask(CASHIER).IssueInvoice(
        pb.IssueInvoiceRequest(name=invoice.name, invoice_no="F-1")
    )

    assert instructed.reference.startswith("RF")
    assert deposit.name == instructed.name
    assert again == deposit
    plan = till.plan()
    assert (plan.settled.units, plan.open.units) == (1000, 0)
    assert plan.channel == money.OFFLINE
    assert plan.vendor_account.number
    assert issued.state == money.Invoice.ISSUED
    assert issued.title.title == "Acme GmbH"


def test_every_amount_shown_stands_in_the_ledger(till):
    till.confirm().book(300)
    till.book(700)
    page = till.ask(BUYER).ListPostings(pb.ListPostingsRequest(parent=PLAN))

    booked = [each.amount.units for each in page.postings]
    assert [sorted(booked[:2]), sorted(booked[2:])] == [[-300, 300], [-700, 700]]
    with till.database.transaction(EVERYTHING) as tx:
        assert not out_of_balance(tx)
    with till.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.text("update payments set amount = amount + 1"))
        assert len(out_of_balance(tx)) == 1
        tx.rollback()


@pytest.mark.parametrize("statement", ["update postings set memo = ''", "delete from postings"])
@pytest.mark.parametrize("scope", [Scope("acme"), EVERYTHING], ids=["customer", "staff"])
def test_the_ledger_cannot_be_rewritten(till, statement, scope):
    till.confirm().book(300)

    with (
        pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
        till.database.transaction(scope) as tx,
    ):
        tx.execute(sa.text(statement))


def test_a_journal_that_does_not_add_up_is_not_stored(till):
    till.confirm().book(300)

    def half(tx):
        row = tx.execute(sa.select(postings).limit(1)).one()._asdict()
        new = {"id": sa.func.gen_random_uuid(), "journal_id": sa.func.gen_random_uuid()}
        tx.execute(sa.insert(postings).values({**row, **new}))

    with (
        pytest.raises(sa.exc.IntegrityError, match="does not add up to zero"),
        till.database.transaction(EVERYTHING) as tx,
    ):
        half(tx)


def test_money_that_came_before_the_signature_counts(till):
    till.confirm(signed=False)
    till.book(300)

    assert till.plan().settled.units == 300
    assert not till.plan().allowed_methods


def test_a_signature_heard_before_its_order_is_heard_again(till):
    till.hear(contract.ContractSigned(order=ORDER, version=1), aggregate=ORDER + "/contract")
    till.confirm(signed=False)

    assert not till.plan().allowed_methods
    with till.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.text("update inbox_waiting set due_at = now()"))
    till.inbox.retry_due()
    assert till.plan().allowed_methods == [money.OFFLINE_TRANSFER]


def test_four_eyes_and_roles_are_kept(till):
    till.confirm()
    both = caller(Role.FINANCE, Role.BUSINESS_MANAGER, account=CONFIRMER)

    with pytest.raises(Forbidden, match="You confirmed the price"):
        till.book(300, who=both)
    for who in (BUYER, caller(Role.BUSINESS_MANAGER), caller(Role.PRODUCTION)):
        with pytest.raises(Forbidden):
            till.book(300, who=who)
    with pytest.raises(Forbidden):
        till.instruct(who=caller(Role.RND))
    with pytest.raises(Forbidden):
        till.plan(who=caller(Role.PRODUCTION))


def test_what_cannot_be_booked_is_refused_in_words(till):
    till.confirm()
    till.book(300)

    with pytest.raises(Disallowed, match="was booked before, for order MR-") as refused:
        till.book(300)
    assert "payments/" not in f"{refused.value} {refused.value.remedy}"
    assert "/payments/" in refused.value.facts["payment"], "programs follow it"
    with pytest.raises(Disallowed, match="B-300 was booked before"):
        till.book(300, bank_reference=" B-300\n")
    for same in ("b-300", "\uff22\uff0d\uff13\uff10\uff10", "B-\u200b300"):
        with pytest.raises(Disallowed, match="B-300 was booked before"):
            till.book(100, bank_reference=same)
    with pytest.raises(Disallowed, match=r"700.00 CNY that are open"):
        till.book(701)
    with pytest.raises(Disallowed, match="cannot be booked on it"):
        till.book(1, amount=MoneyMessage(currency_code="USD", units=1))
    with pytest.raises(Malformed, match="not an amount"):
        till.book(1, amount=MoneyMessage(currency_code="yuan", units=1))
    with pytest.raises(Malformed, match="bank_reference"):
        till.book(1, bank_reference="")
    with pytest.raises(Malformed, match="value_date"):
        till.book(1, value_date=None)
    with pytest.raises(Malformed, match="is more than 10 days ahead"):
        till.book(1, value_date=date_message(now().date() + timedelta(days=11)))
    with pytest.raises(Outdated):
        till.book(1, etag="99")
    assert till.plan().settled.units == 300


def test_an_online_method_without_a_provider_is_refused_in_words(till):
    till.confirm()

    with pytest.raises(Disallowed, match="No provider for online banking"):
        till.instruct(method=money.ONLINE_BANKING)


def test_a_dry_run_books_nothing(till):
    till.confirm()

    assert till.book(300, validate_only=True).state == money.Payment.SETTLED
    assert till.plan().settled.units == 0


def test_a_withdrawn_payment_frees_the_way(till):
    till.confirm()
    first = till.instruct()
    till.ask(BUYER).VoidPayment(pb.VoidPaymentRequest(name=first.name))

    assert till.plan().channel == money.CHANNEL_UNSPECIFIED
    assert till.instruct().name != first.name
    with pytest.raises(Disallowed, match="is withdrawn and cannot become withdrawn"):
        till.ask(BUYER).VoidPayment(pb.VoidPaymentRequest(name=first.name))


def test_what_is_tried_leaves_no_trace(till):
    till.confirm()
    tried: set[str] = set()
    ask = till.ask
    till.ask = lambda who: Trying(ask(who), till.database, tried)
    payment = till.instruct()
    till.ask(BUYER).VoidPayment(pb.VoidPaymentRequest(name=payment.name))
    till.book(1000)
    till.ask(BUYER).RequestInvoice(pb.RequestInvoiceRequest(name=PLAN))
    invoice = till.ask(CASHIER).ListInvoices(pb.ListInvoicesRequest(parent="enterprises/-"))
    issue = pb.IssueInvoiceRequest(name=invoice.invoices[0].name, invoice_no="F-1")
    till.ask(CASHIER).IssueInvoice(issue)
    undo = pb.ReverseInvoiceRequest(name=issue.name, reversal_no="C-1", reason="Wrong title.")
    till.ask(CASHIER).ReverseInvoice(undo)

    assert tried == {
        *("InstructPayment", "VoidPayment", "BookTransfer", "RequestInvoice", "IssueInvoice"),
        "ReverseInvoice",
    }


def test_an_invoice_number_is_used_once_and_an_invoice_asked_for_once(till):
    till.confirm().book(1000)
    ask = till.ask(BUYER)
    invoice = ask.RequestInvoice(pb.RequestInvoiceRequest(name=PLAN))

    with pytest.raises(Disallowed, match="asked for before"):
        ask.RequestInvoice(pb.RequestInvoiceRequest(name=PLAN))
    with pytest.raises(Forbidden):
        ask.IssueInvoice(pb.IssueInvoiceRequest(name=invoice.name, invoice_no="F-1"))
    listed = till.ask(CASHIER).ListInvoices(
        pb.ListInvoicesRequest(parent="enterprises/-", state=money.Invoice.REQUESTED)
    )
    assert [each.name for each in listed.invoices] == [invoice.name]


@pytest.mark.parametrize("ended", ["OrderCancelled", "OrderReplaced", "OrderExpired"])
def test_money_for_an_order_that_ended_is_set_aside_in_plan_and_ledger(till, ended):
    till.confirm()
    till.hear(getattr(ordering, ended)(order=ORDER), sequence=2)

    assert (till.plan().closed, till.plan().completed) == (True, False)
    assert till.book(300).state == money.Payment.SUSPENSE
    assert not till.plan().settled.units
    with till.database.transaction(EVERYTHING) as tx:
        assert out_of_balance(tx) == []
        accounts = tx.execute(sa.select(postings.c.ledger_account, postings.c.amount_minor))
        assert set(accounts) == {("bank", 30000), ("suspense", -30000)}


def test_what_is_left_of_the_money_of_an_ended_order_is_to_go_back(till):
    till.confirm().book(300)
    owed = MoneyMessage(currency_code="CNY", units=100)
    refund = MoneyMessage(currency_code="CNY", units=200)
    till.hear(ordering.OrderCancelled(order=ORDER, liability=owed, refund=refund), sequence=2)

    with till.database.transaction(EVERYTHING) as tx:
        told = tx.scalars(sa.select(outbox.c.body).order_by(outbox.c.position)).all()[-1]
    assert told["type"].endswith("RefundRequested")
    assert told["data"]["amount"]["units"] == "200"


def test_nothing_of_another_enterprise_exists(till):
    till.confirm().book(300)
    payment = till.instruct()
    ask = till.ask(STRANGER)
    attempts = [
        lambda: ask.GetPaymentPlan(pb.GetPaymentPlanRequest(name=PLAN)),
        lambda: ask.ListPaymentPlans(pb.ListPaymentPlansRequest(parent="enterprises/acme")),
        lambda: ask.ListPayments(pb.ListPaymentsRequest(parent="enterprises/acme")),
        lambda: ask.ListInvoices(pb.ListInvoicesRequest(parent="enterprises/-")),
        lambda: ask.ListPostings(pb.ListPostingsRequest(parent=PLAN)),
        lambda: ask.VoidPayment(pb.VoidPaymentRequest(name=payment.name)),
        lambda: ask.RequestInvoice(pb.RequestInvoiceRequest(name=PLAN)),
        lambda: till.instruct(who=STRANGER),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound, match="There is no"):
            attempt()
    own = ask.ListPayments(pb.ListPaymentsRequest(parent="enterprises/globex"))
    assert not own.payments


def test_lists_show_what_was_asked_for(till):
    till.confirm().book(1000)
    ask = till.ask(CASHIER)
    everybody = "enterprises/-"

    assert (
        len(ask.ListPaymentPlans(pb.ListPaymentPlansRequest(parent=everybody)).payment_plans) == 1
    )
    unpaid = pb.ListPaymentPlansRequest(parent=everybody, open_only=True)
    assert not ask.ListPaymentPlans(unpaid).payment_plans
    of_order = pb.ListPaymentsRequest(parent=everybody, order=ORDER)
    assert [each.order_no for each in ask.ListPayments(of_order).payments] == ["MR-2026-000001"]


def test_payments_are_listed_by_their_state(till):
    till.confirm().book(100)
    announced = till.instruct()
    asked = pb.ListPaymentsRequest(parent="enterprises/-", state=money.Payment.INSTRUCTED)
    assert [each.name for each in till.ask(CASHIER).ListPayments(asked).payments] == [
        announced.name
    ]
    asked.state = money.Payment.STATE_UNSPECIFIED
    assert len(till.ask(CASHIER).ListPayments(asked).payments) == 2


def test_the_contract_signed_example_opens_payments(till):
    event = example(contract.ContractSigned)
    till.confirm(signed=False)
    till.hear(event, aggregate=event.contract)

    assert till.plan().allowed_methods == [money.OFFLINE_TRANSFER]


def test_an_order_without_a_contract_is_due_in_full_as_soon_as_it_is_confirmed(till):
    plan = till.confirm(signed=False, no_contract=True).plan()

    assert [each.amount.units for each in plan.instalments] == [1000]
    assert money.OFFLINE_TRANSFER in plan.allowed_methods
    assert till.instruct().amount.units == 1000
