"""What somebody asks to change, out of protobuf and with what the catalogue says about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.domain.amendment import Burnt, Change, Field
from services.ordering.domain.checks import insist_packed
from services.ordering.domain.errors import (
    FirmwareNotForPurpose,
    FirmwareNotOffered,
    NothingToChange,
    NotYoursToPropose,
)
from services.ordering.domain.line import OrderLine
from services.ordering.domain.line_service import LineService
from services.ordering.domain.offer import Assortment, Basket
from services.ordering.domain.order import Order
from services.ordering.domain.rules import RULES
from services.ordering.domain.service_offer import chosen, insist_once
from services.ordering.domain.words import FirmwareState
from services.ordering.wire import address_from, title_from
from shared.money import Money
from shared.wire import money_from

Known = Mapping[str, tuple[Burnt, FirmwareState | None]]


def raised(order: Order | None, asked: Sequence[rpc.OrderChange]) -> Basket:
    """Return of which products how many more are wanted than before: the catalogue prices them."""
    if order is None:
        return Basket(None, {})
    lines = {line.line_no: line for line in order.lines}
    wanted = [(lines[each.line_no], each) for each in asked if _is_other_quantity(each, lines)]
    more = [(line.product, max(0, each.quantity - line.quantity)) for line, each in wanted]
    new = [(lines[each.line_no].product, 0) for each in asked if _adds_services(each, lines)]
    priced = bool(new) or any(line.services for line, _ in wanted)
    return replace(order.basket, services=priced).having([*more, *new])


def firmware_in(asked: Iterable[rpc.OrderChange]) -> set[str]:
    """Return the firmware that is asked for."""
    return {each.firmware for each in asked if each.WhichOneof("what") == "firmware"}


def changes_from(
    asked: Sequence[rpc.OrderChange],
    order: Order | None,
    assortment: Assortment,
    burnt: Known,
    *,
    priced: bool = False,
) -> list[Change]:
    """Read what is to be changed; prices only where the vendor asks."""
    lines = {line.line_no: line for line in order.lines} if order else {}
    quantities = {each.line_no: each.quantity for each in asked if _is_quantity(each, lines)}
    found = []
    for each in asked:
        if each.HasField("unit_price") and not priced:
            raise NotYoursToPropose(field="the price", party="the buyer")
        line = lines.get(each.line_no)
        quantity = quantities.get(each.line_no, line.quantity if line else 0)
        if order and line and not priced and _is_other_quantity(each, lines):
            insist_packed(line, each.quantity, purpose=order.purpose, assortment=assortment)
        found.append(_change(each, order, line, assortment, burnt, quantity))
    return found


def _change(
    asked: rpc.OrderChange,
    order: Order | None,
    line: OrderLine | None,
    assortment: Assortment,
    burnt: Known,
    quantity: int,
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
        case "services":
            return Change(
                field=Field.SERVICES,
                line_no=number,
                services=_services(asked, order, line, assortment, quantity),
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
    if order and line and line.product in assortment.offers and asked.quantity != line.quantity:
        found["list_price"] = _listed(asked, order, line, assortment)
        sold = [name for name in line.on_top if name in assortment.services]
        found["services"] = _chosen_on(order, line, sold, assortment, asked.quantity)
    return found


def _listed(
    asked: rpc.OrderChange, order: Order, line: OrderLine, assortment: Assortment
) -> Decimal:
    offer = assortment.offer(line.product, line.license_type)
    assortment.insist_authorized(offer, order.purpose, asked.quantity)
    return offer.list_price(asked.quantity).amount


def _services(
    asked: rpc.OrderChange,
    order: Order | None,
    line: OrderLine | None,
    assortment: Assortment,
    quantity: int,
) -> tuple[LineService, ...]:
    """Return all services of a line to be: those it has as they are, others as they are sold."""
    if order is None or line is None:
        return ()
    names = asked.services.services
    insist_once(line, names)
    there = {each.service: each for each in line.services}
    added = [name for name in names if name not in there]
    if added:
        assortment.insist_for(assortment.offer(line.product), order.purpose)
    new = _chosen_on(order, line, added, assortment, quantity)
    known = there | {each.service: each for each in new}
    return tuple(known[name] for name in names)


def _chosen_on(
    order: Order, line: OrderLine, names: Sequence[str], assortment: Assortment, quantity: int
) -> tuple[LineService, ...]:
    return chosen(
        replace(line, quantity=quantity),
        names,
        purpose=order.purpose,
        family=order.family,
        assortment=assortment,
    )


def _adds_services(asked: rpc.OrderChange, lines: Mapping[int, OrderLine]) -> bool:
    if asked.WhichOneof("what") != "services" or asked.line_no not in lines:
        return False
    return not set(asked.services.services) <= set(lines[asked.line_no].on_top)


def _chosen(name: str, order: Order | None, line: OrderLine | None, burnt: Known) -> Burnt | None:
    if order is None or line is None:
        return None
    if name.partition("/firmware/")[0] != line.module or name not in burnt:
        raise FirmwareNotOffered(firmware=name.rpartition("/")[2], pid=line.pid)
    chosen, state = burnt[name]
    if state not in RULES[order.purpose].firmware:
        raise FirmwareNotForPurpose(
            firmware=chosen.version,
            pid=line.pid,
            state=state.value if state else "not released",
            purpose=order.purpose.value,
        )
    return chosen


def _is_other_quantity(asked: rpc.OrderChange, lines: Mapping[int, OrderLine]) -> bool:
    return _is_quantity(asked, lines) and asked.quantity != lines[asked.line_no].quantity


def _is_quantity(asked: rpc.OrderChange, lines: Mapping[int, OrderLine]) -> bool:
    return asked.WhichOneof("what") == "quantity" and asked.line_no in lines
