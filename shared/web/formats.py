"""How values look on a page: one way for money, quantities, times, states and digests."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast
from unicodedata import east_asian_width

from babel import Locale
from babel.dates import format_timedelta
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money as MoneyMessage
from jinja2 import Environment
from markupsafe import Markup

from shared.clock import now
from shared.money import MINOR_DIGITS, Money
from shared.web.text import gettext, language

AMOUNT = re.compile(r"(-?[\d,]+(?:\.\d+)?) ([A-Z]{3})")
"""An amount of money as services say it in a sentence."""

WIDEST_UNBROKEN = 22
"""How many Latin letters are as wide as the narrowest place of a number."""

RND = "R&D"
"""Research and development, which names in the API cannot spell."""

NOTHING = Markup("–")
"""What stands where there is no value."""


def money(value: Money | MoneyMessage | None) -> str:
    """`CNY 12,345.60`: the currency's code, then the exact amount; finer digits are kept."""
    if value is None or (isinstance(value, MoneyMessage) and not value.currency_code):
        return NOTHING
    if isinstance(value, MoneyMessage):
        exact = Decimal(value.units) + Decimal(value.nanos).scaleb(-9)
        value = Money(value.currency_code, exact)
    digits = MINOR_DIGITS.get(value.currency, 2)
    exponent = cast(int, value.amount.normalize().as_tuple().exponent)
    return f"{value.currency}\u00a0{value.amount:,.{max(digits, -exponent)}f}"


def amounts(fact: str) -> str:
    """Return `12,345.60 CNY`, as services say an amount, as pages do; all else as it is."""
    found = AMOUNT.fullmatch(fact)
    return money(Money(found[2], Decimal(found[1].replace(",", "")))) if found else fact


def quantity(value: int | None) -> str:
    """`12,000`."""
    return NOTHING if value is None else f"{value:,}"


def moment(value: Timestamp | datetime | str | None) -> datetime | None:
    """Return a time as Python knows it, in UTC; None for one that was never set."""
    if isinstance(value, Timestamp):
        return value.ToDatetime(UTC) if value.seconds else None
    if isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC) if value else None
    return value.astimezone(UTC) if value else None


def when(value: Timestamp | datetime | str | None) -> Markup:
    """`2026-03-04 14:05 UTC`, readable by machines too."""
    at = moment(value)
    return _time(at, f"{at:%Y-%m-%d %H:%M} UTC") if at else NOTHING


def day(value: Date | Timestamp | datetime | date | str | None) -> Markup:
    """`2026-03-04`."""
    if isinstance(value, Date):
        value = date(value.year, value.month, value.day) if value.year else None
    if isinstance(value, date) and not isinstance(value, datetime):
        return Markup('<time datetime="{0}">{0}</time>').format(value.isoformat())
    at = moment(value)
    return _time(at, f"{at:%Y-%m-%d}") if at else NOTHING


def since(value: Timestamp | datetime | str | None) -> Markup:
    """`3 days`: how long ago that was; the exact time shows when pointed at."""
    at = moment(value)
    if at is None:
        return NOTHING
    gone = max(0, int((now() - at).total_seconds()))
    return _time(at, format_timedelta(gone, locale=language.get()))


def short(digest: str, length: int = 12) -> str:
    """The beginning of a digest, as printed on papers."""
    return digest.removeprefix("sha256:")[:length]


def last(name: str) -> str:
    """The last part of a resource name: `0190…` of `enterprises/acme/orders/0190…`."""
    return name.rpartition("/")[2]


def unbroken(number: str) -> Markup:
    """A number of an order or a paper, such as `MR-2026-000123`: never over two lines.

    A longer one, as customers give their orders, would be wider than where it stands; a table gives
    it no more room than the rest of it leaves.
    """
    if _width(number) > WIDEST_UNBROKEN:
        return Markup('<span class="broken">{}</span>').format(number)
    return Markup('<span class="unbroken">{}</span>').format(number) if number else NOTHING


def _width(text: str) -> int:
    """Return how many Latin letters are as wide as `text`; a Chinese sign is as wide as two."""
    return sum(2 if east_asian_width(each) in "FW" else 1 for each in text)


def enum(message: Message, field: str) -> str:
    """Name of the enum value in `field`: `BUYER_SIGNED`; its type's prefix is left away.

    One that was never set has none.
    """
    described = message.DESCRIPTOR.fields_by_name[field].enum_type
    assert described is not None, f"{field} is not an enum"
    value: Any = described.values_by_number.get(getattr(message, field))
    if value is None or value.number == 0:
        return ""
    words = described.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return cast(str, value.name).removeprefix(words)


def words(state: str) -> str:
    """`BUYER_SIGNED` as a person says it, in the reader's language: `Buyer signed`."""
    return gettext(state.replace("_", " ").capitalize().replace("Rnd", RND))


def within(said: str) -> str:
    """The same within a sentence: `for mass production`, `for R&D sample`."""
    return said if said.startswith(RND) else said.lower()


def country(code: str) -> str:
    """`China` for `CN`, in the reader's language; a code that is none as it is."""
    return str(Locale(language.get()).territories.get(code, code))


def _time(at: datetime, text: str) -> Markup:
    return Markup('<time datetime="{}" title="{:%Y-%m-%d %H:%M:%S} UTC">{}</time>').format(
        at.isoformat(), at, text
    )


def install(environment: Environment) -> None:
    """Give templates these as filters."""
    texts = (short, last, unbroken, enum, words, within, country)
    for filter_ in (money, quantity, when, day, since, *texts):
        environment.filters[filter_.__name__] = filter_
