"""Products as files, over gRPC."""

from collections.abc import Sequence

from millrun.catalog.v1 import catalog_pb2 as pb
from sqlalchemy.orm import Session

from services.catalog.api.roles import DEVELOPERS
from services.catalog.commands.importing import Imported, import_products
from services.catalog.queries.exporting import export_products
from services.catalog.wire.products import wanted_from
from services.catalog.wire.sheets import imported_message
from shared.caller import ANY_ROLE, Caller
from shared.documents import Document
from shared.rpc import Servicer, command, download


class SheetRpcs(Servicer):
    """Many products at once."""

    @download(allow=ANY_ROLE)
    def ExportProducts(
        self, request: pb.ExportProductsRequest, tx: Session, caller: Caller
    ) -> Document:
        return export_products(
            tx, caller=caller, parent=request.parent, wanted=wanted_from(request, caller)
        )

    @command(answer=imported_message, allow=DEVELOPERS)
    def ImportProducts(
        self, request: pb.ImportProductsRequest, tx: Session, caller: Caller
    ) -> Sequence[Imported]:
        return import_products(
            tx,
            caller=caller,
            parent=request.parent,
            content=request.content,
            dry_run=request.validate_only,
        )
