import pytest
from millrun.authorization.v1 import events_pb2 as authorization
from millrun.catalog.v1 import catalog_pb2 as pb

from services.catalog.service import service
from services.catalog.tests.shop import ADMIN, BUYER, MAKER, STRANGER, Shop, an_association
from shared.errors import NotFound
from shared.inbox import Inbox
from shared.testing.golden import example, heard


def legal_name(shop: Shop, name: str, who=BUYER) -> str:
    return shop.ask(who).GetProduct(pb.GetProductRequest(name=name)).owner_legal_name


def created(legal_name: str = "Acme Ltd"):
    event = example(authorization.EnterpriseCreated)
    event.legal_name = legal_name
    return event


def certified(legal_name: str):
    event = example(authorization.EnterpriseCertified)
    event.legal_name = legal_name
    return event


def test_a_product_shows_the_legal_name_of_its_owner_as_it_is_now(shop: Shop):
    product = shop.a_product()
    assert legal_name(shop, product.name) == ""

    shop.hear(created(), "enterprises/acme", 1)
    assert legal_name(shop, product.name) == "Acme Ltd"

    shop.hear(certified("Acme Holding Ltd"), "enterprises/acme", 2)
    assert legal_name(shop, product.name) == "Acme Holding Ltd"
    assert shop.a_product().owner_legal_name == "Acme Holding Ltd"


def test_a_manufacturer_sees_a_product_while_it_is_associated(shop: Shop):
    product = shop.a_product()
    shop.hear(created(), "enterprises/acme")
    read = pb.GetProductRequest(name=product.name)

    with pytest.raises(NotFound):
        shop.ask(MAKER).GetProduct(read)
    association = shop.associate(product)
    assert shop.ask(MAKER).GetProduct(read) == shop.ask(ADMIN).GetProduct(read)
    assert legal_name(shop, product.name, MAKER) == "Acme Ltd"
    with pytest.raises(NotFound):
        shop.ask(STRANGER).GetProduct(read)
    shop.dissociate(association, product)
    with pytest.raises(NotFound):
        shop.ask(MAKER).GetProduct(read)


def test_an_old_association_that_ends_late_does_not_end_the_new_one(shop: Shop):
    product, old = shop.a_product(), an_association()
    shop.associate(product, old)

    shop.associate(product)
    shop.dissociate(old, product)

    assert shop.listed(MAKER) == [product.name]


def test_an_old_association_heard_of_late_does_not_outlive_the_new_one(shop: Shop):
    product, old = shop.a_product(), an_association()
    new = shop.associate(product)

    shop.associate(product, old)
    shop.dissociate(new, product)
    shop.dissociate(old, product)

    assert shop.listed(MAKER) == []


def test_an_association_opens_one_product_to_one_manufacturer(shop: Shop):
    product, other = shop.a_product(), shop.a_product()
    shop.associate(product)
    shop.associate(other, manufacturer="globex")

    assert shop.listed(MAKER) == [product.name]
    assert shop.listed(STRANGER) == [other.name]


def test_an_own_product_that_is_associated_is_listed_once(shop: Shop):
    product = shop.a_product()

    shop.associate(product, manufacturer="acme")

    assert shop.listed(BUYER) == [product.name]


def test_an_event_heard_twice_changes_nothing_more(shop: Shop):
    product = shop.a_product()
    shop.hear(created(), "enterprises/acme")
    letter = heard(created("Other"), aggregate="enterprises/acme", sequence=2)
    inbox = Inbox(shop.database, service.reactions, service.name)

    inbox.receive([letter, letter])

    assert legal_name(shop, product.name) == "Other"
