"""What became of an imported file, out of protobuf."""

from collections import Counter
from collections.abc import Sequence

from millrun.catalog.v1 import catalog_pb2 as service_pb
from millrun.catalog.v1 import product_pb2 as pb

from services.catalog.commands.importing import Imported, Outcome


def imported_message(imported: Sequence[Imported]) -> service_pb.ImportProductsResponse:
    """Return what became of every line."""
    counts = Counter(each.outcome for each in imported)
    return service_pb.ImportProductsResponse(
        products=map(_line_message, imported),
        created_count=counts[Outcome.CREATED],
        changed_count=counts[Outcome.CHANGED],
        unchanged_count=counts[Outcome.UNCHANGED],
        refused_count=counts[Outcome.REFUSED],
    )


def _line_message(imported: Imported) -> pb.ImportedProduct:
    refusal = imported.refusal
    return pb.ImportedProduct(
        line=imported.line,
        pid=imported.pid,
        display_name=imported.display_name,
        outcome=pb.ImportedProduct.Outcome.Value(imported.outcome.name),
        reason=refusal.reason if refusal else "",
        message=str(refusal) if refusal else "",
        fix=refusal.remedy if refusal else "",
        facts=refusal.facts if refusal else {},
    )
