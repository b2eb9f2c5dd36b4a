"""Changes to test with, asked for by either side."""

from datetime import timedelta
from typing import Any

from services.ordering.domain import amending, ending
from services.ordering.domain.amending import Outcome
from services.ordering.domain.amendment import Burnt, Change, Field
from services.ordering.domain.liability import Stage
from services.ordering.domain.line_service import LineService
from services.ordering.domain.order import Order
from services.ordering.domain.service_offer import ServiceOffer
from services.ordering.domain.words import Party
from services.ordering.tests.builders import BM, BUYER, PM, a_service, an_address, an_invoice_title

VALIDITY = timedelta(days=30)
PERCENTAGES = {
    Stage.CONFIRMED: 0,
    Stage.SIGNED: 5,
    Stage.DEPOSIT_PAID: 10,
    Stage.IN_PRODUCTION: 60,
    Stage.READY: 100,
}
ACTING = {Party.BUYER: BUYER, Party.BUSINESS_MANAGER: BM, Party.PROJECT_MANAGER: PM}
NEWER = Burnt(firmware="modules/wb3s/firmware/f2", version="2.5.0", digest="sha256:" + "cd" * 32)


def to_quantity(line_no: int, quantity: int, **more: Any) -> Change:
    return Change(field=Field.QUANTITY, line_no=line_no, quantity=quantity, **more)


def to_services(line_no: int, *services: LineService) -> Change:
    return Change(field=Field.SERVICES, line_no=line_no, services=services)


def labels_on(order: Order, line_no: int, offer: ServiceOffer | None = None) -> LineService:
    """Return labels as they are sold for a line now."""
    return (offer or a_service()).on(order.line(line_no), order.purpose)


def without(line_no: int) -> Change:
    return Change(field=Field.LINE_REMOVED, line_no=line_no)


def to_firmware(line_no: int, burnt: Burnt = NEWER) -> Change:
    return Change(field=Field.FIRMWARE, line_no=line_no, firmware=burnt)


def to_address(**parts: str) -> Change:
    return Change(field=Field.DELIVERY_ADDRESS, address=an_address(**parts))


def to_title(**parts: Any) -> Change:
    return Change(field=Field.INVOICE_TITLE, invoice_title=an_invoice_title(**parts))


def to_date(day: str) -> Change:
    return Change(field=Field.DELIVERY_DATE, delivery_date=day)


def amend(order: Order, *changes: Change, party: Party = Party.BUYER, **more: Any) -> Outcome:
    return amending.propose(
        order,
        by=ACTING[party],
        party=party,
        changes=changes,
        reason="The customer needs it so.",
        validity=VALIDITY,
        **more,
    )


def propose(
    order: Order, *changes: Change, party: Party = Party.BUSINESS_MANAGER, **more: Any
) -> Outcome:
    return amend(order, *changes, party=party, **more)


def agree(order: Order, party: Party, **more: Any) -> Outcome:
    return amending.agree(order, by=ACTING[party], party=party, validity=VALIDITY, **more)


def ask_to_cancel(order: Order) -> None:
    ending.request(order, by=BUYER, reason="Not needed any more.", percentages=PERCENTAGES)
