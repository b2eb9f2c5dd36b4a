"""Where a request came from: the address the connection has, not what somebody says it is.

Only a proxy of ours may say on whose behalf it asks, in `X-Forwarded-For`; whatever stands there to
the left of what our own proxies added was written by the caller and is worth nothing.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def networks(said: str) -> tuple[Network, ...]:
    """Read `10.0.0.0/8, fd00::/8`; ValueError if one is no network."""
    return tuple(ip_network(each.strip()) for each in said.split(",") if each.strip())


def network_of(request: Request, proxies: Sequence[Network]) -> str:
    """Return the address a request came from; empty if the connection has none."""
    address = _read(request.client.host if request.client else "")
    said = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    while address and any(address in each for each in proxies):
        further = _read(said.pop()) if said else None
        if further is None:
            break
        address = further
    return str(address or "")


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
