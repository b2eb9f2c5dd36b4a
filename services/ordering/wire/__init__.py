"""Orders in and out of protobuf."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from google.protobuf.descriptor import EnumDescriptor
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2
from millrun.ordering.v1.attachment_pb2 import Attachment as AttachmentMessage
from millrun.ordering.v1.duplicate_pb2 import Duplicate as DuplicateMessage

from services.ordering.domain.attachment import Attachment
from services.ordering.domain.draft import Wanted
from services.ordering.domain.duplicates import Duplicate
from services.ordering.domain.form import Address, InvoiceTitle, InvoiceType, OrderForm
from services.ordering.domain.line import OrderLine
from services.ordering.domain.line_service import PARTS, LineService, ServicePrice
from services.ordering.domain.order import Order
from services.ordering.domain.purchase_order import Terms
from services.ordering.domain.words import Family, Purpose
from services.ordering.queries import Shown
from services.ordering.wire.changes import amendment_message, cancellation_message
from shared.clock import now
from shared.errors import Malformed
from shared.money import Money
from shared.paging import Page
from shared.wire import money_from, money_message, time_message


class UnknownValue(Malformed):
    """{number} is not a value of {enum}."""

    fix = "Send one of the values the API describes."


def order_message(shown: Shown) -> pb.Order:
    """Return an order with everything, as far as it is shown."""
    order: Order = shown.order
    message = head_message(shown)
    message.lines.extend(line_message(line, priced=shown.priced) for line in order.lines)
    if shown.priced:
        message.attachments.extend(map(attachment_message, order.attachments))
        amended = shown.meaning.lines if shown.meaning else ()
        message.amended_lines.extend(line_message(line, priced=True) for line in amended)
    earliest = order.earliest_day(now().date())
    message.earliest_delivery_date = earliest.isoformat() if earliest else ""
    return message


def orders_message(page: Page[Shown]) -> ordering_pb2.ListOrdersResponse:
    """Return a page of orders, without their lines."""
    return ordering_pb2.ListOrdersResponse(
        orders=map(head_message, page.items), next_page_token=page.next_token
    )


def head_message(shown: Shown) -> pb.Order:
    """Return an order without its lines."""
    order = shown.order
    priced = shown.priced and bool(order.currency)
    return pb.Order(
        name=f"enterprises/{order.enterprise}/orders/{order.id}",
        order_no=order.order_no,
        state=order.state.name,
        purpose=order.purpose.name,
        family=order.family.name,
        owner=f"enterprises/{order.owner}" if order.owner else "",
        form=form_message(order.form, invoiced=shown.priced),
        total=money_message(Money(order.currency, order.total_amount)) if priced else None,
        gates=pb.Gates(**{name: gate.name for name, gate in vars(order.gates).items()}),
        waiting_on=_waiting_message(order, shown.due_at) if order.waiting_on else None,
        hold=_hold_message(order) if order.holds else None,
        snapshot_digest=order.snapshot_digest,
        buyer=order.buyer,
        enterprise_legal_name=order.enterprise_legal_name,
        business_manager=order.business_manager,
        business_manager_display_name=order.business_manager_display_name,
        business_manager_email=order.business_manager_email,
        project_manager=order.project_manager,
        terms=_terms_message(order.terms) if order.terms else None,
        settled=money_message(Money(order.currency, order.settled_amount)) if priced else None,
        contract=order.contract,
        close_reason=order.close_reason,
        replaces=order.replaces,
        replaced_by=order.replaced_by,
        create_time=time_message(order.created_at),
        submit_time=time_message(order.submitted_at),
        update_time=time_message(order.updated_at),
        etag=str(order.version),
        hotline=shown.hotline,
        revision=order.revision,
        amendment=amendment_message(shown.meaning, priced=priced) if shown.meaning else None,
        cancellation=cancellation_message(order) if order.cancellation and shown.priced else None,
        addendum_open=order.addendum_open,
    )


def attachment_message(attachment: Attachment) -> AttachmentMessage:
    """Return a file of an order, without what is in it."""
    at = time_message(attachment.attach_time)
    return AttachmentMessage(**vars(attachment) | {"attach_time": at})


def line_message(line: OrderLine, *, priced: bool) -> pb.OrderLine:
    """Return a line, with its prices if they are shown."""
    return pb.OrderLine(
        line_no=line.line_no,
        product=line.product,
        quantity=line.quantity,
        pid=line.pid,
        display_name=line.display_name,
        model=line.model,
        module=line.module,
        module_display_name=line.module_display_name,
        firmware=line.firmware,
        firmware_version=line.firmware_version,
        firmware_digest=line.firmware_digest,
        list_unit_price=money_message(line.list_unit_price) if priced else None,
        unit_price=money_message(line.unit_price) if priced else None,
        amount=money_message(line.amount) if priced else None,
        finished_quantity=line.finished_quantity,
        shipped_quantity=line.shipped_quantity,
        received_quantity=line.received_quantity,
        price_reason=line.price_reason if priced else "",
        license_type=line.license_type,
        license_type_display_name=line.license_type_display_name,
        services=[
            service_message(service, line.quantity, priced=priced) for service in line.services
        ],
    )


def service_message(service: LineService, quantity: int, *, priced: bool) -> pb.OrderLineService:
    """Return a service on a line of `quantity`, with its prices if they are shown."""
    known: dict[str, Any] = {
        name: money_message(value) if isinstance(value, Money) else value
        for name, value in vars(service.as_ordered(quantity, priced=priced)).items()
    }
    return pb.OrderLineService(**known)


def wanted_from(line: pb.OrderLine) -> Wanted:
    """Read what somebody wants a line of."""
    return Wanted(
        product=line.product,
        quantity=line.quantity,
        license_type=line.license_type,
        services=[each.service for each in line.services],
    )


def form_message(form: OrderForm, *, invoiced: bool = True) -> pb.OrderForm:
    """Return what was filled in; the invoice title, with its bank account, only if `invoiced`."""
    title = form.invoice_title if invoiced else None
    return pb.OrderForm(
        po_no=form.po_no,
        customer_batch_no=form.customer_batch_no,
        model_no=form.model_no,
        material_model=form.material_model,
        delivery_address=pb.Address(**vars(form.delivery_address))
        if form.delivery_address
        else None,
        invoice_title=title_message(title) if title else None,
        remarks=form.remarks,
        requested_delivery_date=form.requested_delivery_date,
    )


def title_message(title: InvoiceTitle) -> pb.InvoiceTitle:
    """Return whom and how to invoice."""
    return pb.InvoiceTitle(**vars(title) | {"type": title.type.name if title.type else 0})


def form_from(message: pb.OrderForm) -> OrderForm:
    """Read an order form; it may have gaps."""
    address = message.delivery_address
    return OrderForm(
        po_no=message.po_no,
        customer_batch_no=message.customer_batch_no,
        model_no=message.model_no,
        material_model=message.material_model,
        delivery_address=address_from(address),
        invoice_title=title_from(message.invoice_title)
        if message.HasField("invoice_title")
        else None,
        remarks=message.remarks,
        requested_delivery_date=message.requested_delivery_date,
    )


def address_from(address: pb.Address) -> Address:
    """Read an address; it may have gaps."""
    return Address(**{name: getattr(address, name) for name in _ADDRESS})


def title_from(title: pb.InvoiceTitle) -> InvoiceTitle:
    """Read whom and how to invoice; it may have gaps."""
    kind = title.type and InvoiceType[name_of(pb.InvoiceTitle.Type.DESCRIPTOR, title.type)]
    return InvoiceTitle(type=kind or None, **{name: getattr(title, name) for name in _TITLE})


_ADDRESS = tuple(pb.Address.DESCRIPTOR.fields_by_name)
_TITLE = tuple(name for name in pb.InvoiceTitle.DESCRIPTOR.fields_by_name if name != "type")


def duplicates_message(alike: Sequence[Duplicate]) -> ordering_pb2.ListDuplicatesResponse:
    """Return the earlier orders one looks like."""
    return ordering_pb2.ListDuplicatesResponse(
        duplicates=[
            DuplicateMessage(
                name=each.name,
                order_no=each.order_no,
                buyer=each.buyer,
                submit_time=time_message(each.submitted_at),
                lines=[DuplicateMessage.Line(**vars(line)) for line in each.lines],
            )
            for each in alike
        ]
    )


def purpose_from(number: int) -> Purpose:
    """Read what something is ordered for."""
    return Purpose[name_of(pb.Purpose.DESCRIPTOR, number)]


def purpose_message(purpose: Purpose | None) -> "pb.Purpose.ValueType":
    """Return what something is ordered for; unspecified for nothing said."""
    return pb.Purpose.Value(purpose.name if purpose else "PURPOSE_UNSPECIFIED")


def family_from(number: int) -> Family:
    """Read what kind of thing is ordered; hardware modules if unset."""
    return Family[name_of(pb.Family.DESCRIPTOR, number)] if number else Family.HARDWARE_MODULE


def prices_from(prices: Iterable[ordering_pb2.LinePrice]) -> list[tuple[int, Money, str]]:
    """Read confirmed prices with their reasons, by line number."""
    return [(price.line_no, money_from(price.unit_price), price.reason) for price in prices]


def service_prices_from(prices: Iterable[ordering_pb2.ServicePrice]) -> list[ServicePrice]:
    """Read confirmed prices of services with their reasons; what is unset is as listed."""
    return [
        ServicePrice(
            line_no=price.line_no,
            service=price.service,
            reason=price.reason,
            **{
                field.name: money_from(value)
                for field, value in price.ListFields()
                if field.name in PARTS
            },
        )
        for price in prices
    ]


def _waiting_message(order: Any, due_at: datetime | None) -> pb.WaitingOn:
    return pb.WaitingOn(
        party=order.waiting_on.name,
        task=order.waiting_task,
        since=time_message(order.waiting_since),
        due_time=time_message(due_at),
        overdue=due_at is not None and due_at < now(),
    )


def _terms_message(terms: Terms) -> pb.Terms:
    return pb.Terms(
        deposit_percent=terms.deposit_percent,
        lead_time_days=terms.lead_time_days,
        valid_until=time_message(terms.valid_until),
    )


def _hold_message(order: Any) -> pb.Hold:
    first = order.holds[0]
    return pb.Hold(reason=first.reason, actor=first.actor, since=time_message(first.since))


def name_of(enum: EnumDescriptor, number: int) -> str:
    """Return the name of an enum's value; UnknownValue for one that says nothing."""
    value = enum.values_by_number.get(number)
    if value is None or number == 0:
        raise UnknownValue(number=number, enum=enum.name)
    return str(value.name)
