"""Values go into protobuf and come out as they were."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money as MoneyMessage
from hypothesis import given
from hypothesis import strategies as st

from shared.money import Money
from shared.wire import (
    BadAmount,
    BadDate,
    BadTime,
    date_from,
    date_message,
    money_from,
    money_message,
    time_from,
    time_message,
)

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=9, allow_nan=False)


@given(st.sampled_from(["CNY", "EUR", "JPY"]), amounts)
def test_an_amount_comes_back_exactly(currency: str, amount: Decimal) -> None:
    money = Money(currency, amount)
    assert money_from(money_message(money)) == money


@given(st.sampled_from(["CNY", "JPY"]), amounts)
def test_units_and_nanos_have_one_sign(currency: str, amount: Decimal) -> None:
    message = money_message(Money(currency, amount))
    assert message.units * message.nanos >= 0
    assert abs(message.nanos) < 10**9


@pytest.mark.parametrize(
    "message",
    [
        MoneyMessage(),
        MoneyMessage(currency_code="yuan", units=1),
        MoneyMessage(currency_code="cny", units=1),
        MoneyMessage(currency_code="CNY", units=1, nanos=10**9),
        MoneyMessage(currency_code="CNY", units=1, nanos=-1),
        MoneyMessage(currency_code="CNY", units=-1, nanos=1),
    ],
    ids=str,
)
def test_what_is_no_amount_is_refused(message: MoneyMessage) -> None:
    with pytest.raises(BadAmount):
        money_from(message)


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.timestamp() != 0))
def test_a_moment_comes_back_in_utc(at: datetime) -> None:
    message = time_message(at)
    assert message is not None
    assert time_from(message) == at


def test_no_moment_leaves_a_field_unset() -> None:
    assert time_message(None) is None
    assert time_from(Timestamp()) is None


def test_a_moment_outside_the_calendar_is_refused() -> None:
    with pytest.raises(BadTime):
        time_from(Timestamp(seconds=2**60))


@given(st.dates())
def test_a_day_comes_back(day: date) -> None:
    message = date_message(day)
    assert message is not None
    assert date_from(message) == day


def test_no_day_leaves_a_field_unset() -> None:
    assert date_message(None) is None
    assert date_from(Date()) is None


def test_a_day_that_is_in_no_calendar_is_refused() -> None:
    with pytest.raises(BadDate):
        date_from(Date(year=2026, month=2, day=30))
