"""Addresses: read, refused when taken."""

import socket

import pytest

from deploy.local.ports import Address, NotAnAddress, PortTaken, insist_free


def test_an_address_is_read_and_written_the_same() -> None:
    address = Address.parse("127.0.0.1:8080")
    assert (str(address), address.url) == ("127.0.0.1:8080", "http://127.0.0.1:8080")
    assert Address.parse("0.0.0.0:80").url == "http://127.0.0.1:80"


@pytest.mark.parametrize("text", ["8080", ":8080", "host:", "host:http", "host:0", "host:70000"])
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(NotAnAddress) as refused:
        Address.parse(text)
    assert "127.0.0.1:8080" in refused.value.remedy


def test_a_taken_port_is_named_with_the_setting_that_changes_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            insist_free(Address("127.0.0.1", port), setting="MILLRUN_PORTAL_ADDRESS")
    assert str(port) in str(refused.value)
    assert "MILLRUN_PORTAL_ADDRESS=127.0.0.1:" in refused.value.remedy
