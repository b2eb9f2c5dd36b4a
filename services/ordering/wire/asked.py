"""What somebody asks to change, out of protobuf and with what the catalogue says about it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.domain.amendment import Burnt, Change, Field
from services.ordering.domain.errors import FirmwareNotOffered, NothingToChange, NotYoursToPropose
from services.ordering.domain.line import OrderLine
from services.ordering.domain.offer import Assortment, Basket
from services.ordering.domain.order import Order
from services.ordering.domain.rules import RULES
from services.ordering.domain.words import FirmwareState
from services.ordering.wire import address_from, title_from
from shared.money import Money
from shared.wire import money_from

Known = Mapping[str, tuple[Burnt, FirmwareState | None]]


def raised(order: Order | None, asked: Iterable[rpc.OrderChange]) -> Basket:
    """Return of which products how many more are wanted than before: the catalogue prices them."""
    if order is None:
        return Basket(None, {})
    lines = {line.line_no: line for line in order.lines}
    wanted = [(lines[each.line_no], each) for each in asked if _is_quantity(each, lines)]
    more = ((line.product, max(0, each.quantity - line.quantity)) for line, each in wanted)
    return order.basket.having(more)


def firmware_in(asked: Iterable[rpc.OrderChange]) -> set[str]:
    """Return the firmware that is asked for."""
    return {each.firmware for each in asked if each.WhichOneof("what") == "firmware"}


def changes_from(
    asked: Iterable[rpc.OrderChange],
    order: Order | None,
    assortment: Assortment,
    burnt: Known,
    *,
    priced: bool = False,
) -> list[Change]:
    """Read what is to be changed; prices only where the vendor asks."""
    lines = {line.line_no: line for line in order.lines} if order else {}
    found = []
    for each in asked:
        if each.HasField("unit_price") and not priced:
            raise NotYoursToPropose(field="the price", party="the buyer")
        found.append(_change(each, order, lines.get(each.line_no), assortment, burnt))
    return found


def _change(
    asked: rpc.OrderChange,
    order: Order | None,
    line: OrderLine | None,
    assortment: Assortment,
    burnt: Known,
) -> Change:
    number = asked.line_no
    match asked.WhichOneof("what"):
        case "quantity":
            return Change(
                field=Field.QUANTITY,
                line_no=number,
                quantity=asked.quantity,
                **_prices(asked, order, line, assortment),
            )
        case "remove_line" if asked.remove_line:
            return Change(field=Field.LINE_REMOVED, line_no=number)
        case "firmware":
            chosen = _chosen(asked.firmware, order, line, burnt)
            return Change(field=Field.FIRMWARE, line_no=number, firmware=chosen)
        case "delivery_date":
            return Change(field=Field.DELIVERY_DATE, delivery_date=asked.delivery_date)
        case "delivery_address":
            address = address_from(asked.delivery_address)
            return Change(field=Field.DELIVERY_ADDRESS, address=address)
        case "invoice_title":
            return Change(field=Field.INVOICE_TITLE, invoice_title=title_from(asked.invoice_title))
    raise NothingToChange


def _prices(
    asked: rpc.OrderChange, order: Order | None, line: OrderLine | None, assortment: Assortment
) -> dict[str, Any]:
    """Return the list price of the new quantity, if the catalogue was asked, and the one agreed."""
    found: dict[str, Any] = {"price_reason": asked.price_reason}
    if asked.HasField("unit_price"):
        price: Money = money_from(asked.unit_price)
        found["price"] = price.amount
    if order and line and line.product in assortment.offers:
        found["list_price"] = _listed(asked, order, line, assortment)
    return found


def _listed(
    asked: rpc.OrderChange, order: Order, line: OrderLine, assortment: Assortment
) -> Decimal:
    offer = assortment.offer(line.product, line.license_type)
    assortment.insist_authorized(offer, order.purpose, asked.quantity)
    return offer.list_price(asked.quantity).amount


def _chosen(name: str, order: Order | None, line: OrderLine | None, burnt: Known) -> Burnt | None:
    if order is None or line is None:
        return None
    facts = {"firmware": name.rpartition("/")[2], "pid": line.pid}
    if name.partition("/firmware/")[0] != line.module or name not in burnt:
        raise FirmwareNotOffered(**facts, why="its module has no such firmware")
    chosen, state = burnt[name]
    if state not in RULES[order.purpose].firmware:
        why = f"it is {state.value if state else 'not released'}"
        raise FirmwareNotOffered(**facts, why=why)
    return chosen


def _is_quantity(asked: rpc.OrderChange, lines: Mapping[int, OrderLine]) -> bool:
    return asked.WhichOneof("what") == "quantity" and asked.line_no in lines
