"""Orders read, drafted and submitted over gRPC."""

from dataclasses import replace

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering import queries, wire
from services.ordering.api.roles import ORDERERS, READERS
from services.ordering.asking import ask_assortment
from services.ordering.commands import draft
from services.ordering.domain.duplicates import Duplicate
from services.ordering.domain.offer import Assortment, Basket
from services.ordering.domain.order import Order
from services.ordering.queries import Shown, show
from shared.caller import Caller
from shared.rpc import Servicer, command, query
from shared.storage import Scope
from shared.wire import money_from


class OrderRpcs(Servicer):
    """What a buyer does with a draft, and who reads orders."""

    def _ask_for_draft(self, request: rpc.CreateOrderRequest, caller: Caller) -> Assortment:
        order = request.order
        purpose, family = wire.purpose_from(order.purpose), wire.family_from(order.family)
        lines = ((line.product, line.quantity) for line in order.lines)
        on_top = any(line.services for line in order.lines)
        basket = Basket(purpose, {}, family, on_top).having(lines)
        return ask_assortment(self.clients, basket, recalling=True)

    def _ask_for_product(self, request: rpc.AddOrderLineRequest, caller: Caller) -> Assortment:
        basket = self._basket(request.name, caller)
        lines, on_top = {request.line.product: request.line.quantity}, bool(request.line.services)
        basket = replace(basket, lines=lines, services=on_top)
        return ask_assortment(self.clients, basket, recalling=True)

    def _ask_for_line(self, request: rpc.ChangeOrderLineRequest, caller: Caller) -> Assortment:
        basket = self._basket(request.name, caller, line_no=request.line_no)
        lines = dict.fromkeys(basket.lines, request.quantity)
        return ask_assortment(self.clients, replace(basket, lines=lines), recalling=True)

    def _ask_for_services(
        self, request: rpc.ChangeOrderLineServicesRequest, caller: Caller
    ) -> Assortment:
        basket = self._basket(request.name, caller, line_no=request.line_no)
        basket = replace(basket, services=bool(request.services))
        return ask_assortment(self.clients, basket, recalling=True)

    def _ask_for_order(
        self, request: rpc.SubmitOrderRequest, caller: Caller
    ) -> tuple[Order | None, Assortment]:
        mine = Scope.of(caller)
        with self.database.transaction(mine, read_only=True, planned_once=True) as tx:
            seen = queries.find_order(tx, name=request.name)
        basket = seen.basket if seen else Basket(None, {})
        # Whoever may only read it (R78) is told so by the order, not asked what they may take.
        ours = seen is not None and bool(seen.lines) and caller.may_see(seen.enterprise)
        assortment = ask_assortment(
            self.clients,
            basket,
            order=request.name if ours else "",
            dry_run=request.validate_only,
            recalling=True,
        )
        return seen, assortment

    def _basket(self, name: str, caller: Caller, *, line_no: int = 0) -> Basket:
        with self.database.transaction(Scope.of(caller), read_only=True) as tx:
            return queries.basket_of(tx, name=name, line_no=line_no)

    @command(answer=wire.order_message, allow=ORDERERS, ask=_ask_for_draft)
    def CreateOrder(
        self, request: rpc.CreateOrderRequest, tx: Session, caller: Caller, asked: Assortment
    ) -> Shown:
        order = draft.create_order(
            tx,
            parent=request.parent,
            caller=caller,
            purpose=wire.purpose_from(request.order.purpose),
            family=wire.family_from(request.order.family),
            form=wire.form_from(request.order.form),
            wanted=map(wire.wanted_from, request.order.lines),
            assortment=asked,
        )
        return show(tx, caller, order)

    @query(answer=wire.order_message, allow=READERS, planned_once=True)
    def GetOrder(self, request: rpc.GetOrderRequest, tx: Session, caller: Caller) -> Shown:
        return queries.get_order(tx, name=request.name, caller=caller)

    @command(answer=wire.order_message, allow=ORDERERS, ask=_ask_for_product)
    def AddOrderLine(
        self, request: rpc.AddOrderLineRequest, tx: Session, caller: Caller, asked: Assortment
    ) -> Shown:
        order = draft.add_order_line(
            tx,
            name=request.name,
            caller=caller,
            wanted=wire.wanted_from(request.line),
            etag=request.etag,
            assortment=asked,
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=ORDERERS, ask=_ask_for_line)
    def ChangeOrderLine(
        self, request: rpc.ChangeOrderLineRequest, tx: Session, caller: Caller, asked: Assortment
    ) -> Shown:
        order = draft.change_order_line(
            tx,
            name=request.name,
            caller=caller,
            line_no=request.line_no,
            quantity=request.quantity,
            etag=request.etag,
            assortment=asked,
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=ORDERERS, ask=_ask_for_services)
    def ChangeOrderLineServices(
        self,
        request: rpc.ChangeOrderLineServicesRequest,
        tx: Session,
        caller: Caller,
        asked: Assortment,
    ) -> Shown:
        order = draft.change_order_line_services(
            tx,
            name=request.name,
            caller=caller,
            line_no=request.line_no,
            services=request.services,
            etag=request.etag,
            assortment=asked,
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=ORDERERS)
    def RemoveOrderLine(
        self, request: rpc.RemoveOrderLineRequest, tx: Session, caller: Caller
    ) -> Shown:
        order = draft.remove_order_line(
            tx, name=request.name, caller=caller, line_no=request.line_no, etag=request.etag
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=ORDERERS)
    def SaveOrderForm(
        self, request: rpc.SaveOrderFormRequest, tx: Session, caller: Caller
    ) -> Shown:
        order = draft.save_order_form(
            tx,
            name=request.name,
            caller=caller,
            form=wire.form_from(request.form),
            etag=request.etag,
        )
        return show(tx, caller, order)

    @command(answer=wire.order_message, allow=ORDERERS, ask=_ask_for_order)
    def SubmitOrder(
        self,
        request: rpc.SubmitOrderRequest,
        tx: Session,
        caller: Caller,
        asked: tuple[Order | None, Assortment],
    ) -> Shown:
        seen, assortment = asked
        order = draft.submit_order(
            tx,
            name=request.name,
            caller=caller,
            seen=seen,
            form=wire.form_from(request.form) if request.HasField("form") else None,
            etag=request.etag,
            acknowledged=request.acknowledged_duplicates,
            expected=money_from(request.expected_total)
            if request.HasField("expected_total")
            else None,
            assortment=assortment,
        )
        return show(tx, caller, order)

    @query(answer=wire.duplicates_message, allow=ORDERERS)
    def ListDuplicates(
        self, request: rpc.ListDuplicatesRequest, tx: Session, caller: Caller
    ) -> list[Duplicate]:
        form = wire.form_from(request.form) if request.HasField("form") else None
        return queries.list_duplicates(tx, name=request.name, caller=caller, form=form)
