"""What notification does when it hears of something: it hears everything."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1 import events_pb2 as authorization
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.ordering.v1.order_pb2 import PurchaseOrder
from sqlalchemy.orm import Session

from services.notification.commands import News, enter_contact, tell_people
from services.notification.domain.contact import Contact, OrderPeople
from services.notification.domain.notices import OF_ORDER
from services.notification.store import Contacts, Feed, one_at_a_time
from services.notification.wire import differences_of, facts_of
from shared.events import Envelope, routing_key
from shared.kinds import BY_KEY, CONTRACTS
from shared.names import enterprise_of
from shared.reactions import Reactions

reactions = Reactions()
SUBMITTED = routing_key(ordering.OrderSubmitted.DESCRIPTOR.full_name)


@reactions.together(*CONTRACTS)
def pass_them_on(tx: Session, heard: Sequence[Envelope]) -> None:
    """Add to the feed what is about orders, and tell the people concerned (R7, D6)."""
    one_at_a_time(tx)
    told: list[News] = []
    for wave in waves(heard):
        people = Feed(tx).append([(each, _named_in(each.data)) for each in wave if _order(each)])
        for each in wave:
            told += _news(tx, each, *people.get(_order(each), (0, OrderPeople())))
    tell_people(tx, told)


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


@reactions.to(authorization.MemberLeft, everything=True)
def forget_member(tx: Session, event: authorization.MemberLeft, heard: Envelope) -> None:
    """Tell who left nothing any more that is for the enterprise's people."""
    Contacts(tx).forget_member(enterprise=enterprise_of(event.enterprise), account=event.account)


def waves(heard: Sequence[Envelope]) -> Iterator[list[Envelope]]:
    """Yield `heard` in its order, in as few parts as have each order only once."""
    wave: list[Envelope] = []
    orders: set[str] = set()
    for each in heard:
        if (order := _order(each)) in orders:
            yield wave
            wave, orders = [], set()
        wave.append(each)
        orders |= {order} - {""}
    yield wave


def _news(tx: Session, heard: Envelope, number: int, people: OrderPeople) -> Iterator[News]:
    """Yield what there is to tell about an event, the one with `number` of its order."""
    order, type_ = _order(heard), heard.routing_key
    yield News(
        event=type_,
        facts=_facts(type_, heard.data, people),
        about=order or heard.aggregate,
        people=people,
        addendum=bool(heard.data.get("addendum")),
        ordered=_ordered(heard.data),
    )
    if type_ == SUBMITTED and number > 1:
        yield from _caught_up(tx, order, number, people)


def _caught_up(tx: Session, order: str, number: int, people: OrderPeople) -> Iterator[News]:
    """Yield for the people of an order, known only now, what other services told of it before."""
    for earlier in Feed(tx).of_order(order, enterprise=enterprise_of(order), before=number):
        yield News(
            event=earlier.type,
            facts=_facts(earlier.type, earlier.data, people),
            about=order,
            people=people,
            only=OF_ORDER,
            addendum=bool(earlier.data.get("addendum")),
            ordered=_ordered(earlier.data),
        )


def _order(heard: Envelope) -> str:
    """Return the order an event is about; nothing if it is about none."""
    return str(heard.data.get("order", ""))


def _named_in(data: Mapping[str, Any]) -> OrderPeople:
    """Return what the event itself says of who has to do with the order."""
    ordered = data.get("purchaseOrder")
    if ordered is None:
        return OrderPeople(order_no=data.get("orderNo", ""))
    return OrderPeople(
        order_no=ordered.get("orderNo", ""),
        buyer=ordered.get("buyer", ""),
        business_manager=ordered.get("businessManager", ""),
        project_manager=ordered.get("projectManager", ""),
    )


def _ordered(data: Mapping[str, Any]) -> list[str]:
    """Return what the order is for and of which family, as far as the event says."""
    ordered = data.get("purchaseOrder", {})
    return [ordered.get(name, "") for name in ("purpose", "family")]


def _facts(type_: str, data: Mapping[str, Any], people: OrderPeople) -> dict[str, str]:
    ordered = data.get("purchaseOrder")
    more = facts_of(PurchaseOrder.DESCRIPTOR.full_name, ordered) if ordered is not None else {}
    named = {"order_no": people.order_no} if people.order_no else {}
    return more | facts_of(BY_KEY[type_], data) | named | differences_of(data)
