"""Orders confirmed, rejected, replaced, cancelled and held over gRPC."""

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering import wire
from services.ordering.api.roles import BUSINESS, MANAGERS, ORDERERS, TECHNICAL
from services.ordering.commands import life, review
from services.ordering.queries import Shown, show
from shared.caller import Caller
from shared.rpc import Servicer, command
from shared.wire import time_from


class ReviewRpcs(Servicer):
    """What becomes of a submitted order until its contract is signed."""

    @command(answer=wire.order_message, allow=BUSINESS)
    def ConfirmPrice(self, request: rpc.ConfirmPriceRequest, tx: Session, caller: Caller) -> Shown:
        order = review.confirm_price(
            tx,
            name=request.name,
            caller=caller,
            prices=wire.prices_from(request.prices),
            service_prices=wire.service_prices_from(request.service_prices),
            deposit_percent=request.deposit_percent,
            lead_time_days=request.lead_time_days,
            valid_until=time_from(request.valid_until),
            etag=request.etag,
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=TECHNICAL)
    def ConfirmSoftware(
        self, request: rpc.ConfirmSoftwareRequest, tx: Session, caller: Caller
    ) -> Shown:
        order = review.confirm_software(tx, name=request.name, caller=caller, etag=request.etag)
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=BUSINESS | TECHNICAL)
    def RejectOrder(self, request: rpc.RejectOrderRequest, tx: Session, caller: Caller) -> Shown:
        order = review.reject_order(
            tx, name=request.name, caller=caller, reason=request.reason, etag=request.etag
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=ORDERERS)
    def ReplaceOrder(self, request: rpc.ReplaceOrderRequest, tx: Session, caller: Caller) -> Shown:
        order = life.replace_order(tx, name=request.name, caller=caller, etag=request.etag)
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=ORDERERS)
    def CancelOrder(self, request: rpc.CancelOrderRequest, tx: Session, caller: Caller) -> Shown:
        order = life.cancel_order(
            tx, name=request.name, caller=caller, reason=request.reason, etag=request.etag
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=MANAGERS)
    def HoldOrder(self, request: rpc.HoldOrderRequest, tx: Session, caller: Caller) -> Shown:
        order = life.hold_order(
            tx, name=request.name, caller=caller, reason=request.reason, etag=request.etag
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=MANAGERS)
    def ReleaseOrder(self, request: rpc.ReleaseOrderRequest, tx: Session, caller: Caller) -> Shown:
        order = life.release_order(
            tx, name=request.name, caller=caller, reason=request.reason, etag=request.etag
        )
        return show(tx, caller, order)
