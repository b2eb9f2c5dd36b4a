"""What keeps a draft from being submitted, line by line, before anybody submits it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from services.ordering.domain.chart import Act
from services.ordering.domain.draft import refill
from services.ordering.domain.explaining import CERTIFICATION
from services.ordering.domain.line import OrderLine
from services.ordering.domain.offer import Assortment
from services.ordering.domain.order import Order
from services.ordering.domain.rules import Caps
from shared.errors import Refusal


class Obstacle(NamedTuple):
    """What a submit would be refused for."""

    why: Refusal
    line: OrderLine | None = None
    """The line it is about; none if it is about whoever orders."""


def obstacles(order: Order, *, assortment: Assortment, caps: Caps) -> list[Obstacle]:
    """Return what the catalogue and authorization have against a draft by now.

    Of each line the first thing a submit is refused for; the draft stays as it is. What is yet to
    be filled in is not looked at. Refuses with OrderCannotBe what is no draft.
    """
    order.insist(Act.SUBMIT)
    return [*_of_customer(assortment), *_of_lines(order, assortment, caps)]


def _of_customer(assortment: Assortment) -> Iterator[Obstacle]:
    try:
        assortment.customer.insist_certified()
    except CERTIFICATION as refusal:
        yield Obstacle(refusal)


def _of_lines(order: Order, assortment: Assortment, caps: Caps) -> Iterator[Obstacle]:
    for line in order.lines:
        try:
            refill(order, replace(line), assortment=assortment, caps=caps)
        except CERTIFICATION:
            continue  # That is said once, and the last that a line is refused for.
        except Refusal as refusal:
            yield Obstacle(refusal, line)
