"""Which field of a form about prices a refusal is about, so that it stands beside it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from millrun.ordering.v1.order_pb2 import Order

from shared.errors import Malformed
from shared.web import Form

FIELDS: Mapping[str, str] = {
    "BAD_PRICE": "price_{line_no}",
    "PRICE_NEEDS_REASON": "why_{line_no}",
    "SERVICE_PRICE_NEEDS_REASON": "because_{line_no}_{place}",
    "BAD_DEPOSIT": "deposit_percent",
    "BAD_LEAD_TIME": "lead_time_days",
    "VALIDITY_OVER": "valid_until",
}
"""The field, by what is wrong; of a service by its place on the line, from 1."""


@contextmanager
def beside_its_field(form: Form, order: Callable[[], Order]) -> Iterator[None]:
    """Have what the block is refused with name the field of `form` it is about, if there is one.

    `order` reads the order, whose services a refusal calls as people do.
    """
    try:
        yield
    except Malformed as refusal:
        if refusal.reason in FIELDS and (field := _field_of(refusal, order)) in form:
            refusal.facts = {**refusal.facts, "field": field}
        raise


def _field_of(refusal: Malformed, order: Callable[[], Order]) -> str:
    facts = refusal.facts
    place = _place_of(facts, order()) if "service" in facts else 0
    return FIELDS[refusal.reason].format(**{"line_no": "", **facts, "place": place})


def _place_of(facts: Mapping[str, str], order: Order) -> int:
    for line in order.lines:
        if str(line.line_no) == facts.get("line_no"):
            names = [each.display_name for each in line.services]
            return names.index(facts["service"]) + 1 if facts["service"] in names else 0
    return 0
