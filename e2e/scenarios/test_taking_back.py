"""What was taken back is refused soon, on every process and either profile.

How soon is insisted on where authorization is asked about it: `test_revoking.py`.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx
import pytest

from deploy.local.people import Refused
from deploy.local.people.forms import order_form
from shared.answers import LEASE
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


def outcomes_until(over, buyer, order):
    """Try to submit an order again and again: when each was asked, and what it was answered."""
    found = []
    while not over.is_set():
        began = time.monotonic()
        try:
            buyer.post(f"{order}:submit", {"validateOnly": True})
            found.append((began, ""))
        except Refused as refused:
            found.append((began, refused.said))
    return found


def returned(brand, product, _):
    brand.administrator.returns(product, "Another panel.")
    return "DEVELOPMENT_NOT_COMPLETED"


def not_authorized_any_more(brand, _, authorization):
    brand.administrator.post(f"{authorization}:revoke", {})
    return "NOT_AUTHORIZED_FOR_PRODUCT"


@pytest.mark.parametrize("take_back", [returned, not_authorized_any_more])
def test_what_is_taken_back_while_much_is_ordered_is_not_ordered_any_more(
    brand, firmware, take_back
):
    """Ordering remembers then what it was answered, and half a second later asks again."""
    product, other = (
        brand.develops(f"Smart socket {model}", firmware=firmware, model=model)
        for model in ("TB-1", "TB-2")
    )
    authorization = brand.administrator.authorizes(brand.buyer, product)
    brand.administrator.authorizes(brand.buyer, other)
    form = order_form(po_no="TB-1", title=brand.legal_name)
    order = brand.buyer.drafts({product: 20}, form=form)["name"]
    over = Event()
    with ThreadPoolExecutor(6) as pool:
        trying = [pool.submit(outcomes_until, over, brand.buyer, order) for _ in range(6)]
        over.wait(2)
        reason = take_back(brand, product, authorization)
        known_at = time.monotonic() + LEASE
        over.wait(2 * LEASE)
        over.set()
        outcomes = [outcome for each in trying for outcome in each.result()]
    assert {said for _, said in outcomes} <= {"", reason, "TOKEN_REVOKED"}
    assert any(not said for _, said in outcomes)
    late = [said for began, said in outcomes if began > known_at]
    assert late
    assert all(late), f"{late.count('')} of {len(late)} were still taken"
