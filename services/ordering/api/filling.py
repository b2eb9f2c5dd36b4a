"""Ordering over gRPC: filling a draft with more than one line at a time, and what is in the way."""

from dataclasses import replace

from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.filling_pb2 import ImportedLine, LeftOutLine, Obstacle
from sqlalchemy.orm import Session

from services.ordering import queries, wire
from services.ordering.api.roles import ORDERERS
from services.ordering.asking import ask_assortment
from services.ordering.asking.finding import meant_by
from services.ordering.commands.importing import Imported, Sheet, import_order_lines
from services.ordering.commands.reordering import reorder_order
from services.ordering.domain import sheet
from services.ordering.domain.line import OrderLine
from services.ordering.domain.obstacles import Obstacle as InTheWay
from services.ordering.domain.offer import Assortment, Basket
from services.ordering.domain.reorder import Reordered
from services.ordering.domain.sheet import Row
from services.ordering.domain.words import Family
from services.ordering.queries import show
from services.ordering.queries.shown import Shown
from shared.caller import Caller
from shared.errors import Refusal
from shared.rpc import Servicer, command
from shared.storage import Scope


def _answer(made: tuple[Shown, Imported]) -> rpc.ImportOrderLinesResponse:
    shown, imported = made
    return rpc.ImportOrderLinesResponse(
        order=wire.order_message(shown),
        lines=[_line(row, refusal) for row, refusal in imported.rows],
    )


def _line(row: Row, refusal: Refusal | None) -> ImportedLine:
    said = ImportedLine(
        row=row.number, product=row.product, quantity=row.quantity, services=row.services
    )
    if refusal:
        told = ImportedLine(
            reason=refusal.reason, message=str(refusal), fix=refusal.remedy, facts=refusal.facts
        )
        said.MergeFrom(told)
    return said


def _reordered(made: tuple[Shown, Reordered]) -> rpc.ReorderOrderResponse:
    shown, reordered = made
    return rpc.ReorderOrderResponse(
        order=wire.order_message(shown),
        left_out=[_left_out(*each) for each in reordered.left_out],
    )


def _left_out(line: OrderLine, refusal: Refusal, service: str) -> LeftOutLine:
    return LeftOutLine(
        line_no=line.line_no,
        product=line.product,
        pid=line.pid,
        display_name=line.display_name,
        quantity=line.quantity,
        reason=refusal.reason,
        message=str(refusal),
        fix=refusal.remedy,
        facts=refusal.facts,
        service_display_name=service,
    )


def _obstacles(found: list[InTheWay]) -> rpc.ListObstaclesResponse:
    return rpc.ListObstaclesResponse(obstacles=map(_obstacle, found))


def _obstacle(found: InTheWay) -> Obstacle:
    why, line = found
    return Obstacle(
        line_no=line.line_no if line else 0,
        product=line.product if line else "",
        reason=why.reason,
        message=str(why),
        fix=why.remedy,
        facts=why.facts,
    )


class FillingRpcs(Servicer):
    """Lines from a spreadsheet, those of an earlier order, and those that cannot stay."""

    def _ask_for_rows(self, request: rpc.ImportOrderLinesRequest, caller: Caller) -> Sheet:
        with self.database.transaction(Scope.of(caller), read_only=True) as tx:
            basket = queries.basket_of(tx, name=request.name)
        rows = sheet.read(request.content, licensed=basket.family is Family.LICENSE)
        basket = replace(basket, services=any(row.services for row in rows))
        parent = f"enterprises/{caller.enterprise}"
        meant = meant_by(self.clients, parent, (row.product for row in rows if not row.refusal))
        named = [(meant.get(row.product), row.quantity) for row in rows if not row.refusal]
        lines = ((each, quantity) for each, quantity in named if isinstance(each, str))
        return Sheet(rows, meant, ask_assortment(self.clients, basket.having(lines)))

    @command(answer=_answer, allow=ORDERERS, ask=_ask_for_rows)
    def ImportOrderLines(
        self, request: rpc.ImportOrderLinesRequest, tx: Session, caller: Caller, asked: Sheet
    ) -> tuple[Shown, Imported]:
        imported = import_order_lines(
            tx,
            name=request.name,
            caller=caller,
            etag=request.etag,
            sheet=asked,
            dry_run=request.validate_only,
        )
        return show(tx, caller, imported.order), imported

    def _ask_for_lines(self, request: rpc.ReorderOrderRequest, caller: Caller) -> Assortment:
        return self._may_have(request.name, caller)

    def _ask_for_obstacles(self, request: rpc.ListObstaclesRequest, caller: Caller) -> Assortment:
        return self._may_have(request.name, caller)

    def _may_have(self, name: str, caller: Caller) -> Assortment:
        with self.database.transaction(Scope.of(caller), read_only=True) as tx:
            seen = queries.find_order(tx, name=name)
        # Of what others ordered nobody is asked: whoever may only read it is told so (R78).
        ours = seen is not None and caller.may_see(seen.enterprise)
        return ask_assortment(self.clients, seen.basket if seen and ours else Basket(None, {}))

    @command(answer=_reordered, allow=ORDERERS, ask=_ask_for_lines)
    def ReorderOrder(
        self, request: rpc.ReorderOrderRequest, tx: Session, caller: Caller, asked: Assortment
    ) -> tuple[Shown, Reordered]:
        made = reorder_order(
            tx,
            name=request.name,
            caller=caller,
            assortment=asked,
            dry_run=request.validate_only,
        )
        return show(tx, caller, made.order), made

    # It changes nothing; but only a command asks others before its transaction.
    @command(answer=_obstacles, allow=ORDERERS, ask=_ask_for_obstacles)
    def ListObstacles(
        self, request: rpc.ListObstaclesRequest, tx: Session, caller: Caller, asked: Assortment
    ) -> list[InTheWay]:
        return queries.list_obstacles(tx, name=request.name, caller=caller, assortment=asked)
