"""Agreeing to a change a buyer asks for, and on the prices that go with it."""

import pytest
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, PROJECT_MANAGER, Role
from millrun.ordering.v1.amending_pb2 import Amendment
from millrun.ordering.v1.order_pb2 import Order

from services.console.tests.office import COLLEAGUE, ME, As, Office
from services.console.tests.papers import an_amended_order, an_order, furnish, yuan
from shared.errors import Malformed
from shared.testing.on_top import LABELS

ORDER, AGREE = "/orders/acme/7", "/orders/acme/7/amendment/confirm"


class PriceNeedsReason(Malformed):
    """Line 1 is not at its list price of 11.00 CNY, and nobody said why."""

    fix = "Say why the price of line 1 differs; the customer will read it."


@pytest.fixture(autouse=True)
def _furnished(office: Office) -> None:
    furnish(office)
    office.answers["GetOrder"] = office.answers["ConfirmAmendment"] = an_amended_order()


def test_what_would_hold_stands_in_the_form(lin: As) -> None:
    browser = lin(BUSINESS_MANAGER)
    assert f'href="{AGREE}"' in browser.get(ORDER).text
    html = browser.get(AGREE).text
    assert 'name="price_1" type="text" autocomplete="off" value="10.50"' in html
    assert 'value="A &lt;frame&gt; order."' in html
    assert "1,000 → 2,000" in html
    assert "list CNY\u00a00.125" in html
    assert "CNY\u00a025,000.00 → CNY\u00a033,500.00" in html


def test_a_line_of_which_only_services_change_has_no_unit_price_to_agree_on(lin: As) -> None:
    html = lin(BUSINESS_MANAGER).get(AGREE).text
    assert 'name="price_2"' not in html
    assert "as before: only services change" in html
    assert 'name="unit_2_1"' in html


def test_prices_go_along_as_typed(lin: As, office: Office) -> None:
    given = {"price_1": "10.25", "why_1": "Two lots.", "setup_1_1": "0", "because_1_1": "Known."}
    given["unit_2_1"] = "0.1"
    done = lin(BUSINESS_MANAGER).fill(AGREE, **given)
    asked = office.request("ConfirmAmendment")
    [price] = asked.prices
    assert (price.line_no, price.unit_price, price.reason) == (
        1,
        yuan(10, 250_000_000),
        "Two lots.",
    )
    first, second = asked.service_prices
    assert (first.line_no, first.service, first.setup_fee) == (1, LABELS, yuan(0))
    assert (second.line_no, second.unit_price) == (2, yuan(0, 100_000_000))
    assert (asked.etag, asked.validate_only) == ("4", False)
    assert done.url.path == ORDER
    assert "You agreed." in done.text


def test_what_prices_do_to_money_is_shown_before_anything_is_agreed(
    lin: As, office: Office
) -> None:
    tried = an_amended_order()
    tried.amended_lines[0].unit_price.CopyFrom(yuan(9))
    tried.amendment.total_after.CopyFrom(yuan(30_500))
    office.answers["ConfirmAmendment"] = tried
    shown = lin(BUSINESS_MANAGER).fill(AGREE, price_1="9", why_1="Two lots.", preview="yes")
    assert office.request("ConfirmAmendment").validate_only
    assert "Nothing is agreed yet." in shown.text
    assert "CNY\u00a025,000.00 → CNY\u00a030,500.00" in shown.text
    assert "−CNY\u00a02.00 (−18.2 %)" in shown.text
    assert 'value="9"' in shown.text, "what was typed stays"
    assert "has to agree, too" not in shown.text

    tried.amendment.awaits[:] = [Amendment.PROJECT_MANAGER]
    shown = lin(BUSINESS_MANAGER).fill(AGREE, price_1="9", why_1="Two lots.", preview="yes")
    assert "The project manager has to agree, too." in shown.text


def test_a_refusal_stands_beside_the_form_with_what_was_typed(lin: As, office: Office) -> None:
    office.answers["ConfirmAmendment"] = PriceNeedsReason(line_no=1)
    refused = lin(BUSINESS_MANAGER).fill(AGREE, price_1="9", why_1="")
    assert refused.status_code == 400
    assert "nobody said why" in refused.text
    assert 'id="why_1-error"' in refused.text
    assert 'value="9"' in refused.text


def test_a_change_that_is_gone_leads_back_to_the_order(lin: As, office: Office) -> None:
    office.answers["GetOrder"] = an_order()
    shown = lin(BUSINESS_MANAGER).get(AGREE)
    assert shown.url.path == ORDER
    assert "Nothing is proposed any more." in shown.text


def test_project_managers_agree_without_prices(lin: As, office: Office) -> None:
    order = an_amended_order()
    order.amendment.awaits[:] = [Amendment.PROJECT_MANAGER]
    office.answers["GetOrder"] = order
    browser = lin(PROJECT_MANAGER)
    assert f'action="{AGREE}"' in browser.get(ORDER).text
    assert browser.get(AGREE).status_code == 403


def test_a_colleagues_change_is_not_agreed_to(lin: As, office: Office) -> None:
    office.answers["GetOrder"] = an_amended_order(
        business_manager=COLLEAGUE, project_manager=COLLEAGUE
    )
    html = lin(BUSINESS_MANAGER).get(ORDER).text
    assert f'href="{AGREE}"' not in html
    assert "in a colleague&#39;s hands" in html


def test_before_the_price_is_confirmed_it_is_said_that_this_comes_afterwards(
    lin: As, office: Office
) -> None:
    browser = lin(BUSINESS_MANAGER)
    assert "afterwards" not in browser.get(AGREE).text
    order = an_amended_order()
    order.state = Order.INTENTION
    office.answers["GetOrder"] = order
    assert "You confirm the price of the whole order afterwards" in browser.get(AGREE).text


@pytest.mark.parametrize(
    ("field", "awaits", "role", "agrees", "declines"),
    [
        ("quantity", Amendment.BUSINESS_MANAGER, BUSINESS_MANAGER, True, True),
        ("quantity", Amendment.BUSINESS_MANAGER, PROJECT_MANAGER, False, False),
        ("firmware_version", Amendment.PROJECT_MANAGER, PROJECT_MANAGER, True, True),
        ("firmware_version", Amendment.PROJECT_MANAGER, BUSINESS_MANAGER, False, False),
    ],
)
def test_a_change_is_decided_about_by_whose_it_is(
    lin: As,
    office: Office,
    field: str,
    awaits: "Amendment.Side.ValueType",
    role: "Role.ValueType",
    agrees: bool,
    declines: bool,
) -> None:
    """Who is not asked is refused by ordering, and is told here who is."""
    office.answers["GetOrder"] = order = an_order(
        business_manager=ME if role == BUSINESS_MANAGER else COLLEAGUE,
        project_manager=ME if role == PROJECT_MANAGER else COLLEAGUE,
    )
    order.amendment.MergeFrom(Amendment(proposed_as=Amendment.BUYER, awaits=[awaits]))
    order.amendment.changes.add(line_no=1, field=field, before="1", after="2")
    html = lin(role).get(ORDER).text
    assert ('disabled aria-describedby="why-agree-to-the-change"' not in html) == agrees
    assert ('disabled aria-describedby="why-turn-it-down"' not in html) == declines
    assert ("manager has yet to agree." in html) == (not agrees)
    assert ("manager to decide." in html) == (not declines)


def test_who_agreed_already_waits_for_the_other_and_may_still_turn_it_down(
    lin: As, office: Office
) -> None:
    office.answers["GetOrder"] = order = an_amended_order(project_manager=COLLEAGUE)
    order.amendment.awaits[:] = [Amendment.PROJECT_MANAGER]
    html = lin(BUSINESS_MANAGER).get(ORDER).text
    assert "The project manager has yet to agree." in html
    assert 'disabled aria-describedby="why-turn-it-down"' not in html


def test_what_the_vendor_asked_for_is_taken_back_and_not_agreed_to_by_the_vendor(
    lin: As, office: Office
) -> None:
    office.answers["GetOrder"] = order = an_amended_order()
    order.amendment.proposed_as = Amendment.BUSINESS_MANAGER
    order.amendment.awaits[:] = [Amendment.BUYER]
    html = lin(BUSINESS_MANAGER).get(ORDER).text
    assert AGREE not in html
    assert "Take it back" in html
