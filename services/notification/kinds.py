"""Which events there are, by how the feed calls them: `ordering.order.submitted`."""

from collections.abc import Collection

from millrun.authorization.v1 import events_pb2 as authorization
from millrun.catalog.v1 import events_pb2 as catalog
from millrun.contract.v1 import events_pb2 as contract
from millrun.fulfillment.v1 import events_pb2 as fulfillment
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.payment.v1 import events_pb2 as payment

from shared.events import routing_key

CONTRACTS = (authorization, catalog, contract, fulfillment, ordering, payment)

BY_KEY = {
    routing_key(message.full_name): message.full_name
    for each in CONTRACTS
    for message in each.DESCRIPTOR.message_types_by_name.values()
}
"""The full names of the events that can be heard."""


def meant(event_types: Collection[str]) -> list[str]:
    """Return the types of events that are followed by name or, as `ordering.order.*`, by group."""
    groups = tuple(each.removesuffix("*") for each in event_types if each.endswith("*"))
    named = {each for each in event_types if not each.endswith("*")}
    return sorted(named.union(each for each in BY_KEY if groups and each.startswith(groups)))
