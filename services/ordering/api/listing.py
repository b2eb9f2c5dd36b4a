"""Orders listed and exported over gRPC."""

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering import queries, wire
from services.ordering.api.roles import READERS
from services.ordering.queries import Shown
from services.ordering.wire.lists import format_from, is_by_line, wanted_from
from shared.caller import Caller
from shared.documents import Document
from shared.paging import Page
from shared.rpc import Servicer, download, query


class ListRpcs(Servicer):
    """Many orders at once."""

    @query(answer=wire.orders_message, allow=READERS)
    def ListOrders(
        self, request: rpc.ListOrdersRequest, tx: Session, caller: Caller
    ) -> Page[Shown]:
        return queries.list_orders(
            tx,
            parent=request.parent,
            caller=caller,
            wanted=wanted_from(request),
            size=request.page_size,
            token=request.page_token,
        )

    @download(allow=READERS)
    def ExportOrders(
        self, request: rpc.ExportOrdersRequest, tx: Session, caller: Caller
    ) -> Document:
        return queries.export_orders(
            tx,
            parent=request.parent,
            caller=caller,
            wanted=wanted_from(request),
            kind=format_from(request.format),
            by_line=is_by_line(request.rows),
        )
