"""What PostgreSQL itself keeps apart, whatever a query forgets, and how it finds a page."""

import re

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.queries import products as queries
from services.catalog.store import associations, owners, products
from services.catalog.tests.shop import MAKER, Shop
from shared.ids import new_id
from shared.storage import EVERYTHING, Scope
from shared.testing.statements import statements

ACME, MAKING = Scope(enterprise="acme"), Scope(enterprise="maker")


def test_whoever_may_order_a_product_can_read_it_and_not_change_it(shop: Shop):
    shop.associate(shop.a_product())

    with shop.database.transaction(MAKING) as tx:
        changed = tx.execute(sa.update(products).values(notes="taken").returning(products.c.id))
        removed = tx.execute(sa.delete(products).returning(products.c.id))
        assert (changed.all(), removed.all()) == ([], [])
        assert tx.scalar(sa.select(products.c.notes)) == ""


def test_an_enterprise_sees_no_associations_of_others(shop: Shop):
    shop.associate(shop.a_product())

    with shop.database.transaction(ACME) as tx:
        assert tx.execute(sa.select(associations)).all() == []


def test_an_enterprise_cannot_associate_itself(shop: Shop):
    product = shop.a_product()

    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        shop.database.transaction(ACME) as tx,
    ):
        tx.execute(
            sa.insert(associations).values(
                enterprise="maker", product_id=new_id(), owner="acme", association_id=new_id()
            )
        )
    assert shop.listed(MAKER) == []
    assert product.owner == "enterprises/acme"


def test_legal_names_are_seen_by_who_may_order_and_nobody_else(shop: Shop):
    with shop.database.transaction(ACME) as tx:
        tx.execute(sa.insert(owners).values(enterprise="acme", legal_name="Acme Ltd"))
    shop.associate(shop.a_product())

    for scope, seen in ((ACME, ["acme"]), (MAKING, ["acme"]), (Scope(enterprise="globex"), [])):
        with shop.database.transaction(scope) as tx:
            assert list(tx.scalars(sa.select(owners.c.enterprise))) == seen


def test_a_page_of_many_products_is_read_from_indexes(shop: Shop):
    shop.a_product(shop.a_firmware(shop.a_module()))
    _multiply(shop, 3000)

    with shop.database.transaction(MAKING) as tx, statements(shop.database) as said:
        found = queries.list_products(
            tx,
            caller=MAKER,
            parent="enterprises/maker",
            owner="",
            lifecycle=None,
            search="",
            size=50,
            token="",
        )
        steps = _plan(tx, said[0])

    assert {product.enterprise for product in found.items} == {"acme", "maker"}
    # Neither sorted nor read whole: a page of thousands costs what a page of fifty costs.
    bad = ("Sort  (", "Seq Scan on products", "hashed")
    assert not [step for step in steps if any(word in step for word in bad)], "\n".join(steps)


def _multiply(shop: Shop, times: int) -> None:
    """Let the maker have as many products, and may order as many others."""
    copies = """
        with copies as (
            insert into products select owner, version, sequence, gen_random_uuid(), n || owner,
                display_name, lifecycle, firmware_id, panel, data_points, model, customer_name,
                notes, created_at
            from products, generate_series(1, :times) n, unnest(array['acme', 'maker']) owner
            returning *
        )
        insert into associations
        select 'maker', id, enterprise, gen_random_uuid() from copies where enterprise = 'acme'
    """
    with shop.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.text(copies), {"times": times})
    owner = sa.create_engine(shop.owner_url, poolclass=sa.NullPool)
    with owner.begin() as connection:
        connection.execute(sa.text("analyze"))


def _plan(tx: Session, statement: str) -> list[str]:
    """How PostgreSQL goes about `statement`, its parameters being what a first page has."""
    values = iter(["maker", 51, "maker", 51, 51])
    asked = re.sub(r"%\(\w+\)s(::\w+)?", lambda _: repr(next(values)), statement)
    return [row[0] for row in tx.connection().exec_driver_sql("explain " + asked)]
