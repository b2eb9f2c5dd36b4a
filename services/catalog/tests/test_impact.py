"""What rests on a product as others told it, and what is shown before it is returned (R47)."""

from typing import Any

import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from millrun.authorization.v1 import events_pb2 as authorization
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.product_pb2 import Product, ReturnImpact
from millrun.ordering.v1 import events_pb2 as ordering

from services.catalog.tests.shop import (
    ADMIN,
    BUYER,
    MAKER,
    MAKER_ADMIN,
    MANAGER,
    RND,
    STRANGER,
    Shop,
)
from shared.caller import Caller
from shared.errors import Forbidden, NotFound, Outdated
from shared.ids import new_id
from shared.testing.golden import example
from shared.testing.statements import statements

ENDS = (
    ordering.OrderRejected,
    ordering.OrderReplaced,
    ordering.OrderCancelled,
    ordering.OrderExpired,
    ordering.OrderCompleted,
)


@pytest.fixture
def plug(shop: Shop) -> Product:
    """A product in trial production."""
    product = shop.a_product(shop.a_firmware(shop.a_module()))
    return shop.ask(ADMIN).CompleteDevelopment(pb.CompleteDevelopmentRequest(name=product.name))


def preview(shop: Shop, product: Product, who: Caller = ADMIN) -> ReturnImpact:
    return shop.ask(who).PreviewReturn(pb.PreviewReturnRequest(name=product.name))


def submitted(shop: Shop, product: Product, enterprise: str = "acme", *quantities: int) -> str:
    """Hear that an order with a line a quantity was submitted; return its name."""
    name = f"enterprises/{enterprise}/orders/{new_id()}"
    event = example(ordering.OrderSubmitted)
    line = event.purchase_order.lines[0]
    del event.purchase_order.lines[:]
    for quantity in quantities or (100,):
        line.product, line.quantity = product.name, quantity
        event.purchase_order.lines.append(line)
    event.order = event.purchase_order.order = name
    event.purchase_order.enterprise_legal_name = f"{enterprise.title()} Ltd"
    shop.hear(event, name)
    return name


def granted(shop: Shop, *products: str, enterprise: str = "acme", **more: Any) -> str:
    name = f"enterprises/{enterprise}/authorizations/{new_id()}"
    event = example(authorization.AuthorizationGranted)
    event.authorization, event.account = name, BUYER.account
    event.ClearField("expire_time")
    event.products[:] = products
    for field, value in more.items():
        getattr(event, field).CopyFrom(value)
    shop.hear(event, name)
    return name


def a_moment(seconds: int) -> Timestamp:
    at = Timestamp()
    at.GetCurrentTime()
    at.seconds += seconds
    return at


def about(kind: type[Message], **facts: Any) -> Any:
    event = example(kind)
    for name, value in facts.items():
        setattr(event, name, value)
    return event


def test_nothing_rests_on_a_new_product(shop: Shop, plug: Product):
    found = preview(shop, plug)

    assert found == ReturnImpact(product=plug.name, digest=found.digest)


def test_r47_open_orders_are_shown_whoever_ordered(shop: Shop, plug: Product):
    own = submitted(shop, plug, "acme", 100, 20)
    makers = submitted(shop, plug, "maker")
    submitted(shop, shop.a_product())

    found = preview(shop, plug)

    shown = [(each.order, each.enterprise_legal_name, each.quantity) for each in found.orders]
    assert shown == [(makers, "Maker Ltd", 100), (own, "Acme Ltd", 120)]
    assert found.order_count == 2
    assert found.orders[0].order_no == example(ordering.OrderSubmitted).purchase_order.order_no
    assert found.orders[0].HasField("submit_time")


@pytest.mark.parametrize("end", ENDS)
def test_an_order_that_ended_is_affected_no_more(shop: Shop, plug: Product, end: type[Message]):
    name = submitted(shop, plug, "maker")
    other = submitted(shop, plug)

    shop.hear(about(end, order=name), name, 2)

    assert [each.order for each in preview(shop, plug).orders] == [other]


def test_an_order_in_the_middle_of_its_life_stays(shop: Shop, plug: Product):
    name = submitted(shop, plug)

    shop.hear(about(ordering.OrderHeld, order=name), name, 2)

    assert preview(shop, plug).order_count == 1


def test_submitting_costs_catalog_one_statement_of_its_own(shop: Shop, plug: Product):
    with statements(shop.database) as said:
        submitted(shop, plug, "maker", 1, 2, 3)

    ours = [each for each in said if "open_orders" in each]
    assert len(ours) == 1, said
    assert not [each for each in said if "products" in each], said


def test_who_may_order_it_in_the_owners_space_is_shown(shop: Shop, plug: Product):
    name = granted(shop, plug.name)
    granted(shop, shop.a_product().name)
    granted(shop, plug.name, enterprise="maker")

    found = preview(shop, plug)

    shown = [(each.authorization, each.account) for each in found.authorizations]
    assert shown == [(name, BUYER.account)]
    assert found.authorization_count == 1


@pytest.mark.parametrize(
    "end", [authorization.AuthorizationRevoked, authorization.AuthorizationExpired]
)
def test_an_authorization_that_ended_is_affected_no_more(
    shop: Shop, plug: Product, end: type[Message]
):
    name = granted(shop, plug.name)

    shop.hear(about(end, authorization=name), name, 2)

    assert preview(shop, plug).authorization_count == 0


def test_an_authorization_whose_time_is_over_is_not_affected(shop: Shop, plug: Product):
    granted(shop, plug.name, expire_time=a_moment(-1))
    name = granted(shop, plug.name, expire_time=a_moment(60))

    assert [each.authorization for each in preview(shop, plug).authorizations] == [name]


def test_a_changed_authorization_counts_as_it_is_now(shop: Shop, plug: Product):
    name, other = granted(shop, plug.name), shop.a_product()
    event = about(authorization.AuthorizationChanged, authorization=name)
    event.products[:] = [other.name]

    shop.hear(event, name, 2)

    assert preview(shop, plug).authorization_count == 0
    assert [each.authorization for each in preview(shop, other).authorizations] == [name]


def test_manufacturers_it_is_open_to_are_shown_with_their_names(shop: Shop, plug: Product):
    maker = about(authorization.EnterpriseCreated, enterprise="enterprises/maker")
    maker.legal_name = "Maker Ltd"
    shop.hear(maker, "enterprises/maker")
    association = shop.associate(plug)

    (shown,) = preview(shop, plug).manufacturers
    assert (shown.manufacturer, shown.legal_name) == ("enterprises/maker", "Maker Ltd")
    certified = about(authorization.EnterpriseCertified, enterprise="enterprises/maker")
    certified.legal_name = "Maker Holding Ltd"
    shop.hear(certified, "enterprises/maker", 2)
    assert preview(shop, plug).manufacturers[0].legal_name == "Maker Holding Ltd"
    shop.dissociate(association, plug)
    assert preview(shop, plug).manufacturer_count == 0


def test_partner_systems_that_follow_are_shown(shop: Shop, plug: Product):
    name = f"enterprises/acme/partnerClients/{new_id()}"
    elsewhere = f"enterprises/maker/partnerClients/{new_id()}"
    for client in (name, elsewhere):
        event = about(authorization.PartnerEnrolled, partner_client=client)
        event.products[:] = []
        shop.hear(event, client)

    (shown,) = preview(shop, plug).partner_clients
    assert shown.partner_client == name
    assert shown.display_name == example(authorization.PartnerEnrolled).display_name
    shop.hear(about(authorization.PartnerRevoked, partner_client=name), name, 2)
    assert preview(shop, plug).partner_client_count == 0


def test_a_partner_system_that_follows_named_products_is_affected_by_these_alone(
    shop: Shop, plug: Product
):
    name, other = f"enterprises/acme/partnerClients/{new_id()}", shop.a_product()
    event = about(authorization.PartnerEnrolled, partner_client=name)
    event.products[:] = [plug.name]
    shop.hear(event, name)
    assert preview(shop, plug).partner_client_count == 1
    assert preview(shop, other).partner_client_count == 0

    changed = about(authorization.PartnerChanged, partner_client=name)
    changed.products[:] = [other.name]
    shop.hear(changed, name, 2)

    assert preview(shop, plug).partner_client_count == 0
    assert preview(shop, other).partner_client_count == 1


def test_a_return_tells_what_it_affects_and_leaves_open_orders_alone(shop: Shop, plug: Product):
    order, grant = submitted(shop, plug, "maker"), granted(shop, plug.name)
    shop.associate(plug)

    shop.ask(ADMIN).ReturnProduct(
        pb.ReturnProductRequest(
            name=plug.name, reason="wrong panel", impact=preview(shop, plug).digest
        )
    )

    told = shop.last_told()
    assert (list(told.orders), list(told.authorizations)) == ([order], [grant])
    assert list(told.manufacturers) == ["enterprises/maker"]
    assert preview(shop, plug).order_count == 1


def test_a_return_is_refused_when_more_is_affected_than_was_seen(shop: Shop, plug: Product):
    seen = preview(shop, plug).digest
    submitted(shop, plug)
    again = pb.ReturnProductRequest(name=plug.name, reason="wrong panel", impact=seen)

    with pytest.raises(Outdated, match="than you saw") as refused:
        shop.ask(ADMIN).ReturnProduct(again)

    assert refused.value.reason == "IMPACT_CHANGED"
    again.impact = preview(shop, plug).digest
    assert shop.ask(ADMIN).ReturnProduct(again).lifecycle == Product.DEVELOPMENT


def test_only_the_owners_administrators_and_the_vendor_see_what_rests_on_it(
    shop: Shop, plug: Product
):
    submitted(shop, plug)
    shop.associate(plug)

    assert preview(shop, plug, MANAGER) == preview(shop, plug)
    for who in (BUYER, RND, MAKER):
        with pytest.raises(Forbidden):
            preview(shop, plug, who)
    with pytest.raises(Forbidden, match="belongs to enterprises/acme"):
        preview(shop, plug, MAKER_ADMIN)
    with pytest.raises(NotFound, match="There is no product"):
        preview(shop, plug, STRANGER)


def test_r34_only_what_the_account_may_order_is_listed_as_orderable(shop: Shop, plug: Product):
    firmware = shop.a_firmware(shop.a_module("cb2s"))
    developing, ungranted = shop.a_product(firmware), shop.a_product(firmware)
    brand = shop.a_product(firmware, who=MAKER_ADMIN)
    for each, who in ((ungranted, ADMIN), (brand, MAKER_ADMIN)):
        shop.ask(who).CompleteDevelopment(pb.CompleteDevelopmentRequest(name=each.name))
    shop.associate(brand, manufacturer="acme")
    name = granted(shop, plug.name, developing.name, brand.name)

    assert shop.listed(BUYER, orderable=True) == [brand.name, plug.name]
    assert shop.listed(BUYER, orderable=True, owner="enterprises/acme") == [plug.name]
    assert shop.listed(BUYER, not_orderable=True) == [ungranted.name, developing.name]
    assert shop.listed(MAKER, orderable=True) == []
    event = about(authorization.AuthorizationRevoked, authorization=name)
    shop.hear(event, name, 2)
    assert shop.listed(BUYER, orderable=True) == []
