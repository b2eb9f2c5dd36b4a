"""Ordering over gRPC: changing what was submitted."""

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering import wire
from services.ordering.api.roles import BUSINESS, ORDERERS, TECHNICAL
from services.ordering.asking import ask_assortment, ask_burnt, ask_list
from services.ordering.commands import amending
from services.ordering.commands.amending import Changed
from services.ordering.domain.amendment import Change
from services.ordering.domain.offer import Assortment
from services.ordering.domain.order import Order
from services.ordering.queries import Shown, find_order, show
from services.ordering.store import knowing
from services.ordering.wire.asked import changes_from, firmware_in, raised
from shared.caller import Caller
from shared.rpc import Servicer, command
from shared.storage import Scope


class ChangingRpcs(Servicer):
    """What buyer and vendor ask each other to change, and agree to."""

    def _ask_for_changes(self, request: rpc.AmendOrderRequest, caller: Caller) -> list[Change]:
        order = self._seen(request.name, caller)
        more = raised(order, request.changes)
        if order is None or not more.lines:
            return changes_from(request.changes, order, Assortment.unknown(), {})
        assortment = self._knowing(order, ask_assortment(self.clients, more), caller)
        return changes_from(request.changes, order, assortment, {})

    def _ask_for_vendor(self, request: rpc.ProposeAmendmentRequest, caller: Caller) -> list[Change]:
        """Read what staff ask for: firmware and list prices are the catalogue's."""
        order = self._seen(request.name, caller)
        burnt = ask_burnt(self.clients, firmware_in(request.changes))
        assortment = Assortment.unknown()
        if order:
            more = raised(order, request.changes)
            listed = ask_list(self.clients, more, customer=f"enterprises/{order.enterprise}")
            assortment = self._knowing(order, listed, caller)
        return changes_from(request.changes, order, assortment, burnt, priced=True)

    def _knowing(self, order: Order, assortment: Assortment, caller: Caller) -> Assortment:
        with self.database.transaction(Scope.of(caller), read_only=True) as tx:
            return knowing(tx, assortment, order.enterprise, besides=order.id)

    def _seen(self, name: str, caller: Caller) -> Order | None:
        with self.database.transaction(Scope.of(caller), read_only=True) as tx:
            return find_order(tx, name=name)

    @command(answer=wire.order_message, allow=ORDERERS, ask=_ask_for_changes)
    def AmendOrder(
        self, request: rpc.AmendOrderRequest, tx: Session, caller: Caller, asked: list[Change]
    ) -> Shown:
        changed = amending.amend_order(
            tx,
            name=request.name,
            caller=caller,
            changes=asked,
            reason=request.reason,
            etag=request.etag,
        )
        return _shown(tx, caller, changed)

    @command(answer=wire.order_message, allow=BUSINESS | TECHNICAL, ask=_ask_for_vendor)
    def ProposeAmendment(
        self, request: rpc.ProposeAmendmentRequest, tx: Session, caller: Caller, asked: list[Change]
    ) -> Shown:
        changed = amending.propose_amendment(
            tx,
            name=request.name,
            caller=caller,
            changes=asked,
            reason=request.reason,
            service_prices=wire.service_prices_from(request.service_prices),
            etag=request.etag,
        )
        return _shown(tx, caller, changed)

    @command(answer=wire.order_message, allow=ORDERERS)
    def AcceptAmendment(
        self, request: rpc.AcceptAmendmentRequest, tx: Session, caller: Caller
    ) -> Shown:
        changed = amending.accept_amendment(tx, name=request.name, caller=caller, etag=request.etag)
        return _shown(tx, caller, changed)

    @command(answer=wire.order_message, allow=BUSINESS | TECHNICAL)
    def ConfirmAmendment(
        self, request: rpc.ConfirmAmendmentRequest, tx: Session, caller: Caller
    ) -> Shown:
        changed = amending.confirm_amendment(
            tx,
            name=request.name,
            caller=caller,
            prices=wire.prices_from(request.prices),
            service_prices=wire.service_prices_from(request.service_prices),
            etag=request.etag,
        )
        return _shown(tx, caller, changed)

    @command(answer=wire.order_message, allow=ORDERERS)
    def DeclineAmendment(
        self, request: rpc.DeclineAmendmentRequest, tx: Session, caller: Caller
    ) -> Shown:
        order = amending.decline_amendment(
            tx, name=request.name, caller=caller, reason=request.reason, etag=request.etag
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=BUSINESS | TECHNICAL)
    def RejectAmendment(
        self, request: rpc.RejectAmendmentRequest, tx: Session, caller: Caller
    ) -> Shown:
        order = amending.reject_amendment(
            tx, name=request.name, caller=caller, reason=request.reason, etag=request.etag
        )
        return show(tx, caller, order)


def _shown(tx: Session, caller: Caller, changed: Changed) -> Shown:
    order, meant = changed
    return show(tx, caller, order, meant)
