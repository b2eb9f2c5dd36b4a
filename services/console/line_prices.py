"""Prices of lines and of the services on them, as they are typed beside each."""

from collections.abc import Iterator

from millrun.ordering.v1.ordering_pb2 import LinePrice, ServicePrice

from services.console.reading import amount
from shared.web import Form
from shared.web.form import whole_number


def line_prices(form: Form) -> Iterator[LinePrice]:
    """Yield the price of one unit of each line that has a field for it."""
    for field in form:
        kind, _separator, number = field.partition("_")
        if kind == "price" and number.isdigit():
            price = amount(form, field, form["currency"])
            reason = form[f"why_{number}"]
            yield LinePrice(line_no=int(number), unit_price=price, reason=reason)


PARTS = {"unit": "unit_price", "order": "price_per_order", "setup": "setup_fee"}
"""What a price of a service consists of, by the field of the form."""


def service_prices(form: Form) -> Iterator[ServicePrice]:
    """Yield the price of each service the form names, part by part."""
    for field in form:
        kind, _separator, at = field.partition("_")
        if kind == "service":
            given = {
                part: amount(form, f"{short}_{at}", form["currency"])
                for short, part in PARTS.items()
                if form[f"{short}_{at}"]
            }
            line_no, reason = whole_number(at.partition("_")[0]), form[f"because_{at}"]
            yield ServicePrice(line_no=line_no, service=form[field], reason=reason, **given)
