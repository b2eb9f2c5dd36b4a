"""The catalog service: what there is to run."""

from millrun.catalog.v1 import events_pb2

from services.catalog.reactions import reactions
from services.catalog.settings import CatalogSettings
from shared.service import Service

service = Service(
    name="catalog",
    events=events_pb2,
    api="services.catalog.api",
    settings=CatalogSettings,
    remembered=True,
    reactions=reactions,
)
