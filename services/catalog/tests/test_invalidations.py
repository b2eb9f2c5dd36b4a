"""Whoever remembers an offer hears of whatever changes it, and of what may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.operations.v1 import operations_pb2
from millrun.operations.v1.operations_pb2_grpc import OperationsServiceStub

from services.catalog.queries import offers as queries
from services.catalog.queries.pricing import Buyer, facts
from services.catalog.store import products
from services.catalog.tests.shop import (
    ADMIN,
    BUYER,
    MAKER,
    MANAGER,
    SELLER,
    Shop,
    a_tier,
    an_entry,
)
from services.catalog.tests.test_prices_api import a_license, a_service
from shared import invalidations
from shared.clock import now
from shared.errors import Malformed
from shared.invalidations import subject_of
from shared.pruning import prune
from shared.sql import run
from shared.storage import EVERYTHING, Scope
from shared.testing.reading import tables_read
from shared.testing.statements import statements
from shared.wire import time_message

INVALIDATING = "select tgrelid::regclass::text from pg_trigger where tgname like '%_invalidate'"


class Follower:
    """Somebody who remembers what they were answered."""

    def __init__(self, shop: Shop) -> None:
        self.ask = shop.served.stub(OperationsServiceStub).ListInvalidations
        self.token = self.look().next_page_token

    def look(self, token: str = "") -> operations_pb2.ListInvalidationsResponse:
        return self.ask(operations_pb2.ListInvalidationsRequest(page_token=token))

    def hears(self) -> set[bytes]:
        """What changed since the last time, by subject."""
        told = self.look(self.token)
        self.token = told.next_page_token
        return {each.subject for each in told.invalidations}


class Shelf:
    """A product with a price, and everything it stands on."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.module = shop.a_module()
        self.firmware = shop.a_firmware(self.module)
        self.product = shop.a_product(self.firmware)
        self.service, self.license = a_service(shop), a_license(shop)
        self.prices = shop.general_list([an_entry(self.service.name), an_entry(self.license.name)])
        self.follower = Follower(shop)

    def offer(self, who: Any = BUYER) -> pb.BatchGetOffersResponse:
        asked = pb.BatchGetOffersRequest(products=[self.product.name], services=True, licenses=True)
        return self.shop.ask(who).BatchGetOffers(asked)


def relabel(shelf: Shelf) -> None:
    asked = pb.LabelProductRequest(name=shelf.product.name, model="SP-2")
    shelf.shop.ask(ADMIN).LabelProduct(asked)


def complete(shelf: Shelf) -> None:
    asked = pb.CompleteDevelopmentRequest(name=shelf.product.name)
    shelf.shop.ask(ADMIN).CompleteDevelopment(asked)


def retire_firmware(shelf: Shelf) -> None:
    asked = pb.RetireFirmwareRequest(name=shelf.firmware.name)
    shelf.shop.ask(MANAGER).RetireFirmware(asked)


def change_price(shelf: Shelf) -> None:
    shelf.shop.general_list([an_entry(shelf.module.name, a_tier(1, 500_000_000))])


def price_of_their_own(shelf: Shelf) -> None:
    shelf.shop.know(BUYER.enterprise)
    entries = [an_entry(shelf.module.name, a_tier(1, 1))]
    shelf.shop.a_price_list(entries, enterprise=f"enterprises/{BUYER.enterprise}")


def retire_prices(shelf: Shelf) -> None:
    shelf.shop.ask(SELLER).RetirePriceList(pb.RetirePriceListRequest(name=shelf.prices))


def change_module(shelf: Shelf) -> None:
    asked = pb.UpdateModuleRequest(module=shelf.module)
    asked.module.minimum_quantity = 200
    asked.module.etag = ""
    asked.update_mask.paths.append("minimum_quantity")
    shelf.shop.ask(MANAGER).UpdateModule(asked)


def sell_a_service_more(shelf: Shelf) -> None:
    a_service(shelf.shop, service_id="engraving")


def sell_a_license_more(shelf: Shelf) -> None:
    a_license(shelf.shop, sku="audio")


CHANGES = [
    relabel,
    complete,
    retire_firmware,
    change_price,
    price_of_their_own,
    retire_prices,
    change_module,
    sell_a_service_more,
    sell_a_license_more,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_an_offer_is_told(shop: Shop, change: Callable[[Shelf], None]):
    shelf = Shelf(shop)
    before = shelf.offer()
    assert not shelf.follower.hears()

    change(shelf)

    assert shelf.offer() != before
    assert shelf.follower.hears() & {b"", *before.validity.subjects}


def test_who_may_not_see_a_product_any_more_is_told(shop: Shop):
    shelf = Shelf(shop)
    association = shop.associate(shelf.product)
    before, _ = shelf.offer(MAKER), shelf.follower.hears()

    shop.dissociate(association, shelf.product)

    assert (len(before.offers), len(shelf.offer(MAKER).offers)) == (1, 0)
    assert shelf.follower.hears() & set(before.validity.subjects)


def test_a_product_of_somebody_else_changes_nothing(shop: Shop):
    shelf, other = Shelf(shop), shop.a_product()
    subjects, _ = set(shelf.offer().validity.subjects), shelf.follower.hears()
    with shop.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.update(products).where(products.c.pid == other.pid).values(notes="new"))
    assert shelf.follower.hears() == {subject_of(f"products/{other.pid}")}
    assert subject_of(f"products/{other.pid}") not in subjects


@pytest.mark.parametrize("statement", [queries._PLAIN, queries._WITH_MORE])
def test_every_table_an_offer_is_read_from_tells_what_changes(shop: Shop, statement: str):
    shelf = Shelf(shop)
    with sa.create_engine(shop.owner_url, poolclass=sa.NullPool).connect() as owner:
        telling = set(owner.scalars(sa.text(INVALIDATING)))
    with shop.database.transaction(Scope.of(BUYER), read_only=True) as tx:
        given = facts(tx, Buyer(customer=BUYER.enterprise)) | {"pids": [shelf.product.pid]}
        read = tables_read(tx, statement, given | {"services": True, "licenses": True})
    assert {"products", "associations", "price_lists", "firmware"} <= read
    assert read <= telling


def test_what_commits_late_is_told_all_the_same(shop: Shop):
    """Others may have asked, and committed, since it began."""
    shelf = Shelf(shop)
    with shop.database.transaction(EVERYTHING) as tx:
        changed = sa.update(products).where(products.c.pid == shelf.product.pid)
        tx.execute(changed.values(notes="late"))
        sell_a_service_more(shelf)
        assert shelf.follower.hears() == {b""}
    assert subject_of(f"products/{shelf.product.pid}") in shelf.follower.hears()
    assert not shelf.follower.hears()


def test_an_offer_holds_until_a_list_begins_or_ends(shop: Shop):
    shelf = Shelf(shop)
    assert not shelf.offer().validity.HasField("expire_time")
    begins = time_message(now() + timedelta(hours=1))
    shop.a_price_list([an_entry(shelf.module.name)], start_time=begins)
    assert shelf.offer().validity.expire_time == begins
    shop.know("globex")
    shop.a_price_list(
        enterprise="enterprises/globex", end_time=time_message(now() + timedelta(minutes=1))
    )
    assert shelf.offer().validity.expire_time == begins


def test_so_many_changes_are_told_as_one_of_everything(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    shelf = Shelf(shop)
    monkeypatch.setattr(invalidations, "MOST", 2)
    for number in range(3):
        shop.a_product(pid=f"manyofthem{number}")
    (told,) = shelf.follower.look(shelf.follower.token).invalidations
    assert (told.position, told.subject) == (0, b"")


def test_asking_what_changed_is_one_statement(shop: Shop):
    follower = Follower(shop)
    with statements(shop.database) as said:
        follower.hears()
    assert len(said) == 1


@pytest.mark.parametrize("token", ["x", "-1", "1.5", "9" * 30, "①"])
def test_a_token_of_somebody_else_is_refused(shop: Shop, token: str):
    with pytest.raises(Malformed) as refused:
        Follower(shop).look(token)
    assert refused.value.reason == "NO_SUCH_TOKEN"


def test_what_nobody_asks_for_any_more_is_forgotten(shop: Shop):
    Shelf(shop)
    kept = "select count(*) from invalidations"
    with time_machine.travel(now() + invalidations.KEPT - timedelta(minutes=1)):
        prune(shop.served.runtime)
    with shop.database.transaction(EVERYTHING) as tx:
        assert run(tx, kept)[0][0] > 0
    with time_machine.travel(now() + invalidations.KEPT + timedelta(minutes=1)):
        prune(shop.served.runtime)
    with shop.database.transaction(EVERYTHING) as tx:
        assert run(tx, kept)[0][0] == 0
