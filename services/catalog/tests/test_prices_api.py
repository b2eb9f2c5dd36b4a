"""Price lists, licence types, services and quotes as people meet them, and who may do what."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.money_pb2 import Money
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1 import license_type_pb2, price_list_pb2, value_added_service_pb2
from millrun.ordering.v1.order_pb2 import DEBUGGING, MASS_PRODUCTION, TRIAL_PRODUCTION

from services.catalog.store import price_entries, price_lists
from services.catalog.tests.shop import (
    ADMIN,
    BUYER,
    MAKER,
    MANAGER,
    SELLER,
    STRANGER,
    Shop,
    a_tier,
    an_entry,
)
from shared.caller import Caller, Role
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.storage import NOTHING, Scope
from shared.testing.callers import caller
from shared.wire import time_message

FINANCE, MAKING = caller(Role.FINANCE), caller(Role.PRODUCTION)
ITEM = "modules/wr3e"
Verdict = price_list_pb2.ConsideredPriceList


def euros(units: int, nanos: int = 0) -> Money:
    return Money(currency_code="EUR", units=units, nanos=nanos)


def quote(shop: Shop, who: Caller = BUYER, quantity: int = 100, **more: Any) -> Any:
    asked = {"parent": "enterprises/acme", "item": ITEM, "quantity": quantity, **more}
    return shop.ask(who).QuotePrice(pb.QuotePriceRequest(**asked))


def price_of(shop: Shop, who: Caller) -> list[int]:
    """The whole units of what `who` pays, tier by tier."""
    module = shop.ask(who).GetModule(pb.GetModuleRequest(name=ITEM))
    return [tier.unit_price.units for tier in module.price_tiers]


def own_list(shop: Shop, units: int = 1, **more: Any) -> price_list_pb2.PriceList:
    shop.know("acme")
    entry = an_entry(ITEM, a_tier_of(units))
    return shop.a_price_list([entry], display_name="Acme's", enterprise="enterprises/acme", **more)


def a_tier_of(units: int) -> Any:
    tier = a_tier(1, 0)
    tier.unit_price.units = units
    return tier


def test_a_customers_own_list_is_seen_by_them_and_the_vendor_and_nobody_else(shop: Shop):
    shop.a_module()
    own = own_list(shop)

    def listed(who: Caller) -> set[str]:
        found = shop.ask(who).ListPriceLists(pb.ListPriceListsRequest())
        return {each.display_name for each in found.price_lists}

    for who in (ADMIN, BUYER, MANAGER, SELLER, FINANCE):
        assert listed(who) == {"List prices", "Acme's"}
        found = shop.ask(who).GetPriceList(pb.GetPriceListRequest(name=own.name))
        assert found.enterprise_legal_name == "Acme Ltd"
    for who in (MAKER, STRANGER):
        assert listed(who) == {"List prices"}
        with pytest.raises(NotFound, match="There is no price list"):
            shop.ask(who).GetPriceList(pb.GetPriceListRequest(name=own.name))


def test_the_own_list_gives_the_price_to_them_and_nobody_else(shop: Shop):
    firmware = shop.a_firmware(shop.a_module())
    own = own_list(shop)
    products = {who: shop.a_product(firmware, who=who) for who in (ADMIN, STRANGER)}

    assert price_of(shop, BUYER) == [1]
    assert price_of(shop, STRANGER) == price_of(shop, MANAGER) == [2, 2]
    for who, units, by in ((ADMIN, 1, own.name), (STRANGER, 2, shop.general_list())):
        asked = pb.BatchGetOffersRequest(products=[products[who].name])
        (offer,) = shop.ask(who).BatchGetOffers(asked).offers
        assert (offer.price_tiers[0].unit_price.units, offer.price_list) == (units, by)


def test_who_orders_for_another_pays_by_their_own_list(shop: Shop):
    brand = shop.a_product(shop.a_firmware(shop.a_module()))
    shop.associate(brand)
    own_list(shop)

    (offer,) = (
        shop.ask(MAKER).BatchGetOffers(pb.BatchGetOffersRequest(products=[brand.name])).offers
    )

    assert offer.price_tiers[0].unit_price.units == 2


def test_below_the_code_a_customer_reads_no_list_of_others_and_changes_none(shop: Shop):
    shop.a_module()
    own_list(shop)

    def seen(scope: Scope) -> list[str]:
        with shop.database.transaction(scope) as tx:
            lists = set(tx.scalars(sa.select(price_lists.c.enterprise)))
            assert lists == set(tx.scalars(sa.select(price_entries.c.enterprise)))
            return sorted(lists)

    assert seen(Scope(enterprise="acme")) == ["", "acme"]
    assert seen(Scope(enterprise="globex")) == seen(NOTHING) == [""]
    for change in (sa.update(price_lists).values(currency="XXX"), sa.delete(price_entries)):
        with (
            pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
            shop.database.transaction(Scope(enterprise="acme")) as tx,
        ):
            tx.execute(change)


def test_those_who_see_no_prices_are_shown_none(shop: Shop):
    shop.a_module()

    assert price_of(shop, MAKING) == []
    for ask in (
        lambda: quote(shop, MAKING),
        lambda: shop.ask(MAKING).ListPriceLists(pb.ListPriceListsRequest()),
    ):
        with pytest.raises(Forbidden):
            ask()


@pytest.mark.parametrize("who", [ADMIN, BUYER, MANAGER, FINANCE, MAKING], ids=lambda w: w.account)
def test_only_a_business_manager_sets_prices_and_currencies(shop: Shop, who: Caller):
    shop.a_module()
    ask, name = shop.ask(who), shop.general_list()
    wanted = price_list_pb2.PriceList(display_name="x", currency="EUR")

    for refused in (
        lambda: ask.CreatePriceList(pb.CreatePriceListRequest(price_list=wanted)),
        lambda: ask.UpdatePriceList(
            pb.UpdatePriceListRequest(price_list=price_list_pb2.PriceList(name=name))
        ),
        lambda: ask.SetPrices(pb.SetPricesRequest(name=name, entries=[an_entry(ITEM)])),
        lambda: ask.RetirePriceList(pb.RetirePriceListRequest(name=name)),
        lambda: ask.SetCustomerTerms(
            pb.SetCustomerTermsRequest(name="enterprises/acme/customerTerms", currency="USD")
        ),
    ):
        with pytest.raises(Forbidden, match="business manager"):
            refused()


def test_prices_are_set_changed_and_taken_off_and_the_rest_stays(shop: Shop):
    shop.a_module(), shop.a_module("cb2s")
    ask, name = shop.ask(SELLER), shop.general_list()
    before = ask.GetPriceList(pb.GetPriceListRequest(name=name))

    after = ask.SetPrices(
        pb.SetPricesRequest(
            name=name, entries=[an_entry(ITEM, a_tier_of(7))], etag=before.etag, request_id="once"
        )
    )
    emptied = ask.SetPrices(
        pb.SetPricesRequest(name=name, entries=[price_list_pb2.PriceEntry(item="modules/cb2s")])
    )

    assert [entry.item for entry in after.entries] == ["modules/cb2s", ITEM]
    assert after.entries[1].charge.price_tiers[0].unit_price == euros(7)
    assert [entry.item for entry in emptied.entries] == [ITEM]
    assert len({before.etag, after.etag, emptied.etag}) == 3
    assert emptied == ask.GetPriceList(pb.GetPriceListRequest(name=name))
    with pytest.raises(Outdated):
        ask.SetPrices(pb.SetPricesRequest(name=name, entries=[an_entry(ITEM)], etag=before.etag))


def test_a_rehearsal_of_new_prices_changes_none(shop: Shop):
    shop.a_module()
    asked = pb.SetPricesRequest(
        name=shop.general_list(), entries=[an_entry(ITEM, a_tier_of(9))], validate_only=True
    )

    assert shop.ask(SELLER).SetPrices(asked).entries[0].charge.price_tiers[0].unit_price.units == 9
    assert price_of(shop, BUYER) == [2, 2]


@pytest.mark.parametrize("item", ["modules/none", "products/x", "licenseTypes/", "modules"])
def test_only_what_is_in_the_catalogue_has_a_price(shop: Shop, item: str):
    shop.a_module()
    asked = pb.SetPricesRequest(name=shop.general_list(), entries=[an_entry(item)])

    with pytest.raises(NotFound, match="in the catalogue"):
        shop.ask(SELLER).SetPrices(asked)


def test_a_list_is_renamed_and_ends_when_its_time_is_over(shop: Shop):
    shop.a_module()
    ask, name = shop.ask(SELLER), shop.general_list()
    ended = price_list_pb2.PriceList(
        name=name, display_name="Until now", end_time=time_message(now())
    )
    mask = FieldMask(paths=["display_name", "end_time"])

    changed = ask.UpdatePriceList(pb.UpdatePriceListRequest(price_list=ended, update_mask=mask))

    assert (changed.display_name, changed.entry_count) == ("Until now", 1)
    assert price_of(shop, BUYER) == []
    assert quote(shop).considered[0].verdict == Verdict.NO_LONGER_VALID


def test_a_retired_list_gives_no_price_and_is_not_changed(shop: Shop):
    shop.a_module()
    ask, name = shop.ask(SELLER), shop.general_list()

    retired = ask.RetirePriceList(pb.RetirePriceListRequest(name=name))

    assert retired.state == price_list_pb2.PriceList.RETIRED
    assert price_of(shop, BUYER) == []
    with pytest.raises(Disallowed, match="is retired and stays as it is"):
        ask.SetPrices(pb.SetPricesRequest(name=name, entries=[an_entry(ITEM)]))


def test_lists_are_filtered_by_customer_and_state(shop: Shop):
    shop.a_module()
    own, general = own_list(shop), shop.general_list()
    shop.ask(SELLER).RetirePriceList(pb.RetirePriceListRequest(name=own.name))

    def listed(**more: Any) -> list[str]:
        found = shop.ask(SELLER).ListPriceLists(pb.ListPriceListsRequest(**more))
        assert all(not each.entries and each.entry_count == 1 for each in found.price_lists)
        return [each.name for each in found.price_lists]

    assert listed() == [own.name, general]
    assert listed(enterprise="enterprises/acme") == [own.name]
    assert listed(enterprise="enterprises/-") == [general]
    assert listed(state=price_list_pb2.PriceList.ACTIVE) == [general]


def test_a_list_for_nobody_is_refused(shop: Shop):
    with pytest.raises(NotFound, match="There is no enterprise enterprises/nobody"):
        shop.a_price_list(enterprise="enterprises/nobody")


def test_a_quote_says_what_it_costs_and_by_which_list(shop: Shop):
    shop.a_module()
    own, general = own_list(shop), shop.general_list()

    found = quote(shop, quantity=150)

    assert (found.price_list, found.price_list_display_name) == (own.name, "Acme's")
    assert (found.unit_price, found.total) == (euros(1), euros(150))
    assert [(each.price_list, each.verdict) for each in found.considered] == [
        (own.name, Verdict.OWN_LIST_COUNTS),
        (general, Verdict.BEHIND_OWN_LIST),
    ]
    assert (found.minimum_quantity, found.packing_unit, found.currency) == (100, 50, "EUR")
    everybody = quote(shop, SELLER, 150, parent="enterprises/-")
    assert (everybody.price_list, everybody.next_tier_quantity) == (general, 1000)


@pytest.mark.parametrize(
    ("quantity", "instead"), [(1, [100]), (100, []), (130, [100, 150]), (150, [])]
)
def test_a_quote_names_the_nearest_whole_packages(shop: Shop, quantity: int, instead: list[int]):
    shop.a_module()

    assert list(quote(shop, quantity=quantity).nearest_quantities) == instead


def test_a_quote_is_for_the_own_enterprise_and_for_staff_for_all(shop: Shop):
    shop.a_module()
    shop.know("globex")

    with pytest.raises(NotFound, match="There is no enterprise enterprises/nobody"):
        quote(shop, SELLER, parent="enterprises/nobody")
    for parent in ("enterprises/globex", "enterprises/-"):
        assert quote(shop, SELLER, parent=parent).total == euros(240)
        with pytest.raises(NotFound, match=f"There is no enterprise {parent}"):
            quote(shop, parent=parent)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"quantity": -1}, Malformed),
        ({"item": "modules/none"}, NotFound),
        ({"item": "orders/1"}, NotFound),
    ],
)
def test_what_cannot_be_quoted_is_refused(shop: Shop, more: dict[str, Any], refusal: type):
    with pytest.raises(refusal):
        quote(shop, **more)


def test_without_a_price_a_quote_says_so(shop: Shop):
    shop.a_module()
    in_dollars = pb.SetCustomerTermsRequest(name="enterprises/acme/customerTerms", currency="USD")
    shop.know("acme")
    shop.ask(SELLER).SetCustomerTerms(in_dollars)

    found = quote(shop)

    assert (found.price_list, found.HasField("total"), found.currency) == ("", False, "USD")
    assert [each.verdict for each in found.considered] == [Verdict.OTHER_CURRENCY]
    assert price_of(shop, BUYER) == []


def test_a_price_is_asked_for_another_day(shop: Shop):
    shop.a_module()
    own_list(shop, 5, start_time=time_message(now() + timedelta(days=3)))

    assert quote(shop).unit_price == euros(2, 400_000_000)
    assert quote(shop, time=time_message(now() + timedelta(days=4))).unit_price == euros(5)


def test_the_currency_of_a_customer_is_the_vendors_until_another_is_agreed(shop: Shop):
    name = "enterprises/acme/customerTerms"
    ask = shop.ask(SELLER)
    assert shop.ask(BUYER).GetCustomerTerms(pb.GetCustomerTermsRequest(name=name)).currency == "EUR"
    with pytest.raises(NotFound, match="There is no enterprise"):
        ask.SetCustomerTerms(pb.SetCustomerTermsRequest(name=name, currency="USD"))
    shop.know("acme")

    first = ask.SetCustomerTerms(pb.SetCustomerTermsRequest(name=name, currency="USD"))
    again = ask.SetCustomerTerms(
        pb.SetCustomerTermsRequest(name=name, currency="JPY", etag=first.etag)
    )

    assert (first.currency, again.currency) == ("USD", "JPY")
    with pytest.raises(Outdated):
        ask.SetCustomerTerms(pb.SetCustomerTermsRequest(name=name, currency="CNY", etag=first.etag))
    with pytest.raises(NotFound, match="There is no enterprise"):
        shop.ask(STRANGER).GetCustomerTerms(pb.GetCustomerTermsRequest(name=name))


def a_license(shop: Shop, sku: str = "ipc-sdk-video", **more: Any) -> Any:
    wanted = {"display_name": "IPC SDK, video", "licenses": "Live video of one device.", **more}
    asked = license_type_pb2.LicenseType(**wanted)
    return shop.ask(MANAGER).CreateLicenseType(
        pb.CreateLicenseTypeRequest(license_type=asked, sku=sku)
    )


def a_service(shop: Shop, service_id: str = "labels", **more: Any) -> Any:
    wanted = {"display_name": "Custom label", "purposes": [MASS_PRODUCTION], **more}
    asked = value_added_service_pb2.ValueAddedService(**wanted)
    return shop.ask(MANAGER).CreateValueAddedService(
        pb.CreateValueAddedServiceRequest(
            value_added_service=asked, value_added_service_id=service_id
        )
    )


def test_a_license_type_is_entered_priced_changed_and_retired(shop: Shop):
    ask, module = shop.ask(MANAGER), shop.a_module()
    created = a_license(shop, modules=[module.name], minimum_quantity=10)
    shop.general_list([an_entry(created.name, a_tier_of(12))])

    found = shop.ask(BUYER).GetLicenseType(pb.GetLicenseTypeRequest(name=created.name))
    assert (found.sku, found.price_tiers[0].unit_price) == ("ipc-sdk-video", euros(12))
    assert quote(shop, item=created.name, quantity=3).nearest_quantities == [10]

    wanted = license_type_pb2.LicenseType(name=created.name, minimum_quantity=5, etag=found.etag)
    mask = FieldMask(paths=["minimum_quantity"])
    changed = ask.UpdateLicenseType(
        pb.UpdateLicenseTypeRequest(license_type=wanted, update_mask=mask)
    )
    assert (changed.minimum_quantity, list(changed.modules)) == (5, [module.name])
    retired = ask.RetireLicenseType(pb.RetireLicenseTypeRequest(name=created.name))
    assert retired.state == license_type_pb2.LicenseType.RETIRED
    with pytest.raises(Disallowed, match="is retired"):
        ask.RetireLicenseType(pb.RetireLicenseTypeRequest(name=created.name))


def test_a_service_is_entered_priced_changed_and_retired(shop: Shop):
    ask, module = shop.ask(MANAGER), shop.a_module()
    created = a_service(shop, modules=[module.name], added_lead_time_days=2)
    entry = an_entry(created.name, price_per_order=euros(30), setup_fee=euros(250))
    shop.general_list([entry])

    found = shop.ask(BUYER).GetValueAddedService(pb.GetValueAddedServiceRequest(name=created.name))
    assert found.charge == entry.charge
    assert quote(shop, item=created.name, quantity=3).total == euros(30)

    wanted = value_added_service_pb2.ValueAddedService(
        name=created.name, purposes=[TRIAL_PRODUCTION, MASS_PRODUCTION]
    )
    changed = ask.UpdateValueAddedService(
        pb.UpdateValueAddedServiceRequest(
            value_added_service=wanted, update_mask=FieldMask(paths=["purposes"])
        )
    )
    assert list(changed.purposes) == [TRIAL_PRODUCTION, MASS_PRODUCTION]
    assert (changed.added_lead_time_days, changed.display_name) == (2, "Custom label")
    retired = ask.RetireValueAddedService(pb.RetireValueAddedServiceRequest(name=created.name))
    assert retired.state == value_added_service_pb2.ValueAddedService.RETIRED


@pytest.mark.parametrize(
    ("enter", "refusal", "says"),
    [
        (lambda shop: a_license(shop, "IPC"), Malformed, "is no name"),
        (lambda shop: a_license(shop, modules=["modules/none"]), NotFound, "no module"),
        (lambda shop: a_license(shop, minimum_quantity=-1), Malformed, "cannot be -1"),
        (lambda shop: a_license(shop, price_tiers=[a_tier_of(1)]), Malformed, "price lists"),
        (lambda shop: (a_license(shop), a_license(shop)), Disallowed, "already"),
        (lambda shop: a_service(shop, purposes=[DEBUGGING]), Malformed, "mass production"),
        (lambda shop: a_service(shop, modules=["modules/none"]), NotFound, "no module"),
        (lambda shop: (a_service(shop), a_service(shop)), Disallowed, "already"),
    ],
)
def test_what_cannot_be_sold_is_refused(
    shop: Shop, enter: Callable[[Shop], object], refusal: type[Exception], says: str
):
    with pytest.raises(refusal, match=says):
        enter(shop)


@pytest.mark.parametrize("who", [BUYER, SELLER, MAKING], ids=lambda who: who.account)
def test_only_a_project_manager_enters_what_is_sold(shop: Shop, who: Caller):
    license_type, service, ask = a_license(shop), a_service(shop), shop.ask(who)

    for refused in (
        lambda: ask.CreateLicenseType(
            pb.CreateLicenseTypeRequest(license_type=license_type, sku="xx")
        ),
        lambda: ask.UpdateLicenseType(pb.UpdateLicenseTypeRequest(license_type=license_type)),
        lambda: ask.RetireLicenseType(pb.RetireLicenseTypeRequest(name=license_type.name)),
        lambda: ask.CreateValueAddedService(
            pb.CreateValueAddedServiceRequest(
                value_added_service=service, value_added_service_id="xx"
            )
        ),
        lambda: ask.UpdateValueAddedService(
            pb.UpdateValueAddedServiceRequest(value_added_service=service)
        ),
        lambda: ask.RetireValueAddedService(pb.RetireValueAddedServiceRequest(name=service.name)),
    ):
        with pytest.raises(Forbidden, match="project manager"):
            refused()


def test_what_is_sold_is_listed_by_module_and_state(shop: Shop):
    wifi, zigbee = shop.a_module("wifi"), shop.a_module("zigbee")
    for_all, for_wifi = a_license(shop, "for-all"), a_license(shop, "wifi", modules=[wifi.name])
    labels = a_service(shop, modules=[zigbee.name])
    ask = shop.ask(BUYER)

    def licenses(**more: Any) -> list[str]:
        found = ask.ListLicenseTypes(pb.ListLicenseTypesRequest(**more)).license_types
        return [each.name for each in found]

    def services(**more: Any) -> list[str]:
        found = ask.ListValueAddedServices(pb.ListValueAddedServicesRequest(**more))
        return [each.name for each in found.value_added_services]

    assert licenses() == [for_wifi.name, for_all.name]
    assert licenses(module=zigbee.name) == [for_all.name]
    assert licenses(state=license_type_pb2.LicenseType.RETIRED) == []
    assert services(module=zigbee.name) == [labels.name]
    assert services(module=wifi.name) == []
