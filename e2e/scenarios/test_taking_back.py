"""What was taken back is refused soon, on every process and either profile.

How soon is insisted on where authorization is asked about it: `test_revoking.py`.
"""

import httpx
import pytest

from shared.testing import LONG, eventually

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


def reasons(url, token, paths):
    """Return what a token is answered, by service."""
    found, headers = {}, {"authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, headers=headers, timeout=LONG) as client:
        for service, path in paths.items():
            answer = client.get(f"/v1/{path}")
            found[service] = answer.json().get("reason", "") if answer.status_code == 401 else ""
    return found


def insist_taken_back(url, token, paths):
    """Insist that every service refuses the token before long."""
    taken_back = dict.fromkeys(paths, "TOKEN_REVOKED")
    eventually(lambda: reasons(url, token, paths) == taken_back)


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
