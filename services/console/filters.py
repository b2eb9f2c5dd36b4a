"""How values look on the console's pages, beyond what all pages share."""

from decimal import Decimal

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money as MoneyMessage
from jinja2 import Environment
from millrun.authorization.v1.account_pb2 import Role as RoleMessage
from millrun.catalog.v1.value_added_service_pb2 import ValueAddedService
from millrun.ordering.v1.order_pb2 import OrderLine, Purpose

from services.console.addresses import page_of
from shared.caller import Role
from shared.money import Money
from shared.web.formats import NOTHING, money
from shared.wire import money_from, time_from


def plain(value: MoneyMessage) -> str:
    """`1234.5`: an amount as one types it; its currency stands beside the field."""
    if not value.currency_code:
        return ""
    exact = money_from(value).amount
    return f"{exact.quantize(Decimal('0.01')) if exact == round(exact, 2) else exact.normalize():f}"


def positive(value: MoneyMessage) -> Money:
    """The amount without its sign: a credit in a column of credits."""
    found = money_from(value)
    return Money(found.currency, abs(found.amount))


def difference(line: OrderLine) -> str:
    """`−CNY 0.50 (−4.0 %)`: how far a line's unit price is from the list price."""
    listed, given = money_from(line.list_unit_price), money_from(line.unit_price)
    gap = given - listed
    if not gap.amount or not listed.amount:
        return NOTHING
    sign = "−" if gap.amount < 0 else "+"
    percent = abs(gap.amount) / listed.amount * 100
    return f"{sign}{money(Money(gap.currency, abs(gap.amount)))} ({sign}{percent:.1f} %)"


def role(value: "RoleMessage.ValueType") -> str:
    """`BUYER`: the name of a role as messages carry it."""
    return RoleMessage.Name(value)


def purposes(item: ValueAddedService) -> list[str]:
    """`["MASS_PRODUCTION"]`: what an order must be for to have a service."""
    return [Purpose.Name(number) for number in item.purposes]


def date_value(at: Timestamp) -> str:
    """`2026-01-31`: a moment's day, in UTC, as a date field wants it; empty for none."""
    moment = time_from(at)
    return moment.date().isoformat() if moment else ""


def install(environment: Environment) -> None:
    """Give templates these as filters, and `roles` to ask a visitor for."""
    for filter_ in (page_of, plain, positive, difference, role, purposes, date_value):
        environment.filters[filter_.__name__] = filter_
    environment.globals["roles"] = Role
