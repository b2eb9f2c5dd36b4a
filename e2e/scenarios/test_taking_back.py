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

AT_ONCE = 6
"""So many submit at once."""

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


def note_outcomes(outcomes, over, buyer, order):
    """Try to submit an order until it is over; note when each was asked and what it was told."""
    while not over.is_set():
        began = time.monotonic()
        try:
            buyer.post(f"{order}:submit", {"validateOnly": True})
            outcomes.append((began, ""))
        except Refused as refused:
            outcomes.append((began, refused.said))


def come(outcomes, after):
    """Wait until as many try as there are; return what those were told that began after it."""

    def found():
        late = [said for began, said in tuple(outcomes) if began > after]
        return len(late) >= AT_ONCE and late

    return eventually(found)


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
    outcomes: list[tuple[float, str]] = []
    over = Event()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        trying = [
            pool.submit(note_outcomes, outcomes, over, brand.buyer, order) for _ in range(AT_ONCE)
        ]
        try:
            over.wait(2)
            assert "" in come(outcomes, 0)
            reason = take_back(brand, product, authorization)
            late = come(outcomes, time.monotonic() + LEASE)
        finally:
            over.set()
        for each in trying:
            each.result()
    assert {said for _, said in outcomes} <= {"", reason, "TOKEN_REVOKED"}
    assert all(late), f"{late.count('')} of {len(late)} were still taken"
