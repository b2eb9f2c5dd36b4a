"""The firmware of modules, however much there is."""

from collections.abc import Iterable

from millrun.catalog.v1.catalog_pb2 import ListFirmwareRequest
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from starlette.requests import Request

from services.console.whole import whole
from shared.web import Part
from shared.web.together import Question

AT_ONCE = 200
"""As many as the catalogue returns at once."""


def every_firmware(request: Request, modules: Iterable[str]) -> dict[str, Part]:
    """Return what the catalogue answers about the firmware of each module, by the module's name."""
    asked: dict[str, Question] = {
        module: (
            CatalogServiceStub,
            "ListFirmware",
            ListFirmwareRequest(parent=module, page_size=AT_ONCE),
        )
        for module in modules
    }
    return whole(request, **asked)
