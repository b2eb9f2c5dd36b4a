"""What PostgreSQL itself keeps apart, whatever a query forgets."""

import pytest
import sqlalchemy as sa

from services.catalog.store import associations, owners, products
from services.catalog.tests.shop import MAKER, Shop
from shared.ids import new_id
from shared.storage import Scope

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
