"""Events and people to test with. Say only what the test is about."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message as Proto
from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1 import events_pb2 as authorization
from millrun.notification.v1 import notification_pb2 as pb
from millrun.notification.v1.notification_pb2_grpc import NotificationServiceStub
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.ordering.v1.order_pb2 import PurchaseOrder

from services.notification.service import service
from shared.caller import Caller, Role
from shared.events import message_class
from shared.inbox import Inbox
from shared.kinds import CONTRACTS
from shared.testing.callers import caller
from shared.testing.golden import heard

ORDER = "enterprises/acme/orders/01930000-0000-7000-8000-000000000001"
BUYER = caller(Role.BUYER, account="accounts/buyer")
MANAGER = caller(Role.BUSINESS_MANAGER, account="accounts/manager")
ENGINEER = caller(Role.PROJECT_MANAGER, account="accounts/engineer")
FINANCE = caller(Role.FINANCE, account="accounts/finance")
FACTORY = caller(Role.PRODUCTION, account="accounts/factory")
CERTIFIER = caller(Role.CERTIFIER, account="accounts/certifier")
ADMINISTRATOR = caller(Role.ADMINISTRATOR, account="accounts/administrator")
EVERYBODY = (BUYER, MANAGER, ENGINEER, FINANCE, FACTORY, CERTIFIER, ADMINISTRATOR)

EVENTS = [
    message_class(message.full_name)
    for contract in CONTRACTS
    for message in contract.DESCRIPTOR.message_types_by_name.values()
]
"""All events there are."""

OF_ORDERS = [each for each in EVENTS if "order" in each.DESCRIPTOR.fields_by_name]


def order_submitted(order: str = ORDER) -> ordering.OrderSubmitted:
    """Return the event everything about an order begins with."""
    return ordering.OrderSubmitted(
        order=order,
        purchase_order=PurchaseOrder(
            order=order,
            order_no="MR-2026-000001",
            enterprise="enterprises/acme",
            enterprise_legal_name="Acme GmbH",
            buyer=BUYER.account,
            business_manager=MANAGER.account,
            project_manager=ENGINEER.account,
        ),
    )


def account_registered(who: Caller, *, phone: str = "") -> authorization.AccountRegistered:
    """Return the event by which a person is known."""
    roles = [account_pb2.Role.Value(each.name) for each in who.roles] if who.is_staff else []
    name = who.account.rpartition("/")[2]
    return authorization.AccountRegistered(
        account=who.account,
        email=f"{name}@example.com",
        display_name=name.title(),
        phone=phone,
        staff_roles=roles,
    )


def member_joined(who: Caller, enterprise: str = "acme") -> authorization.MemberJoined:
    """Return the event by which an account has roles in an enterprise."""
    return authorization.MemberJoined(
        enterprise=f"enterprises/{enterprise}",
        account=who.account,
        roles=[account_pb2.Role.Value(each.name) for each in who.roles],
    )


class Post:
    """The notification service, and what it hears: each event of an aggregate of its own."""

    def __init__(self, databases: Any, serving: Any, **settings: Any) -> None:
        given = service.settings(database_url=databases.access(service.name).app_url, **settings)
        self.database = databases(service, settings=given)
        self.served = serving(service, self.database, **settings)
        self.inbox = Inbox(self.database, service.reactions, service.name)
        self._told: Iterator[int] = iter(range(10**6))

    def hear(self, *events: Proto, enterprise: str = "", actor: str = "accounts/actor") -> None:
        """Hear of `events`, of the enterprise each names."""
        for event in events:
            about = getattr(event, "order", "") or getattr(event, "enterprise", "")
            space = enterprise or (about.split("/")[1] if about else "")
            of = f"enterprises/{space}/things/{next(self._told)}"
            self.inbox.receive([heard(event, aggregate=of, enterprise=space, actor=actor)])

    def meet(self, *people: Caller) -> None:
        """Hear of people, and of their membership."""
        for who in people:
            self.hear(account_registered(who))
            if not who.is_staff:
                self.hear(member_joined(who))

    def ask(self, who: Caller) -> Any:
        return self.served.stub(NotificationServiceStub, as_=who)

    def messages(self, who: Caller, **more: Any) -> Any:
        """Return what `who` was told, newest first."""
        return self.ask(who).ListMessages(pb.ListMessagesRequest(parent="accounts/me", **more))

    def subjects(self, who: Caller) -> list[str]:
        return [each.subject for each in self.messages(who).messages]

    def feed(self, who: Caller = BUYER, **more: Any) -> Any:
        """Return events of acme's orders, oldest first."""
        asked = pb.ListOrderEventsRequest(**{"parent": "enterprises/acme", **more})
        return self.ask(who).ListOrderEvents(asked)
