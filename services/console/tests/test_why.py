"""Why can't they order this?: on a customer's behalf."""

import pytest
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, PRODUCTION
from millrun.authorization.v1.authorization_pb2 import ListMembershipsResponse
from millrun.authorization.v1.enterprise_pb2 import Membership

from services.console.tests.office import As, Office
from services.console.tests.papers import furnish
from shared.testing.explained import an_explanation

PAGE = "/products/acme/ws3gacme01/why"


@pytest.fixture(autouse=True)
def _furnished(office: Office) -> None:
    furnish(office)
    office.answers["ExplainPurchase"] = an_explanation("DEVELOPMENT", askable=False)
    office.answers["ListMemberships"] = ListMembershipsResponse(
        memberships=[
            Membership(account="accounts/chen", display_name="Chen Jie"),
            Membership(account="accounts/dora", display_name="Dora Ek"),
        ]
    )


def test_it_says_what_keeps_an_account_from_ordering(lin: As, office: Office) -> None:
    shown = lin(BUSINESS_MANAGER).get(f"{PAGE}?account=accounts/dora&quantity=20").text
    asked = office.request("ExplainPurchase")
    assert (asked.enterprise, asked.account) == ("enterprises/acme", "accounts/dora")
    assert asked.quantity == 20
    assert "The development is &lt;missing&gt;." in shown
    assert 'method="post" action="/products' not in shown


def test_without_a_word_it_is_about_the_owners_first_member(lin: As, office: Office) -> None:
    lin(BUSINESS_MANAGER).get(PAGE)
    asked = office.request("ExplainPurchase")
    assert (asked.enterprise, asked.account) == ("enterprises/acme", "accounts/chen")
    lin(BUSINESS_MANAGER).get(f"{PAGE}?account=accounts/of-another-enterprise")
    assert office.request("ExplainPurchase").account == "accounts/chen"


def test_the_factory_has_nothing_to_do_with_it(lin: As) -> None:
    assert lin(PRODUCTION).get(PAGE).status_code == 403
