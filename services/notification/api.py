"""Notification over gRPC."""

from functools import cached_property
from typing import cast

import grpc
from millrun.notification.v1 import notification_pb2 as pb
from millrun.notification.v1 import notification_pb2_grpc as pb_grpc
from sqlalchemy.orm import Session

from services.notification import commands, queries
from services.notification.domain.feed import OrderEvent
from services.notification.domain.message import Message
from services.notification.sending import Courier
from services.notification.settings import NotificationSettings
from services.notification.wire import (
    events_message,
    message_message,
    messages_message,
    nothing,
    read_message,
)
from shared.caller import ANY_ROLE, Caller, Role
from shared.paging import Page
from shared.rpc import SIGNED_IN, Servicer, command, query
from shared.service import Runtime


def _taken(self: "NotificationService", request: pb.SendMailRequest, caller: Caller) -> None:
    self.courier.take(
        caller=caller, address=request.address, subject=request.subject, text=request.text
    )


class NotificationService(Servicer, pb_grpc.NotificationServiceServicer):
    """What people are told, and what partner systems follow."""

    @cached_property
    def courier(self) -> Courier:
        """Who sends what is not kept."""
        return Courier(cast(NotificationSettings, self.settings).channels)

    @query(answer=messages_message, allow=SIGNED_IN)
    def ListMessages(
        self, request: pb.ListMessagesRequest, tx: Session, caller: Caller
    ) -> queries.Inbox:
        return queries.list_messages(
            tx,
            parent=request.parent,
            caller=caller,
            unread_only=request.unread_only,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=message_message, allow=SIGNED_IN)
    def ReadMessage(self, request: pb.ReadMessageRequest, tx: Session, caller: Caller) -> Message:
        return commands.read_message(tx, name=request.name, caller=caller)

    @command(answer=read_message, allow=SIGNED_IN)
    def ReadMessages(self, request: pb.ReadMessagesRequest, tx: Session, caller: Caller) -> int:
        return commands.read_messages(
            tx, parent=request.parent, newest=request.newest, caller=caller
        )

    @command(answer=nothing, allow=SIGNED_IN, ask=_taken)
    def SendMail(
        self, request: pb.SendMailRequest, tx: Session, caller: Caller, taken: None
    ) -> None:
        return None

    @query(answer=events_message, allow=ANY_ROLE | {Role.PARTNER})
    def ListOrderEvents(
        self, request: pb.ListOrderEventsRequest, tx: Session, caller: Caller
    ) -> Page[OrderEvent]:
        return queries.list_order_events(
            tx,
            parent=request.parent,
            caller=caller,
            order=request.order,
            size=request.page_size,
            token=request.page_token,
        )


def register(server: grpc.Server, runtime: Runtime) -> None:
    """Have `server` answer for notification."""
    pb_grpc.add_NotificationServiceServicer_to_server(NotificationService(runtime), server)
