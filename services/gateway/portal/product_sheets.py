"""Products as files: exported as listed, imported after a look at what becomes of each line."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from millrun.catalog.v1.catalog_pb2 import (
    ExportProductsRequest,
    ImportProductsRequest,
    ImportProductsResponse,
)
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.product_pb2 import ImportedProduct
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.finding import filters
from services.gateway.portal.space import CUSTOMERS, DEVELOPERS, own
from shared.errors import Malformed
from shared.web import Form, Pages, _, call, page, redirect
from shared.web.files import file
from shared.web.refusals import refused

pages = Pages(Path(__file__).parent)

COLUMNS = (
    "pid",
    "display_name",
    "model",
    "customer_name",
    "notes",
    "module",
    "firmware_version",
    "panel",
    "data_points",
)


class NoSheet(Malformed):
    """No file was chosen, in the field {field}."""

    fix = "Choose the CSV file and send it again."


class SheetNotReadable(Malformed):
    """The file is not text in UTF-8."""

    fix = "Save it from the spreadsheet program as CSV UTF-8 and import it again."


@dataclass(frozen=True)
class Line:
    """A line of the file as it is shown."""

    product: ImportedProduct
    message: str
    fix: str


@pages.get("/products/export", roles=CUSTOMERS)
def export_products(request: Request) -> Response:
    """Return the products as they are listed, as a file."""
    asked = ExportProductsRequest(parent=own(request), **filters(request))
    called = f"products-{datetime.now(UTC):%Y-%m-%d}"
    return file(call(request, CatalogServiceStub, "ExportProducts", asked), called)


@pages.get("/products/import", roles=DEVELOPERS)
def show_import(request: Request) -> Response:
    """Ask for the file and say what it looks like."""
    return page(request, "product_import.html", columns=COLUMNS)


@pages.post("/products/import", roles=DEVELOPERS, again=show_import)
def import_products(request: Request, form: Form) -> Response:
    """Show what would become of every line; once that was confirmed, import it."""
    content = _content(form)
    asked = ImportProductsRequest(
        parent=own(request),
        content=content.encode(),
        request_id=form["request_id"],
        validate_only=not form["confirmed"],
    )
    found = call(request, CatalogServiceStub, "ImportProducts", asked)
    if form["confirmed"]:
        done = _(
            "Imported: %(created)s created, %(changed)s changed, %(unchanged)s as they were.",
            created=found.created_count,
            changed=found.changed_count,
            unchanged=found.unchanged_count,
        )
        return redirect(request, "/products", done)
    return _preview(request, found, content)


def _content(form: Form) -> str:
    """Return the text of the file, just chosen or shown before."""
    upload = form.upload("file")
    if upload is None:
        if not form["content"]:
            raise NoSheet(field="file")
        return form["content"]
    wide = upload.content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return upload.content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise SheetNotReadable(field="file") from None


def _preview(request: Request, found: ImportProductsResponse, content: str) -> Response:
    lines = [
        Line(
            each,
            refused("refusal", each.reason, each.facts, each.message),
            refused("fix", each.reason, each.facts, each.fix),
        )
        for each in found.products
    ]
    changing = found.created_count + found.changed_count
    return page(
        request,
        "product_import_preview.html",
        found=found,
        # What has to be mended comes first; the rest in the order of the file.
        lines=sorted(lines, key=lambda line: line.product.outcome != ImportedProduct.REFUSED),
        content=content,
        possible=not found.refused_count and changing,
    )
