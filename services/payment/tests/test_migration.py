"""What a database of before becomes: what is signed stays signed, what ended is not invoiced."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command

from services.payment.service import service
from services.payment.settings import PaymentSettings
from services.payment.store import Invoices, Plans
from shared.ids import new_id
from shared.migrations import migrate, prepare
from shared.migrations.running import config
from shared.storage import EVERYTHING, Database

BEFORE = "0003_receivables"
PLANS = {
    "signed": {"contract_signed": True, "closed": False},
    "unsigned": {"contract_signed": False, "closed": False},
    "completed": {"contract_signed": True, "closed": True},
    "cancelled": {"contract_signed": True, "closed": True},
    "invoiced again": {"contract_signed": True, "closed": False},
    "invoiced": {"contract_signed": True, "closed": False},
}
PAID = {"completed": "1000.00", "cancelled": "300.00", "signed": "300.00"}
REFERENCES = {"completed": "bk-7", "cancelled": "BK-8", "signed": "BK-7"}
"""Of the one transfer of `completed` and `signed`, the latter was booked first."""

ISSUED: dict[str, dict[str, object]] = {
    "invoiced again": {"invoice_no": " re-1", "issued_at": datetime(2026, 11, 3, tzinfo=UTC)},
    "invoiced": {"invoice_no": "RE-1", "issued_at": datetime(2026, 11, 2, tzinfo=UTC)},
}


def fill(connection: sa.Connection) -> None:
    tables = sa.MetaData()
    tables.reflect(connection)

    def enter(table: str, **row: object) -> None:
        known = tables.tables[table]
        usual: dict[str, object] = {
            "enterprise": "acme",
            "version": 1,
            "sequence": 0,
            "currency": "CNY",
            "created_at": datetime(2026, 11, 1, tzinfo=UTC),
        }
        whole = {key: value for key, value in usual.items() if key in known.c} | row
        connection.execute(known.insert().values(**whole))

    for name, said in PLANS.items():
        plan = new_id()
        order = f"enterprises/acme/orders/{plan}"
        about = {"order": order, "order_no": name, "enterprise_legal_name": "Acme GmbH"}
        enter(
            "payment_plans",
            id=plan,
            total="1000.00",
            deposit="300.00",
            **about,
            **said,
            price_confirmed_by="accounts/bm",
            invoice_title={"title": "Acme GmbH"},
        )
        if name in PAID:
            enter(
                "payments",
                id=new_id(),
                plan_id=plan,
                amount=PAID[name],
                state="SETTLED",
                instalment="DEPOSIT",
                method="OFFLINE_TRANSFER",
                reference="RF",
                booked_by="",
                bank_reference=REFERENCES[name],
                settled_at=datetime(2026, 11, 2 if name == "signed" else 3, tzinfo=UTC),
            )
        enter(
            "invoices",
            id=new_id(),
            plan_id=plan,
            title={"title": "Acme GmbH"},
            amount="1000.00",
            state="ISSUED" if name in ISSUED else "REQUESTED",
            **about,
            **ISSUED.get(name, {}),
        )


@pytest.fixture
def old(postgres_server: str) -> Iterator[Database]:
    """A database as it was, filled, and then brought to the latest shape."""
    name = f"payment_{new_id().hex}"
    access = prepare(postgres_server, "payment", database=name)
    with sa.create_engine(access.owner_url, poolclass=sa.NullPool).connect() as connection:
        command.upgrade(config("payment", connection), BEFORE)
        connection.commit()
    root = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    with sa.create_engine(root.set(database=name), poolclass=sa.NullPool).begin() as connection:
        fill(connection)
    migrate("payment", access.owner_url)
    settings = PaymentSettings()
    with Database(
        access.app_url, name="payment", events=service.events, settings=settings
    ) as database:
        yield database
    engine = sa.create_engine(root, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def test_what_was_signed_stays_signed_and_what_ended_is_told_from_what_was_completed(old: Database):
    with old.transaction(EVERYTHING) as tx:
        plans = tx.execute(
            sa.text(
                "select p.order_no, signed_version >= binding_version, ended, i.state"
                " from payment_plans p join invoices i on i.plan_id = p.id"
            )
        )
        found = {name: tuple(rest) for name, *rest in plans}

    assert found == {
        "signed": (True, False, "REQUESTED"),
        "unsigned": (False, False, "REQUESTED"),
        "completed": (True, False, "REQUESTED"),
        "cancelled": (True, True, "VOID"),
        "invoiced again": (True, False, "ISSUED"),
        "invoiced": (True, False, "ISSUED"),
    }


def test_the_first_of_a_reference_holds_it_and_what_was_booked_twice_stays(old: Database):
    with old.transaction(EVERYTHING) as tx:
        kept = tx.execute(sa.text("select bank_reference, bank_reference_folded from payments"))
        assert dict(tuple(row) for row in kept) == {"bk-7": None, "BK-8": "bk-8", "BK-7": "bk-7"}
        earlier = Plans(tx).booked("\uff22K-7")

    assert earlier is not None
    _plan, payment = earlier
    assert payment.bank_reference == "BK-7"


def test_the_first_invoice_of_a_number_holds_it_and_the_other_stays(old: Database):
    with old.transaction(EVERYTHING) as tx:
        kept = tx.execute(sa.text("select invoice_no, invoice_no_folded from invoices"))
        assert {tuple(row) for row in kept} == {(None, None), (" re-1", None), ("RE-1", "re-1")}
        earlier = Invoices(tx).numbered("re-1")

    assert earlier is not None
    assert earlier.invoice_no == "RE-1"
