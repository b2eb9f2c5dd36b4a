"""All that can have a price, for choices and for what things are called."""

from collections.abc import Mapping

from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub

from shared.web import Part
from shared.web.together import Question

SHELF: Mapping[str, Question] = {
    "modules": (CatalogServiceStub, "ListModules", pb.ListModulesRequest(page_size=200)),
    "license_types": (
        CatalogServiceStub,
        "ListLicenseTypes",
        pb.ListLicenseTypesRequest(page_size=200),
    ),
    "value_added_services": (
        CatalogServiceStub,
        "ListValueAddedServices",
        pb.ListValueAddedServicesRequest(page_size=200),
    ),
}
"""What is asked to know it; the keys are the fields of the answers."""


def names_of(parts: Mapping[str, Part]) -> dict[str, str]:
    """Return what everything that can have a price is called, by name."""
    answers = {field: parts[field].answer for field in SHELF}
    return {
        item.name: item.display_name
        for field, answer in answers.items()
        if answer is not None
        for item in getattr(answer, field)
    }
