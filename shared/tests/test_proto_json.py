"""Written by hand, it is what protobuf writes."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from google.protobuf import json_format
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money as MoneyMessage
from hypothesis import given
from hypothesis import strategies as st

from shared.money import Money
from shared.proto_json import of_moment, of_money

MOST = Decimal("9999999999.999999999")
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.decimals(min_value=-MOST, max_value=MOST, places=9))
def test_money_is_written_as_protobuf_writes_it(amount: Decimal) -> None:
    sign = -1 if amount < 0 else 1
    units, rest = divmod(abs(amount), 1)
    message = MoneyMessage(
        currency_code="CNY", units=sign * int(units), nanos=sign * int(rest * 10**9)
    )
    assert of_money(Money("CNY", amount)) == json_format.MessageToDict(message)


@given(st.integers(-(10**15), 10**17), ZONES)
def test_a_moment_is_written_as_protobuf_writes_it(microseconds: int, zone: timezone) -> None:
    at = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).astimezone(zone)
    message = Timestamp()
    message.FromDatetime(at)
    assert of_moment(at) == message.ToJsonString()


def test_a_moment_has_its_digits_in_threes() -> None:
    moments = [datetime(2026, 1, 2, 3, 4, 5, micros, UTC) for micros in (0, 6000, 6)]
    assert list(map(of_moment, moments)) == [
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.006Z",
        "2026-01-02T03:04:05.000006Z",
    ]
