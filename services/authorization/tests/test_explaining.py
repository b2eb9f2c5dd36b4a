"""Why somebody may order or not: for themselves, and for staff who look after them."""

from typing import Any

import pytest
from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.ordering.v1 import order_pb2

from services.authorization.tests.office import Office
from shared.caller import Role
from shared.errors import NotFound
from shared.testing.statements import statements

BUYER = "buyer@acme.example"
ACME = "enterprises/acme"


def explain(
    office: Office, who: pb.Session, *products: str, **more: Any
) -> pb.ExplainPermissionResponse:
    asked = pb.ExplainPermissionRequest(**{"parent": ACME, "products": products, **more})
    return office.ask(who).ExplainPermission(asked)


def test_it_says_what_the_purchase_itself_would_be_told(office: Office) -> None:
    admin = office.enterprise()
    product, closed = office.product("acme"), office.product("acme", "closed")
    buyer = office.person(BUYER)
    office.grant(admin, BUYER, product)
    there = office.exchange(buyer, space=ACME)

    for purpose in (order_pb2.TRIAL_PRODUCTION, order_pb2.DEBUGGING):
        asked: dict[str, Any] = {"purpose": purpose, "quantities": [5, 5]}
        told = explain(office, there, product, closed, **asked).permission
        request = pb.CheckPurchaseRequest(products=[product, closed], **asked)
        assert told == office.ask(there).CheckPurchase(request)


def test_it_names_the_administrators_and_says_whether_a_certifier_is_at_it(office: Office) -> None:
    admin = office.enterprise()
    product = office.product("acme")
    assert list(explain(office, admin, product).administrators) == ["Kim Vale"]
    assert not explain(office, admin, product).certification_pending
    office.request_certification(admin)
    assert explain(office, admin, product).certification_pending


def test_staff_ask_about_anybody_and_others_only_about_themselves(office: Office) -> None:
    admin = office.enterprise()
    office.enterprise("globex")
    product = office.product("acme")
    buyer = office.person(BUYER)
    office.grant(admin, BUYER, product)
    account = office.caller(buyer).account

    manager = office.staff(Role.BUSINESS_MANAGER)
    (verdict,) = explain(office, manager, product, account=account).permission.verdicts
    assert list(verdict.roles) == [account_pb2.BUYER]
    (verdict,) = explain(office, manager, product).permission.verdicts
    assert verdict.lack == pb.PurchaseVerdict.NOT_GRANTED
    with pytest.raises(NotFound) as refused:
        explain(office, admin, product, account=account)
    assert refused.value.reason == "ACCOUNT_NOT_FOUND"
    with pytest.raises(NotFound) as refused:
        explain(office, admin, product, parent="enterprises/globex")
    assert refused.value.reason == "ENTERPRISE_NOT_FOUND"


def test_it_costs_two_statements_however_many_products(office: Office) -> None:
    admin = office.enterprise()
    products = [f"{ACME}/products/p{number}" for number in range(200)]
    with statements(office.database) as said:
        explain(office, admin, *products)
    assert len([each for each in said if not each.startswith("begin")]) == 2
