"""How a difference between two states of an order reads: which field, how it was, how it is."""

import re

from jinja2 import Environment
from markupsafe import Markup

from shared.web.formats import NOTHING, amounts, quantity, short, when, words
from shared.web.text import _

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*Z")
CODE = re.compile(r"[A-Z]+(_[A-Z]+)+")


def field(name: str) -> str:
    """`form.delivery_address.street` as a person says it: `Delivery address · Street`."""
    parts = [part for part in name.split(".") if part != "form"]
    return " · ".join(words(part) for part in parts)


def line(number: int) -> str:
    """Which line it is about; nothing if it is about none."""
    return _("Line %(number)s", number=number) if number else ""


def value(text: str, field: str = "") -> str | Markup:
    """One side of a difference: amounts, times, digests and states as they look everywhere."""
    if field.endswith("quantity") and text.isdigit():
        return quantity(int(text))
    if (amount := amounts(text)) != text:
        return amount
    if MOMENT.fullmatch(text):
        return when(text)
    if CODE.fullmatch(text):
        return words(text)
    return short(text) if text.startswith("sha256:") else text or NOTHING


def install(environment: Environment) -> None:
    """Give templates these as filters: `different_field`, `different_line`, `different_value`."""
    for filter_ in (field, line, value):
        environment.filters[f"different_{filter_.__name__}"] = filter_
