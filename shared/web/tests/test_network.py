"""Where a request came from cannot be made up by who sends it (reliability §4)."""

import pytest
from starlette.requests import Request

from shared.web.network import network_of, networks
from shared.web.settings import EdgeSettings

PROXIES = networks("10.0.0.0/8, fd00::/8")


def a_request(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    client = (peer, 50000) if peer else None
    return Request({"type": "http", "headers": headers, "client": client})


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        ("10.0.0.5", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.5", ["192.0.2.1, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.5", ["192.0.2.1, 203.0.113.9, 10.1.1.1"], "203.0.113.9"),
        ("10.0.0.5", ["192.0.2.1", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.5", [], "10.0.0.5"),
        ("10.0.0.5", ["10.1.1.1"], "10.1.1.1"),
        ("10.0.0.5", ["203.0.113.9, not an address"], "10.0.0.5"),
        ("fd00::1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.0.0.5", ["203.0.113.9"], "203.0.113.9"),
        ("::ffff:198.51.100.7", [], "198.51.100.7"),
        (None, ["203.0.113.9"], ""),
        ("testclient", ["203.0.113.9"], ""),
    ],
)
def test_only_our_own_proxies_are_believed(
    peer: str | None, forwarded: list[str], network: str
) -> None:
    assert network_of(a_request(peer, *forwarded), PROXIES) == network


def test_nobody_is_believed_unless_it_is_set() -> None:
    assert EdgeSettings().proxies == ()
    assert network_of(a_request("127.0.0.1", "203.0.113.9"), ()) == "127.0.0.1"


def test_what_is_no_network_is_no_setting() -> None:
    with pytest.raises(ValueError, match="proxy"):
        networks("10.0.0.0/8, proxy")
