"""Ordering over gRPC: ending an order that is signed."""

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering import queries, wire
from services.ordering.api.roles import BUSINESS, ORDERERS, READERS
from services.ordering.commands import ending
from services.ordering.domain.liability import Liability
from services.ordering.queries import Shown, show
from services.ordering.wire import changes
from shared.caller import Caller
from shared.rpc import Servicer, command, query


class EndingRpcs(Servicer):
    """What ending costs, who asked for it, and what was decided."""

    @query(answer=changes.liability_message, allow=READERS)
    def GetLiability(
        self, request: rpc.GetLiabilityRequest, tx: Session, caller: Caller
    ) -> Liability | None:
        return queries.get_liability(tx, name=request.name, caller=caller)

    @command(answer=wire.order_message, allow=ORDERERS)
    def RequestCancellation(
        self, request: rpc.RequestCancellationRequest, tx: Session, caller: Caller
    ) -> Shown:
        order = ending.request_cancellation(
            tx, name=request.name, caller=caller, reason=request.reason, etag=request.etag
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=ORDERERS)
    def WithdrawCancellation(
        self, request: rpc.WithdrawCancellationRequest, tx: Session, caller: Caller
    ) -> Shown:
        order = ending.withdraw_cancellation(
            tx, name=request.name, caller=caller, etag=request.etag
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=BUSINESS)
    def AcceptCancellation(
        self, request: rpc.AcceptCancellationRequest, tx: Session, caller: Caller
    ) -> Shown:
        order = ending.accept_cancellation(tx, name=request.name, caller=caller, etag=request.etag)
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=BUSINESS)
    def DeclineCancellation(
        self, request: rpc.DeclineCancellationRequest, tx: Session, caller: Caller
    ) -> Shown:
        order = ending.decline_cancellation(
            tx, name=request.name, caller=caller, reason=request.reason, etag=request.etag
        )
        return show(tx, caller, order)
