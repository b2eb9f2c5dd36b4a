"""Which events there are, by how the feed calls them: `ordering.order.submitted`."""

from collections.abc import Collection
from difflib import get_close_matches

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

FOLLOWED = frozenset(
    routing_key(message.full_name)
    for each in CONTRACTS
    for message in each.DESCRIPTOR.message_types_by_name.values()
    if "order" in message.fields_by_name
)
"""What the feed can tell of: events that are about an order."""

FOLLOWABLE = FOLLOWED | {f"{each.rpartition('.')[0]}.*" for each in FOLLOWED}
"""What of the feed can be asked for: a type, or `payment.payment.*` for all of a kind."""


def meant(event_types: Collection[str]) -> list[str]:
    """Return the types of events that are followed by name or, as `ordering.order.*`, by group."""
    groups = tuple(each.removesuffix("*") for each in event_types if each.endswith("*"))
    named = {each for each in event_types if not each.endswith("*")}
    return sorted(named.union(each for each in BY_KEY if groups and each.startswith(groups)))


def nearest(event_type: str) -> list[str]:
    """Return what may have been meant by a type that cannot be followed, the likeliest first."""
    return get_close_matches(event_type.strip().lower(), sorted(FOLLOWABLE), n=3, cutoff=0)
