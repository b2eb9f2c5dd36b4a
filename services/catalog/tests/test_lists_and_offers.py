import pytest
from millrun.authorization.v1 import events_pb2 as authorization
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1 import product_pb2

from services.catalog.tests.shop import (
    ADMIN,
    BUYER,
    MAKER,
    MAKER_ADMIN,
    MANAGER,
    STRANGER,
    Shop,
    a_tier,
)
from shared.caller import Caller
from shared.errors import Malformed, NotFound
from shared.testing.golden import example
from shared.testing.statements import statements


def offers(shop: Shop, who: Caller, *products: str):
    request = pb.BatchGetOffersRequest(products=products)
    return shop.ask(who).BatchGetOffers(request).offers


def test_products_come_in_pages_newest_first(shop: Shop):
    names = [shop.a_product().name for _ in range(5)]
    ask, parent = shop.ask(BUYER), "enterprises/acme"

    first = ask.ListProducts(pb.ListProductsRequest(parent=parent, page_size=3))
    rest = ask.ListProducts(pb.ListProductsRequest(parent=parent, page_token=first.next_page_token))

    assert [p.name for p in [*first.products, *rest.products]] == names[::-1]
    assert not rest.next_page_token


def test_own_and_associated_products_are_listed_together_by_age(shop: Shop):
    older = shop.a_product(who=MAKER_ADMIN)
    brand = shop.a_product()
    newer = shop.a_product(who=MAKER_ADMIN)
    shop.a_product()
    shop.associate(brand)

    assert shop.listed(MAKER) == [newer.name, brand.name, older.name]
    assert shop.listed(MAKER, owner="enterprises/acme") == [brand.name]
    assert shop.listed(MAKER, owner="enterprises/maker") == [newer.name, older.name]
    assert shop.listed(MANAGER, parent="enterprises/maker") == [newer.name, brand.name, older.name]
    assert brand.name not in shop.listed(STRANGER)


def test_pages_of_own_and_associated_products_leave_nothing_out(shop: Shop):
    names = [shop.a_product(who=who).name for who in (MAKER_ADMIN, ADMIN, MAKER_ADMIN, ADMIN)]
    for name in names[1::2]:
        shop.associate(shop.ask(ADMIN).GetProduct(pb.GetProductRequest(name=name)))
    found, token = [], ""

    while True:
        page = shop.ask(MAKER).ListProducts(
            pb.ListProductsRequest(parent="enterprises/maker", page_size=1, page_token=token)
        )
        found += [product.name for product in page.products]
        if not (token := page.next_page_token):
            break

    assert found == names[::-1]


def test_r53_owners_of_what_can_be_ordered_are_listed_oneself_first(shop: Shop):
    names = (("acme", "Zeta Ltd"), ("globex", "Alpha Ltd"), ("maker", "Maker Ltd"))
    for enterprise, legal_name in names:
        event = example(authorization.EnterpriseCreated)
        event.enterprise, event.legal_name = f"enterprises/{enterprise}", legal_name
        shop.hear(event, f"enterprises/{enterprise}")
    shop.associate(shop.a_product())
    shop.associate(shop.a_product())
    shop.associate(shop.a_product(who=STRANGER))

    def owners(who: Caller, parent: str = "") -> list[tuple[str, str]]:
        request = pb.ListProductOwnersRequest(parent=parent or f"enterprises/{who.enterprise}")
        found = shop.ask(who).ListProductOwners(request).owners
        return [(each.owner.removeprefix("enterprises/"), each.legal_name) for each in found]

    assert owners(MAKER) == [("maker", "Maker Ltd"), ("globex", "Alpha Ltd"), ("acme", "Zeta Ltd")]
    assert owners(BUYER) == [("acme", "Zeta Ltd")]
    assert owners(MANAGER, "enterprises/maker") == owners(MAKER)
    for who, parent in ((BUYER, "enterprises/globex"), (MANAGER, "enterprises/-")):
        with pytest.raises(NotFound):
            owners(who, parent)


def test_staff_see_the_products_of_all_and_others_do_not(shop: Shop):
    names = [shop.a_product(who=who).name for who in (ADMIN, STRANGER)]

    assert shop.listed(MANAGER, parent="enterprises/-") == names[::-1]
    for parent in ("enterprises/-", "enterprises/globex"):
        with pytest.raises(NotFound, match=f"There is no enterprise {parent}"):
            shop.listed(BUYER, parent=parent)


def test_products_are_filtered_by_lifecycle(shop: Shop):
    firmware = shop.a_firmware(shop.a_module())
    developing, trial = shop.a_product(firmware), shop.a_product(firmware)
    shop.ask(ADMIN).CompleteDevelopment(pb.CompleteDevelopmentRequest(name=trial.name))

    Product = product_pb2.Product  # noqa: N806
    assert shop.listed(BUYER, lifecycle=Product.DEVELOPMENT) == [developing.name]
    assert shop.listed(BUYER, lifecycle=Product.TRIAL_PRODUCTION) == [trial.name]
    assert shop.listed(BUYER, lifecycle=Product.MASS_PRODUCTION) == []


@pytest.mark.parametrize("search", ["PLUG77", "xl-500%", "WIDGET", "Großer", " stecker "])
def test_r37_products_are_found_by_pid_model_customer_and_name(shop: Shop, search: str):
    shop.a_product(model="XL-5000", customer_name="W_dget")
    wanted = shop.a_product(
        pid="smartplug77",
        model="XL-500%",
        customer_name="Widget Shop",
        display_name="Großer Stecker",
    )

    assert shop.listed(BUYER, search=search) == [wanted.name]


def test_a_search_finds_underscores_only_where_there_are_some(shop: Shop):
    shop.a_product(model="SPX1")
    wanted = shop.a_product(model="SP_1")

    assert shop.listed(BUYER, search="sp_1") == [wanted.name]


def test_a_page_of_products_costs_one_statement(shop: Shop):
    firmware = shop.a_firmware(shop.a_module())
    for _ in range(3):
        shop.a_product(firmware)

    with statements(shop.database) as said:
        assert len(shop.listed(BUYER)) == 3

    assert len(said) == 1, said


def test_ordering_gets_all_it_needs_of_all_products_in_one_statement(shop: Shop):
    firmware = shop.a_firmware(shop.a_module())
    own, brand = shop.a_product(firmware, who=MAKER_ADMIN), shop.a_product(firmware)
    shop.associate(brand)

    with statements(shop.database) as said:
        first, second = offers(shop, MAKER, brand.name, own.name)

    assert len(said) == 1, said
    assert (first.product, second.product) == (brand.name, own.name)
    assert first == product_pb2.Offer(
        product=brand.name,
        pid=brand.pid,
        display_name="Smart plug",
        model="SP-1",
        owner="enterprises/acme",
        lifecycle=product_pb2.Product.DEVELOPMENT,
        module="modules/wr3e",
        module_display_name="WR3E Wi-Fi module",
        firmware=firmware.name,
        firmware_version="2.4.1",
        firmware_digest=firmware.digest,
        firmware_state=firmware.state,
        price_tiers=[a_tier(1, 400_000_000), a_tier(1000, 100_000_000)],
        minimum_quantity=100,
        packing_unit=50,
        lead_time_days=14,
        price_list=shop.general_list(),
    )


def test_offers_are_given_only_for_what_the_caller_may_know(shop: Shop):
    firmware = shop.a_firmware(shop.a_module())
    own, foreign = shop.a_product(firmware), shop.a_product(firmware, who=STRANGER)
    misnamed = foreign.name.replace("globex", "acme")

    found = offers(shop, BUYER, foreign.name, own.name, misnamed, own.name)

    assert [offer.product for offer in found] == [own.name]
    assert len(offers(shop, MANAGER, foreign.name, own.name)) == 2


def test_a_product_with_nothing_built_in_is_offered_without_a_module(shop: Shop):
    product = shop.a_product()

    (offer,) = offers(shop, BUYER, product.name)

    assert (offer.module, offer.firmware, len(offer.price_tiers)) == ("", "", 0)


def test_offers_are_asked_for_by_name_and_not_without_end(shop: Shop):
    with pytest.raises(Malformed, match="not a name of the form"):
        offers(shop, BUYER, "products/1")
    with pytest.raises(Malformed, match="at most 200 products"):
        offers(shop, BUYER, *["enterprises/acme/products/none0000"] * 201)
