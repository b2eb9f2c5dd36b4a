"""What notification does when it hears of something: it hears everything."""

from collections.abc import Mapping
from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1 import events_pb2 as authorization
from millrun.catalog.v1 import events_pb2 as catalog
from millrun.contract.v1 import events_pb2 as contract
from millrun.fulfillment.v1 import events_pb2 as fulfillment
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.ordering.v1.order_pb2 import PurchaseOrder
from millrun.payment.v1 import events_pb2 as payment
from sqlalchemy.orm import Session

from services.notification.commands import enter_contact, tell_people
from services.notification.domain.contact import Contact, OrderPeople
from services.notification.domain.notices import OF_ORDER
from services.notification.store import Contacts, Feed, one_at_a_time
from services.notification.wire import facts_of
from shared.events import Envelope, message_class, routing_key
from shared.names import enterprise_of
from shared.reactions import Reactions

reactions = Reactions()
CONTRACTS = (authorization, catalog, contract, fulfillment, ordering, payment)

_BY_KEY = {
    routing_key(message.full_name): message_class(message.full_name)
    for each in CONTRACTS
    for message in each.DESCRIPTOR.message_types_by_name.values()
}
"""The events that can be heard, by how the feed calls them."""


@reactions.to_all(*CONTRACTS, everything=True)
def pass_it_on(tx: Session, event: Message, heard: Envelope) -> None:
    """Add it to the feed if it is about an order, and tell the people concerned (R7, D6)."""
    one_at_a_time(tx)
    order: str = getattr(event, "order", "")
    if not order:
        about = heard.aggregate
        tell_people(
            tx, event=heard.routing_key, facts=facts_of(event), about=about, people=OrderPeople()
        )
        return
    number, people = Feed(tx).append(heard, order, _named_in(event))
    tell_people(
        tx, event=heard.routing_key, facts=_facts(event, people), about=order, people=people
    )
    if isinstance(event, ordering.OrderSubmitted) and number > 1:
        _catch_up(tx, order, number, people)


@reactions.to(authorization.AccountRegistered, everything=True)
def remember_how_to_reach(
    tx: Session, event: authorization.AccountRegistered, heard: Envelope
) -> None:
    """Know how to reach the person, and which of the vendor's roles they have."""
    roles = [account_pb2.Role.Name(each) for each in event.staff_roles]
    contact = Contact(
        account=event.account,
        email=event.email,
        phone=event.phone,
        display_name=event.display_name,
        staff_roles=roles,
    )
    enter_contact(tx, contact=contact)


@reactions.to(authorization.MemberJoined, everything=True)
def remember_member(tx: Session, event: authorization.MemberJoined, heard: Envelope) -> None:
    """Know what the account may do in the enterprise."""
    Contacts(tx).enter_member(
        enterprise=enterprise_of(event.enterprise),
        account=event.account,
        roles=[account_pb2.Role.Name(each) for each in event.roles],
    )


def _catch_up(tx: Session, order: str, number: int, people: OrderPeople) -> None:
    """Tell the people of an order, known only now, what other services told of it before."""
    for earlier in Feed(tx).of_order(order, enterprise=enterprise_of(order), before=number):
        tell_people(
            tx,
            event=earlier.type,
            facts=_facts(_opened(earlier.type, earlier.data), people),
            about=order,
            people=people,
            only=OF_ORDER,
        )


def _opened(type_: str, data: Mapping[str, Any]) -> Message:
    return ParseDict(dict(data), _BY_KEY[type_](), ignore_unknown_fields=True)


def _named_in(event: Message) -> OrderPeople:
    """Return what the event itself says of who has to do with the order."""
    ordered: PurchaseOrder | None = getattr(event, "purchase_order", None)
    if ordered is None:
        return OrderPeople(order_no=getattr(event, "order_no", ""))
    return OrderPeople(
        order_no=ordered.order_no,
        buyer=ordered.buyer,
        business_manager=ordered.business_manager,
        project_manager=ordered.project_manager,
    )


def _facts(event: Message, people: OrderPeople) -> dict[str, str]:
    ordered: PurchaseOrder | None = getattr(event, "purchase_order", None)
    more = facts_of(ordered) if ordered is not None else {}
    return more | facts_of(event) | {"order_no": people.order_no}
