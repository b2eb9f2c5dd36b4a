"""How money comes, and which ways an order may take (R71, R72)."""

from enum import Enum


class Channel(Enum):
    """Online or offline; one of them an order (R72, A4)."""

    ONLINE = "online"
    OFFLINE = "offline"


class Method(Enum):
    """How money comes."""

    ONLINE_BANKING = "online banking"
    THIRD_PARTY_PLATFORM = "a third-party platform"
    OFFLINE_TRANSFER = "bank transfer"

    @property
    def channel(self) -> Channel:
        """Online or offline."""
        return Channel.OFFLINE if self is Method.OFFLINE_TRANSFER else Channel.ONLINE


OFFERED = frozenset({Method.OFFLINE_TRANSFER})
"""What this installation can take; online methods need a provider, and none is connected yet."""


def permitted(channel: Channel | None, *, special_invoice: bool) -> frozenset[Method]:
    """Return the methods the rules leave for an order whose payments so far came by `channel`."""
    return frozenset(
        method
        for method in Method
        if channel in {None, method.channel}
        and not (special_invoice and method is Method.THIRD_PARTY_PLATFORM)
    )
