"""What the vendor's people decide about a purchase intention."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.ordering.domain import review
from services.ordering.domain.errors import PriceGivenTwice, ServicePriceGivenTwice
from services.ordering.domain.line_service import ServicePrice
from services.ordering.domain.order import Order
from services.ordering.settings import ours
from services.ordering.store import Orders, retired_among
from shared.caller import Caller
from shared.money import Money


def confirm_price(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    prices: Iterable[tuple[int, Money, str]],
    service_prices: Sequence[ServicePrice],
    deposit_percent: int,
    lead_time_days: int,
    valid_until: datetime | None,
    etag: str,
) -> Order:
    """Confirm price and quantity (transition 4)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    agreed = review.terms(
        order,
        deposit_percent=deposit_percent,
        lead_time_days=lead_time_days,
        valid_until=valid_until,
        usual=ours(tx).usual,
    )
    review.confirm_price(
        order,
        by=caller.account,
        deputy_of=caller.deputy_of,
        prices=by_line(prices),
        service_prices=each_once(service_prices),
        agreed=agreed,
    )
    return order


def confirm_software(tx: Session, *, name: str, caller: Caller, etag: str) -> Order:
    """Confirm the software (transition 5)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    retired = retired_among(tx, (line.firmware for line in order.lines))
    review.confirm_software(
        order,
        by=caller.account,
        deputy_of=caller.deputy_of,
        retired=retired,
        patience=ours(tx).patience,
    )
    return order


def reject_order(tx: Session, *, name: str, caller: Caller, reason: str, etag: str) -> Order:
    """Send an order back (transition 7)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    review.reject(order, by=caller.account, deputy_of=caller.deputy_of, reason=reason)
    return order


def by_line(prices: Iterable[tuple[int, Money, str]]) -> Mapping[int, tuple[Money, str]]:
    """Return prices and their reasons by line number; PriceGivenTwice for a line with two."""
    given: dict[int, tuple[Money, str]] = {}
    for line_no, price, reason in prices:
        if line_no in given:
            raise PriceGivenTwice(line_no=line_no)
        given[line_no] = price, reason
    return given


def each_once(prices: Sequence[ServicePrice]) -> Sequence[ServicePrice]:
    """Return prices of services; ServicePriceGivenTwice for one of a line that has two."""
    given: set[tuple[int, str]] = set()
    for price in prices:
        if (key := (price.line_no, price.service)) in given:
            service = price.service.rpartition("/")[2]
            raise ServicePriceGivenTwice(service=service, line_no=price.line_no)
        given.add(key)
    return prices
