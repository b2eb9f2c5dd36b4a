"""What a change of an order consists of: typed fields, how they were and how they will be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from services.ordering.domain.form import Address, InvoiceTitle, OrderForm
from services.ordering.domain.line import OrderLine
from services.ordering.domain.line_service import PARTS, LineService, ServicePrice, confirmed
from services.ordering.domain.words import Party, Word
from shared.money import Money

if TYPE_CHECKING:
    from services.ordering.domain.order import Order


class Field(Word):
    """What of an order can be changed after it was submitted; the value is how people call it."""

    QUANTITY = "the quantity"
    SERVICES = "the services"
    LINE_REMOVED = "the lines"
    FIRMWARE = "the firmware"
    DELIVERY_DATE = "the delivery date"
    DELIVERY_ADDRESS = "the delivery address"
    INVOICE_TITLE = "the invoice title"


@dataclass(frozen=True, kw_only=True)
class Burnt:
    """A firmware as the catalogue knows it."""

    firmware: str
    version: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is to be different."""

    field: Field
    line_no: int = 0
    quantity: int = 0
    price: Decimal | None = None
    """Of one unit from now on; None for as it was."""

    price_reason: str = ""
    list_price: Decimal | None = None
    services: tuple[LineService, ...] = ()
    """All services the line has from now on; for another quantity, its services as then listed."""

    service_prices: tuple[ServicePrice, ...] = ()
    firmware: Burnt | None = None
    delivery_date: str = ""
    address: Address | None = None
    invoice_title: InvoiceTitle | None = None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A change somebody asked for, and who agreed to it so far."""

    by: str
    party: Party
    reason: str
    since: datetime
    changes: tuple[Change, ...]
    agreed: tuple[Party, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One field that is different now; the fields are those of the event's."""

    line_no: int
    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a change does to money."""

    total_before: Money
    total_after: Money
    deposit_before: Money | None
    """None while no deposit is agreed on."""

    deposit_after: Money | None
    settled: Money


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a change is about: what would be different, who has to agree, what it costs."""

    proposal: Proposal
    changes: tuple[Changed, ...]
    awaits: tuple[Party, ...]
    """Who has yet to agree, the next one first."""

    effect: Effect
    addendum: bool
    """Whether an addendum is enough where both signed."""

    to_be_signed: bool
    """Whether something has to be signed for it."""

    lines: tuple[OrderLine, ...] = ()
    """Those with another quantity or other services, as they would be: they may be priced."""


def changed_lines(lines: Iterable[OrderLine], changes: Collection[Change]) -> list[OrderLine]:
    """Return the lines as they will be; those that stay as they are, are the same objects."""
    known = {line.line_no: line for line in lines}
    for change in changes:
        line = known.get(change.line_no)
        if line is None:
            continue
        if change.field is Field.LINE_REMOVED:
            del known[line.line_no]
        elif change.field is Field.QUANTITY:
            known[line.line_no] = _requantified(line, change)
        elif change.field is Field.SERVICES:
            known[line.line_no] = replace(line, services=_kept(line, change.services))
        elif change.firmware is not None:
            known[line.line_no] = replace(
                line,
                firmware=change.firmware.firmware,
                firmware_version=change.firmware.version,
                firmware_digest=change.firmware.digest,
            )
    for price in (price for change in changes for price in change.service_prices):
        if line := known.get(price.line_no):
            services = confirmed(line.services, price)
            known[line.line_no] = replace(line, services=services)
    return list(known.values())


def _kept(line: OrderLine, services: tuple[LineService, ...]) -> tuple[LineService, ...]:
    """Return `services`; those that are on the line already are as they were agreed on."""
    there = {each.service: each for each in line.services}
    return tuple(there.get(each.service, each) for each in services)


def _requantified(line: OrderLine, change: Change) -> OrderLine:
    listed = line.list_price if change.list_price is None else change.list_price
    # A price that was agreed on stays; the list price follows the list.
    usual = listed if line.price == line.list_price else line.price
    price = usual if change.price is None else change.price
    reason = change.price_reason or (line.price_reason if price == line.price else "")
    now = {each.service: each for each in change.services}
    return replace(
        line,
        quantity=change.quantity,
        list_price=listed,
        price=price,
        price_reason=reason,
        services=tuple(each.relisted(now.get(each.service, each)) for each in line.services),
    )


def changed_form(form: OrderForm, changes: Iterable[Change]) -> OrderForm:
    """Return the form as it will be."""
    for change in changes:
        if change.field is Field.DELIVERY_ADDRESS and change.address:
            form = replace(form, delivery_address=change.address)
        elif change.field is Field.INVOICE_TITLE:
            form = replace(form, invoice_title=change.invoice_title)
        elif change.field is Field.DELIVERY_DATE:
            form = replace(form, requested_delivery_date=change.delivery_date)
    return form


def differences(before: Order, lines: list[OrderLine], form: OrderForm) -> tuple[Changed, ...]:
    """Return, field by field, what is different between an order and its lines and form to be."""
    return tuple(_lines_differ(before.lines, lines)) + tuple(_forms_differ(before.form, form))


LINE_FIELDS = ("quantity", "firmware_version", "firmware_digest", "unit_price")


def plain(money: Money) -> str:
    """Return an amount as differences say it: `1234.50 CNY`."""
    whole, _, fraction = f"{money.amount:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')} {money.currency}"


def _lines_differ(before: list[OrderLine], after: list[OrderLine]) -> Iterator[Changed]:
    now = {line.line_no: line for line in after}
    for line in before:
        other = now.get(line.line_no)
        if other is None:
            yield Changed(line_no=line.line_no, field="line", before=line.pid, after="")
            continue
        for name in LINE_FIELDS:
            if (was := getattr(line, name)) != (will := getattr(other, name)):
                yield Changed(
                    line_no=line.line_no, field=name, before=_said(was), after=_said(will)
                )
        yield from _services_differ(line, other)


def _services_differ(before: OrderLine, after: OrderLine) -> Iterator[Changed]:
    """Yield each service that comes or goes, as `services.labels`, and prices that are others."""
    was, will = ({each.service: each for each in line.services} for line in (before, after))
    for name in dict.fromkeys([*was, *will]):
        old, new = was.get(name), will.get(name)
        path = f"services.{name.rpartition('/')[2]}"
        if old and new:
            yield from _prices_differ(before.line_no, path, old, new)
        else:
            shown = (old.display_name if old else "", new.display_name if new else "")
            yield Changed(line_no=before.line_no, field=path, before=shown[0], after=shown[1])


def _prices_differ(
    line_no: int, path: str, old: LineService, new: LineService
) -> Iterator[Changed]:
    for part in PARTS:
        was, will = old.part(old.agreed, part), new.part(new.agreed, part)
        if was != will:
            yield Changed(
                line_no=line_no, field=f"{path}.{part}", before=_said(was), after=_said(will)
            )


def _forms_differ(before: OrderForm, after: OrderForm) -> Iterator[Changed]:
    for each in fields(OrderForm):
        was, will = getattr(before, each.name), getattr(after, each.name)
        if was != will:
            yield Changed(
                line_no=0, field=f"form.{each.name}", before=_said(was), after=_said(will)
            )


def _said(value: object) -> str:
    """Return a value on one line; an address or a title, part by part."""
    if isinstance(value, Money):
        return plain(value)
    if not is_dataclass(value):
        return "" if value is None else str(value)
    parts = (getattr(value, each.name) for each in fields(value))
    return ", ".join(str(part.name if isinstance(part, Enum) else part) for part in parts if part)
