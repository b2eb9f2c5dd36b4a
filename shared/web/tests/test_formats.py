"""How values look."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money as MoneyMessage
from hypothesis import given
from hypothesis import strategies as st
from millrun.authorization.v1.account_pb2 import Role
from millrun.authorization.v1.authorization_pb2 import ListStaffRequest

from shared.money import Money
from shared.web import formats, text
from shared.web.form import Form, NumberNotUnderstood
from shared.web.typed import AmountNotUnderstood, amount_of
from shared.wire import money_message

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_money_is_exact_and_names_its_currency() -> None:
    assert formats.money(Money("CNY", Decimal("1234567.8"))) == "CNY\u00a01,234,567.80"
    assert formats.money(Money("JPY", Decimal("1200"))) == "JPY\u00a01,200"
    assert formats.money(Money("CNY", Decimal("0.1234"))) == "CNY\u00a00.1234"
    assert formats.money(MoneyMessage()) == formats.money(None) == "–"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_money_from_a_message_reads_as_the_amount_itself(amount: Decimal) -> None:
    money = Money("CNY", amount)
    assert formats.money(money_message(money)) == formats.money(money)
    assert Decimal(formats.money(money)[4:].replace(",", "")) == amount


def test_times_are_utc_and_readable_by_machines() -> None:
    at = Timestamp()
    at.FromDatetime(NOON)
    assert formats.when(at) == (
        '<time datetime="2026-03-04T12:00:00+00:00" title="2026-03-04 12:00:00 UTC">'
        "2026-03-04 12:00 UTC</time>"
    )
    assert formats.when(Timestamp()) == formats.when(None) == "–"
    assert "2026-03-04 04:00 UTC" in formats.when("2026-03-04T12:00:00+08:00")


def test_days_are_days() -> None:
    assert ">2026-03-04<" in formats.day(Date(year=2026, month=3, day=4))
    assert formats.day(date(2026, 3, 4)) == formats.day(Date(year=2026, month=3, day=4))
    assert formats.day(Date()) == "–"


@time_machine.travel(NOON, tick=False)
def test_how_long_ago_is_said_in_the_readers_language() -> None:
    assert ">3 days<" in formats.since(NOON - timedelta(days=3))
    chosen = text.language.set("zh")
    try:
        assert "3" in formats.since(NOON - timedelta(days=3))
        assert "天" in formats.since(NOON - timedelta(days=3))
    finally:
        text.language.reset(chosen)


def test_states_are_words() -> None:
    assert formats.enum(ListStaffRequest(role=Role.BUSINESS_MANAGER), "role") == "BUSINESS_MANAGER"
    assert formats.enum(ListStaffRequest(), "role") == ""
    assert formats.words("BUYER_SIGNED") == "Buyer signed"
    assert formats.words("") == ""


def test_a_form_reads_what_is_there_and_nothing_else() -> None:
    form = Form({"quantity": ["1,200"], "product": ["a", "b"]})
    assert form.number("quantity") == 1200
    assert form.number("other") == 0
    assert form["other"] == ""
    assert "other" not in form
    assert form.all("product") == ["a", "b"]


@pytest.mark.parametrize("typed", ["-1", "1.5", "30 %", "4e2", "١", "9" * 10, "9" * 30])
def test_what_is_no_whole_number_is_not_taken_for_nothing(typed: str) -> None:
    with pytest.raises(NumberNotUnderstood) as refused:
        Form({"n": [typed]}).number("n")
    assert refused.value.facts["field"] == "n"


@pytest.mark.parametrize(
    "typed", ["1e3", "1_0", "9,99", "9" * 16, "1.0000000001", "NaN", "-", ".", ""]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(AmountNotUnderstood):
        amount_of(typed, "price", "CNY")


@pytest.mark.parametrize(
    ("typed", "units"), [("0012", 12), ("1,200", 1200), ("5.", 5), ("１２", 12), ("-3", -3)]
)
def test_an_amount_is_read_as_people_write_it(typed: str, units: int) -> None:
    assert amount_of(typed, "price", "CNY").units == units


def test_only_what_is_short_enough_for_its_place_stays_on_one_line() -> None:
    for short in ("MR-2026-000123", "RF86MR2026000029D", "批次-甲-01"):
        assert "unbroken" in formats.unbroken(short)
    for long in ("PO-2026/11-Hangzhou-000123-A", "采购单-2026-11-滨江-0001/补"):
        assert formats.unbroken(long) == f'<span class="broken">{long}</span>'
    assert "<b>" not in formats.unbroken("<b>" * 9)


def test_research_and_development_is_spelt_as_people_do() -> None:
    assert formats.words("RND_SAMPLE") == "R&D sample"
    assert formats.within(formats.words("RND_SAMPLE")) == "R&D sample"
    assert formats.within(formats.words("MASS_PRODUCTION")) == "mass production"


def test_amounts_in_sentences_look_as_on_pages_and_all_else_stays() -> None:
    assert formats.amounts("12,345.60 CNY") == "CNY\u00a012,345.60"
    assert formats.amounts("1,200 JPY") == "JPY\u00a01,200"
    for other in ("CNY", "2.4.1", "300 pieces", "3 ABCD", ""):
        assert formats.amounts(other) == other


def test_countries_are_called_by_their_names(chinese: None) -> None:
    assert formats.country("CN") == "中国"
    assert formats.country("xx") == "xx"
