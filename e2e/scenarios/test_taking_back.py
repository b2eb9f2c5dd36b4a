"""What was taken back is refused within a second, on every process and either profile."""

import time

import httpx
import pytest

EVERYWHERE = {
    "authorization": "accounts/me",
    "catalog": "{space}/products",
    "ordering": "{space}/orders",
    "contract": "{space}/contracts",
    "payment": "{space}/payments",
    "fulfillment": "{space}/workOrders",
    "notification": "accounts/me/messages",
}
"""A question to each service, each of which verifies tokens by itself."""

WITHIN = 1.0


def reasons(url, token, paths):
    """Return what a token is answered, by service."""
    found = {}
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"}) as client:
        for service, path in paths.items():
            answer = client.get(f"/v1/{path}")
            found[service] = answer.json().get("reason", "") if answer.status_code == 401 else ""
    return found


def insist_taken_back(url, token, paths):
    """Wait as long as it may take, then insist that every service refuses the token."""
    time.sleep(WITHIN)
    assert reasons(url, token, paths) == dict.fromkeys(paths, "TOKEN_REVOKED")


@pytest.fixture
def url(stage):
    return stage.api.url


def test_a_partner_system_that_was_revoked_is_refused_everywhere(url, brand):
    partner = brand.administrator.enrolls("Production planning")
    token = partner.signs_in()
    paths = {
        service: path.format(space=brand.name)
        for service, path in EVERYWHERE.items()
        if "accounts/me" not in path
    }
    assert "TOKEN_REVOKED" not in reasons(url, token, paths).values()

    brand.administrator.post(f"{partner.client}:revoke", {})

    insist_taken_back(url, token, paths)


def test_a_session_that_was_ended_is_refused_everywhere(url, brand):
    buyer = brand.buyer
    token, session = buyer.token, buyer.get("accounts/me/sessions")["sessions"][0]["name"]
    paths = {service: path.format(space=brand.name) for service, path in EVERYWHERE.items()}
    assert "TOKEN_REVOKED" not in reasons(url, token, paths).values()

    buyer.post(f"{session}:end", {})

    insist_taken_back(url, token, paths)
