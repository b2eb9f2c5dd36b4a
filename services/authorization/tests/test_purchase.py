"""May the caller order these products: what ordering asks once for each order."""

import pytest
from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1 import authorization_pb2 as pb

from services.authorization.tests.office import MANUFACTURER, Office
from shared.caller import Role
from shared.errors import Malformed
from shared.testing.statements import statements

BUYER = "buyer@trade.example"


def seen(answer: pb.CheckPurchaseResponse) -> list[tuple[str, bool, list[int]]]:
    return [
        (verdict.product.rpartition("/")[2], verdict.visible, list(verdict.roles))
        for verdict in answer.verdicts
    ]


def test_each_product_gets_its_own_verdict_in_the_order_asked(office: Office) -> None:
    office.enterprise("brand")
    maker = office.enterprise("maker", MANUFACTURER)
    buyer = office.person(BUYER)
    own, closed = office.product("maker", "own"), office.product("maker", "closed")
    lent, foreign = office.product("brand", "lent"), office.product("brand", "foreign")
    office.associate(lent, "maker")
    office.grant(maker, BUYER, own, lent)
    office.grant(maker, BUYER, own, role=account_pb2.RND)

    there = office.exchange(buyer, space="enterprises/maker")
    assert seen(office.check(there, foreign, lent, closed, own)) == [
        ("foreign", False, []),
        ("lent", True, [account_pb2.BUYER]),
        ("closed", True, []),
        ("own", True, [account_pb2.BUYER, account_pb2.RND]),
    ]


def test_the_answer_knows_the_enterprise_and_its_people(office: Office) -> None:
    admin = office.enterprise()
    assert not office.check(admin).enterprise.certified
    office.certify(admin)

    enterprise = office.check(admin).enterprise
    assert enterprise == office.ask(admin).GetEnterprise(
        pb.GetEnterpriseRequest(name="enterprises/acme")
    )
    assert enterprise.certified
    assert enterprise.business_manager_email == "business_manager@millrun.example"


def test_an_authorization_counts_only_in_its_space_and_for_its_account(office: Office) -> None:
    acme, globex = office.enterprise("acme"), office.enterprise("globex")
    product = office.product("acme")
    buyer = office.person(BUYER)
    office.grant(acme, BUYER, product)
    office.join(globex, BUYER, account_pb2.BUYER)

    assert seen(office.check(office.exchange(buyer, space="enterprises/globex"), product)) == [
        ("p1", False, [])
    ]
    assert seen(office.check(acme, product)) == [("p1", True, [])]


def test_a_dissociated_product_is_out_of_sight_at_once(office: Office) -> None:
    office.enterprise("brand")
    maker = office.enterprise("maker", MANUFACTURER)
    product = office.product("brand")
    association = office.associate(product, "maker")
    assert seen(office.check(maker, product)) == [("p1", True, [])]

    office.ask(office.staff(Role.PROJECT_MANAGER)).DissociateProduct(
        pb.DissociateProductRequest(name=association.name)
    )
    assert seen(office.check(maker, product)) == [("p1", False, [])]


def test_two_hundred_products_cost_one_statement(office: Office) -> None:
    admin = office.enterprise()
    office.certify(admin)
    products = [f"enterprises/acme/products/p{number}" for number in range(200)]

    with statements(office.database) as said:
        assert len(office.check(admin, *products).verdicts) == 200
    assert len(said) == 1, said
    with pytest.raises(Malformed) as refused:
        office.check(admin, *products, "enterprises/acme/products/one-more")
    assert refused.value.reason == "TOO_MANY_PRODUCTS"
