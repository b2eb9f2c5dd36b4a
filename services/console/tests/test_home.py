"""The work queue: each role's own tasks, the longest waiting first."""

import re
from collections.abc import Callable

import pytest
from millrun.authorization.v1.account_pb2 import (
    BUSINESS_MANAGER,
    CERTIFIER,
    FINANCE,
    PRODUCTION,
    PROJECT_MANAGER,
)
from millrun.contract.v1.contract_pb2 import ListContractsResponse
from millrun.contract.v1.signing_pb2 import Contract
from millrun.fulfillment.v1.fulfillment_pb2 import (
    ListLicenseIssuesResponse,
    ListWorkOrdersRequest,
    ListWorkOrdersResponse,
)
from millrun.fulfillment.v1.work_pb2 import Batch, WorkOrder
from millrun.ordering.v1.order_pb2 import Gate, Gates, Hold, WaitingOn
from millrun.ordering.v1.ordering_pb2 import ListOrdersResponse
from millrun.payment.v1.money_pb2 import Payment

from services.console.tests.office import COLLEAGUE, As, Office
from services.console.tests.papers import (
    ACME,
    a_batch,
    a_contract,
    a_license_issue,
    a_work_order,
    an_order,
    at,
    furnish,
)
from shared.errors import Disallowed, Unavailable


class Refused(Disallowed):
    """Nobody may read on."""


class Away(Unavailable):
    """The payment service does not answer at the moment."""


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        (BUSINESS_MANAGER, ["/orders/acme/7/price", "/suggestions/acme/3"]),
        (PROJECT_MANAGER, ["/orders/acme/7/software", "/work-orders/acme/7/resume?batch=B-2"]),
        (
            FINANCE,
            [
                "/payments/acme/7/book?payment=1",
                "/refunds/acme/3",
                "/receivables/acme/4",
                "/payments/acme/7",
                "/invoices/acme/1",
            ],
        ),
        (
            PRODUCTION,
            [
                "/work-orders/acme/7/batch",
                "/work-orders/acme/7",
                "/work-orders/acme/7/dispatch",
                "/licenseIssues/acme/7",
            ],
        ),
        (CERTIFIER, ["/certifications/acme/1"]),
    ],
)
def test_each_role_is_led_to_its_next_steps(lin: As, office: Office, role, steps) -> None:
    furnish(office)
    assert steps_on(lin(role).get("/").text) == steps


def test_what_is_done_takes_no_place_from_what_waits(lin: As, office: Office) -> None:
    """At most 200 are read: what was booked or shipped long ago is not among them."""
    lin(FINANCE, PRODUCTION).get("/")
    assert office.request("ListPayments").state == Payment.INSTRUCTED
    states = sorted(list(each.states) for each in office.requests("ListWorkOrders"))
    assert [WorkOrder.OPEN, WorkOrder.STARTED] in states
    assert True in {each.to_ship_only for each in office.requests("ListWorkOrders")}


def pages_of(last: int) -> Callable[[ListWorkOrdersRequest], ListWorkOrdersResponse]:
    """Return how a list answers whose pages have one work order each, `last` being the last."""

    def answer(asked: ListWorkOrdersRequest) -> ListWorkOrdersResponse:
        number = int(asked.page_token or 1)
        work = a_work_order(name=f"{ACME}/workOrders/{number}", state=WorkOrder.OPEN)
        token = str(number + 1) if number < last else ""
        return ListWorkOrdersResponse(work_orders=[work], next_page_token=token)

    return answer


def test_what_waits_is_looked_for_to_the_end_of_its_list(lin: As, office: Office) -> None:
    """The longest waiting stand on the last page."""
    office.answers["ListWorkOrders"] = pages_of(3)
    html = lin(PRODUCTION).get("/").text
    assert {f"/work-orders/acme/{number}" for number in (1, 2, 3)} <= set(steps_on(html))
    assert "more may wait" not in html


def test_a_list_that_is_too_long_to_be_read_says_so(lin: As, office: Office) -> None:
    office.answers["ListWorkOrders"] = pages_of(12)
    html = lin(PRODUCTION).get("/").text
    assert "Only the newest 2,000 were looked through; more may wait." in html
    assert '<a href="/work-orders?state=OPEN">See the whole list</a>' in html
    # Nothing of it is to be shipped, and that is not said of what was not looked at.
    assert html.count("more may wait") == 3


def test_a_page_that_cannot_be_had_costs_what_is_on_it(lin: As, office: Office) -> None:
    def answer(asked: ListWorkOrdersRequest) -> ListWorkOrdersResponse:
        if asked.page_token:
            refused.append(asked.to_ship_only)
            raise Refused
        return two(asked)

    two, refused = pages_of(2), list[bool]()
    signed_in = lin(PRODUCTION)
    office.answers["ListWorkOrders"] = answer
    html = signed_in.get("/").text
    assert "/work-orders/acme/1" in steps_on(html)
    assert "more may wait" in html
    assert sorted(refused) == [False, True], "each list's second page is asked for once"


def test_a_stopped_batch_is_led_to_whatever_its_number_is(lin: As, office: Office) -> None:
    stopped = a_work_order(a_batch("A&B #1", state=Batch.STOPPED))
    office.answers["ListWorkOrders"] = ListWorkOrdersResponse(work_orders=[stopped])
    assert "resume?batch=A%26B%20%231" in lin(PROJECT_MANAGER).get("/").text


def test_production_is_not_led_to_what_is_held(lin: As, office: Office) -> None:
    furnish(office)
    held = [a_work_order(a_batch(), hold_reason="Wrong label")]
    office.answers["ListWorkOrders"] = ListWorkOrdersResponse(work_orders=held)
    licences = [a_license_issue(hold_reason="Wrong label")]
    office.answers["ListLicenseIssues"] = ListLicenseIssuesResponse(license_issues=licences)
    assert steps_on(lin(PRODUCTION).get("/").text) == []


def test_several_roles_have_the_work_of_all(lin: As, office: Office) -> None:
    furnish(office)
    assert len(steps_on(lin(BUSINESS_MANAGER, CERTIFIER).get("/").text)) == 3


@pytest.mark.parametrize(
    ("role", "party", "task", "step"),
    [
        (
            BUSINESS_MANAGER,
            WaitingOn.BUSINESS_MANAGER,
            "countersign the contract",
            "/contracts/acme/9",
        ),
        (BUSINESS_MANAGER, WaitingOn.BUSINESS_MANAGER, "agree to the change", "/orders/acme/7"),
        (
            BUSINESS_MANAGER,
            WaitingOn.BUSINESS_MANAGER,
            "decide about the cancellation",
            "/orders/acme/7",
        ),
        (PROJECT_MANAGER, WaitingOn.PROJECT_MANAGER, "agree to the change", "/orders/acme/7"),
    ],
)
def test_what_an_order_waits_for_is_in_the_queue_of_whom_it_waits_on(
    lin: As, office: Office, role, party, task, step
) -> None:
    furnish(office)
    waiting = WaitingOn(party=party, task=task, since=at(50), due_time=at(60), overdue=True)
    order = an_order(gates=Gates(), waiting_on=waiting, contract=f"{ACME}/contracts/9")
    office.answers["ListOrders"] = lambda asked: ListOrdersResponse(
        orders=[order] if asked.waiting_on == party else []
    )
    home = lin(role).get("/").text
    assert step in steps_on(home)
    assert home.count("Overdue") == 1
    other = an_order(
        gates=Gates(), waiting_on=waiting, business_manager=COLLEAGUE, project_manager=COLLEAGUE
    )
    office.answers["ListOrders"] = ListOrdersResponse(orders=[other])
    assert step not in steps_on(lin(role).get("/").text)


def test_an_addendum_waits_to_be_countersigned_although_its_order_goes_on(
    lin: As, office: Office
) -> None:
    furnish(office)
    goes_on = WaitingOn(party=WaitingOn.PRODUCTION, task="finish a batch", since=at(50))
    order = an_order(gates=Gates(), waiting_on=goes_on)
    office.answers["ListOrders"] = ListOrdersResponse(orders=[order])
    signed = [
        a_contract(name=f"{ACME}/contracts/8", addendum=True),
        a_contract(name=f"{ACME}/contracts/9", addendum=True, business_manager=COLLEAGUE),
    ]
    office.answers["ListContracts"] = ListContractsResponse(contracts=signed)
    steps = steps_on(lin(BUSINESS_MANAGER).get("/").text)
    assert "/contracts/acme/8" in steps
    assert "/contracts/acme/9" not in steps
    assert office.request("ListContracts").state == Contract.BUYER_SIGNED


def test_what_is_in_a_colleagues_hands_does_not_wait_here(lin: As, office: Office) -> None:
    furnish(office)
    orders = [an_order(business_manager=COLLEAGUE)]
    office.answers["ListOrders"] = ListOrdersResponse(orders=orders)
    assert "/orders/acme/7/price" not in steps_on(lin(BUSINESS_MANAGER).get("/").text)


def test_what_cannot_be_confirmed_now_does_not_wait_to_be(lin: As, office: Office) -> None:
    """It is held, or a change of it is to be agreed on: both are refused until that is over."""
    held = an_order(hold=Hold(reason="Wrong price.", since=at(1)))
    changing = an_order(
        waiting_on=WaitingOn(party=WaitingOn.BUYER, task="agree to the change", since=at(1))
    )
    office.answers["ListOrders"] = ListOrdersResponse(orders=[held, changing])
    steps = steps_on(lin(BUSINESS_MANAGER, PROJECT_MANAGER).get("/").text)
    assert not {"/orders/acme/7/price", "/orders/acme/7/software"} & set(steps)


def test_what_is_confirmed_waits_no_more(lin: As, office: Office) -> None:
    furnish(office)
    gates = Gates(price=Gate.PENDING, software=Gate.PASSED)
    office.answers["ListOrders"] = ListOrdersResponse(orders=[an_order(gates=gates)])
    assert "/orders/acme/7/software" not in steps_on(lin(PROJECT_MANAGER).get("/").text)


def test_the_longest_waiting_comes_first(lin: As, office: Office) -> None:
    furnish(office)
    orders = [
        an_order(name=f"{ACME}/orders/{number}", submit_time=at(-number)) for number in range(12)
    ]
    office.answers["ListOrders"] = ListOrdersResponse(orders=orders)
    html = lin(PROJECT_MANAGER).get("/").text
    steps = [step for step in steps_on(html) if step.endswith("/software")]
    assert steps == [f"/orders/acme/{number}/software" for number in range(11, 1, -1)]
    assert "All 12" in html


def test_a_service_that_is_away_costs_only_its_queue(lin: As, office: Office) -> None:
    furnish(office)
    office.answers["ListInvoices"] = Away()
    html = lin(FINANCE).get("/").text
    assert "The payment service does not answer at the moment." in html
    assert "/payments/acme/7" in steps_on(html)


def steps_on(html: str) -> list[str]:
    """Return where the next steps of all tasks lead."""
    cells = re.findall(r'<td data-label="Next step"><a href="([^"]+)"', html)
    return [cell.replace("&amp;", "&") for cell in cells]


def test_a_deputy_has_the_work_of_who_is_absent_and_sees_whose_it_is(
    lin: As, office: Office
) -> None:
    furnish(office)
    order = an_order(business_manager=COLLEAGUE)
    order.gates.price = Gate.PENDING
    office.answers["ListOrders"] = ListOrdersResponse(orders=[order])
    office.deputy_of = [COLLEAGUE]
    home = lin(BUSINESS_MANAGER).get("/").text
    assert "/orders/acme/7/price" in steps_on(home)
    assert "as a deputy" in home
