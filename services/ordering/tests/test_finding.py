"""Orders are found by everything people know of them, in several orders, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from google.type.money_pb2 import Money
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.domain.listing import OrderBy
from services.ordering.tests.builders import BM, LAMP, PLUG, a_form
from services.ordering.tests.desk import BRAND, BUYER, GADGET, MANAGER, STRANGER, Desk
from services.ordering.wire import form_message
from shared.caller import Caller
from shared.errors import Malformed
from shared.storage import EVERYTHING
from shared.wire import time_message

ACME = "enterprises/acme"


def names(desk: Desk, who: Caller = BUYER, parent: str = ACME, **more: Any) -> list[str]:
    request = rpc.ListOrdersRequest(parent=parent, **more)
    return [order.name for order in desk.ask(who).ListOrders(request).orders]


def cny(units: int, nanos: int = 0) -> Money:
    return Money(currency_code="CNY", units=units, nanos=nanos)


def submitted(desk: Desk, *wanted: tuple[str, int], **form: str) -> pb.Order:
    return desk.submit(desk.create(*wanted), form=form_message(desk.a_new_form(**form)))


def test_orders_are_found_by_each_thing_they_are_asked_for_by(desk: Desk) -> None:
    plug = submitted(desk, (PLUG, 100), po_no="PO-Plug", customer_batch_no="B-Plug")
    lamp = submitted(desk, (LAMP, 200), po_no="PO-Lamp", customer_batch_no="B-Lamp")
    draft = desk.create((PLUG, 100), (LAMP, 300))
    gadget = desk.create((GADGET, 100))

    assert names(desk, product=PLUG) == [draft.name, plug.name]
    assert names(desk, product="lamp9") == [draft.name, lamp.name]
    assert names(desk, product=" ＬＡＭＰ９ ") == [draft.name, lamp.name]
    assert names(desk, product="lamp") == []
    assert names(desk, owner="enterprises/brand") == [gadget.name]
    assert names(desk, po_no=" po-plug ") == [plug.name]
    assert names(desk, customer_batch_no="b-lamp") == [lamp.name]
    assert names(desk, order_no=draft.order_no.lower()) == [draft.name]
    assert names(desk, order_no=draft.order_no.replace("-", "－")) == [draft.name]
    assert names(desk, purposes=["MASS_PRODUCTION"], states=["DRAFT"]) == [gadget.name, draft.name]
    assert names(desk, purposes=["DEBUGGING", "RND_SAMPLE"]) == []
    assert names(desk, family="LICENSE") == []
    assert names(desk, family="HARDWARE_MODULE", product=LAMP, states=["INTENTION"]) == [lamp.name]
    assert names(desk, business_manager=BM, po_no="PO-Lamp") == [lamp.name]
    assert names(desk, business_manager="accounts/another") == []


def test_orders_are_found_by_amount_in_their_currency(desk: Desk) -> None:
    small, large = desk.create((PLUG, 100)), desk.create((PLUG, 200))

    assert (small.total, large.total) == (cny(950), cny(1900))
    assert names(desk, total_from=cny(950, 1)) == [large.name]
    assert names(desk, total_from=cny(950), total_to=cny(1899, 990_000_000)) == [small.name]
    assert names(desk, total_to=cny(949)) == []
    assert names(desk, total_from=Money(currency_code="EUR")) == []


def test_orders_are_found_by_when_they_were_made_and_submitted(desk: Desk) -> None:
    order, draft = submitted(desk), desk.create()
    at = order.submit_time.ToDatetime(UTC)
    before, after = time_message(at - timedelta(days=1)), time_message(at + timedelta(days=1))

    assert names(desk, submit_time_from=before, submit_time_to=after) == [order.name]
    assert names(desk, create_time_from=before, create_time_to=after) == [draft.name, order.name]
    assert names(desk, submit_time_from=order.submit_time) == [order.name]
    assert names(desk, submit_time_to=order.submit_time) == []
    assert names(desk, submit_time_from=after) == []
    assert names(desk, create_time_to=before) == []


@pytest.mark.parametrize("few", [1_000, 0])
def test_a_search_finds_any_part_of_a_word(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Alike in an enterprise whose orders are looked at one by one, and by way of the index."""
    monkeypatch.setattr("services.ordering.queries.lists.FEW", few)
    plug = submitted(desk, (PLUG, 100), po_no="ABC/1-７７", customer_batch_no="Charge 9Q")
    lamp = submitted(desk, (LAMP, 100), (PLUG, 200), po_no="XYZ-1", customer_batch_no="8Q")
    for_brand = desk.create((GADGET, 100))

    def found(search: str, who: Caller = BUYER, parent: str = ACME, **more: Any) -> list[str]:
        return names(desk, who, parent, search=search, **more)

    assert found("bc/1-77") == [plug.name]
    assert found("lug1") == [lamp.name, plug.name]
    assert found("M-lamp9") == [lamp.name]
    assert found("plug xyz") == [lamp.name]
    assert found("9q") == [plug.name]
    assert found("hq") == []
    assert found(plug.order_no[3:]) == [plug.name]
    assert found("plug", states=["DRAFT"]) == []
    assert found("plug", order_by="create_time") == [plug.name, lamp.name]
    assert found("plug", order_by="total") == [plug.name, lamp.name]
    assert found("plug", product=LAMP) == [lamp.name]
    assert found("gadget", BRAND, "enterprises/brand") == [for_brand.name]
    assert found("plug", BRAND, "enterprises/brand") == []
    assert found("plug", STRANGER, "enterprises/globex") == []
    assert found("bc/1-77", MANAGER, "enterprises/-") == [plug.name]
    [first] = (
        desk.ask().ListOrders(rpc.ListOrdersRequest(parent=ACME, search="plug", page_size=1)).orders
    )
    assert first.name == lamp.name


def test_a_search_takes_every_character_as_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ordering.queries.lists.FEW", 0)
    odd = submitted(desk, po_no="o'#b\\c@ac:*|&%_")
    submitted(desk, po_no="o#bc-acme")

    for word in ("'#b", "o'#", "#b\\", "b\\c@", "@ac", "@ac:*", "c:*|", "|&%", "&%_"):
        assert names(desk, search=word) == [odd.name], word


def test_a_customers_numbers_are_found_however_wide_they_were_typed(desk: Desk) -> None:
    narrow = submitted(desk, po_no="PO-12", customer_batch_no="B-12")
    wide = submitted(desk, po_no="ＰＯ－１３", customer_batch_no="　Ｂ－１３ ")
    assert wide.form.po_no == "ＰＯ－１３", "it is printed as it was typed"
    for number, order in (("12", narrow), ("13", wide), ("１２", narrow), ("１３", wide)):
        for po_no in (f"PO-{number}", f"ｐｏ－{number}", f" ＰＯ－{number}　"):
            assert names(desk, po_no=po_no) == [order.name], po_no
        for batch_no in (f"b-{number}", f"Ｂ－{number}"):
            assert names(desk, customer_batch_no=batch_no) == [order.name], batch_no


def test_quotation_marks_are_no_part_of_what_is_looked_for(desk: Desk) -> None:
    order = submitted(desk, po_no="ABC 7788", customer_batch_no='the "red" ones')
    submitted(desk, po_no="XYZ 1")
    for search in (
        '"abc 7788"',
        "“7788 abc”",
        "「abc」",
        "『7788』",
        "＂ABC＂",
        "«red»",
        '"red" abc',
        '"abc',
    ):
        assert names(desk, search=search) == [order.name], search
    assert names(desk, search='"abc xyz"') == []
    with pytest.raises(Malformed) as refused:
        names(desk, search='""')
    assert refused.value.reason == "SEARCH_TOO_SHORT"


def test_an_order_is_found_by_what_it_says_now(desk: Desk) -> None:
    order = desk.create((PLUG, 100))
    desk.ask().AddOrderLine(
        rpc.AddOrderLineRequest(name=order.name, line=pb.OrderLine(product=LAMP, quantity=100))
    )
    assert names(desk, search="lamp9") == [order.name]
    desk.ask().RemoveOrderLine(rpc.RemoveOrderLineRequest(name=order.name, line_no=2))
    desk.submit(order, form=form_message(a_form(po_no="Changed-1")))

    assert names(desk, search="lamp9") == []
    assert names(desk, search="changed") == [order.name]


@pytest.mark.parametrize("order_by", [each.value for each in OrderBy])
def test_pages_in_every_order_show_each_order_once(desk: Desk, order_by: str) -> None:
    made = [desk.create((PLUG, 100 * n)) for n in (3, 1, 2, 1)]
    for order in made[:2]:
        desk.submit(order)
    field, descending = order_by.partition(" ")[0], order_by.endswith("desc")
    keys = {
        "create_time": lambda order: order.create_time.ToDatetime(),
        "submit_time": lambda order: (order.submit_time or order.create_time).ToDatetime(),
        "total": lambda order: order.total.units,
        "order_no": lambda order: order.order_no,
    }
    seen: list[pb.Order] = []
    token, pages = "", 0
    while token or not pages:
        request = rpc.ListOrdersRequest(
            parent=ACME, order_by=order_by, page_size=2, page_token=token
        )
        page = desk.ask().ListOrders(request)
        seen += page.orders
        token, pages = page.next_page_token, pages + 1

    assert sorted(order.name for order in seen) == sorted(order.name for order in made)
    if field != "submit_time":
        sorted_by = [keys[field](order) for order in seen]
        assert sorted_by == sorted(sorted_by, reverse=descending)
    assert pages == 2


def test_who_may_not_see_prices_finds_nothing_by_them(desk: Desk) -> None:
    order = desk.create((GADGET, 100))
    brand = "enterprises/brand"

    assert names(desk, BRAND, brand) == [order.name]
    assert names(desk, BRAND, brand, total_from=cny(1)) == []
    assert names(desk, BRAND, brand, order_by="total") == []
    assert names(desk, MANAGER, brand, order_by="total") == [order.name]
    assert names(desk, MANAGER, brand, total_from=cny(1)) == [order.name]


def test_a_contract_is_found_by_its_number_but_not_by_the_products_owner(desk: Desk) -> None:
    order = desk.create((GADGET, 100))
    with desk.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.text("update orders set contract_no = 'MC-7'"))

    assert names(desk, contract_no="mc-7") == [order.name]
    assert names(desk, BRAND, "enterprises/brand", contract_no="MC-7") == []


EARLY, LATE = (time_message(datetime(2026, 1, day, tzinfo=UTC)) for day in (1, 2))


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"order_by": "price"}, "ORDER_NOT_SORTABLE"),
        ({"search": "x"}, "SEARCH_TOO_SHORT"),
        ({"search": "a b c"}, "SEARCH_TOO_SHORT"),
        ({"search": "abc " * 9}, "SEARCH_TOO_LONG"),
        ({"search": "x" * 201}, "SEARCH_TOO_LONG"),
        ({"submit_time_from": LATE, "submit_time_to": EARLY}, "RANGE_TURNED_ROUND"),
        ({"create_time_from": LATE, "create_time_to": EARLY}, "RANGE_TURNED_ROUND"),
        ({"total_from": cny(2), "total_to": cny(1)}, "RANGE_TURNED_ROUND"),
        (
            {"total_from": cny(2), "total_to": Money(currency_code="EUR", units=3)},
            "AMOUNTS_IN_TWO_CURRENCIES",
        ),
        ({"total_from": Money(units=1)}, "BAD_AMOUNT"),
        ({"purposes": [99]}, "UNKNOWN_VALUE"),
        ({"family": 99}, "UNKNOWN_VALUE"),
        ({"owner": "brand"}, "MALFORMED_NAME"),
        ({"product": "brand/gadget"}, "MALFORMED_NAME"),
        ({"business_manager": "me"}, "MALFORMED_NAME"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_with_a_sentence(
    desk: Desk, asked: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Malformed) as refused:
        names(desk, **asked)
    assert refused.value.reason == reason


@pytest.mark.parametrize("order_by", [each.value for each in OrderBy])
@pytest.mark.parametrize("year", [1, 9999])
def test_the_first_and_the_last_day_of_the_calendar_can_be_asked_for(
    desk: Desk, year: int, order_by: str
) -> None:
    order = submitted(desk)
    day: Any = time_message(datetime(year, 1, 1, tzinfo=UTC))
    for field in ("submit_time", "create_time"):
        since = names(desk, order_by=order_by, **{f"{field}_from": day})
        until = names(desk, order_by=order_by, **{f"{field}_to": day})
        assert (since, until) == (([order.name], []) if year == 1 else ([], [order.name]))


def test_a_page_token_of_a_list_in_another_order_is_refused(desk: Desk) -> None:
    for _ in range(3):
        desk.create()
    request = rpc.ListOrdersRequest(parent=ACME, page_size=1, order_by="total")
    token = desk.ask().ListOrders(request).next_page_token

    assert names(desk, page_token=token, order_by="total")
    with pytest.raises(Malformed):
        names(desk, page_token=token)
    with pytest.raises(Malformed):
        names(desk, page_token=token, order_by="total desc")
