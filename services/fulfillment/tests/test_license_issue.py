"""The issue of licences: what is counted, what is refused, what is told (A7, I7)."""

from uuid import UUID

import pytest
from google.protobuf import json_format
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.fulfillment.domain import errors
from services.fulfillment.domain import license_errors as refused
from services.fulfillment.domain.license_issue import Act, LicenseIssue, State
from services.fulfillment.tests.builders import DIGEST, a_purchase_order_of_licenses
from shared.errors import Disallowed, Malformed

PRODUCTION, BUYER = "accounts/production", "accounts/buyer"


def a_license_issue(*, quantity=10):
    sent = json_format.MessageToDict(a_purchase_order_of_licenses(quantity=quantity))
    made = LicenseIssue.open(
        enterprise="acme",
        license_issue_no="ML-2026-000001",
        purchase_order=sent,
        line=sent["lines"][0],
    )
    made.id = UUID("01930000-0000-7000-8000-0000000000f3")
    return made


def told(made):
    return [event for _, event in made.release_events()]


def test_an_issue_is_of_one_line_and_knows_what_was_ordered():
    made = a_license_issue()

    assert (made.state, made.left) == (State.OPEN, 10)
    assert made.license_type == "licenseTypes/ipc-sdk-video"
    assert made.name == "enterprises/acme/licenseIssues/01930000-0000-7000-8000-0000000000f3"


def test_codes_are_issued_in_parts_and_the_last_one_completes_it():
    made = a_license_issue()
    entry = made.issue(4, digest=DIGEST, by=PRODUCTION)
    assert (entry.act, entry.quantity, entry.account) == (Act.ISSUED, 4, PRODUCTION)
    assert (made.state, made.left, made.sealed_quantity) == (State.OPEN, 6, 4)
    made.issue(6, digest=DIGEST, by=PRODUCTION)

    assert made.state is State.ISSUED
    assert [(each.quantity, each.issued_quantity) for each in told(made)] == [(4, 4), (6, 10)]


@pytest.mark.parametrize(
    ("count", "refusal"), [(0, Malformed), (-1, Malformed), (11, refused.MoreThanPaid)]
)
def test_i7_no_other_number_of_codes_is_issued(count, refusal):
    with pytest.raises(refusal):
        a_license_issue().issue(count, digest=DIGEST, by=PRODUCTION)


def test_what_was_issued_by_now_can_be_opened_and_is_delivered_with_the_last_one():
    made = a_license_issue()
    with pytest.raises(refused.NothingSealed, match="0 of 0"):
        made.unseal(digest=DIGEST, by=BUYER)
    made.issue(4, digest=DIGEST, by=PRODUCTION)
    made.unseal(digest=DIGEST, by=BUYER)
    assert (made.state, made.opened_quantity, made.sealed_quantity) == (State.OPEN, 4, 0)
    made.issue(6, digest=DIGEST, by=PRODUCTION)
    entry = made.unseal(digest=DIGEST, by=BUYER)

    assert (made.state, entry.act, entry.quantity) == (State.DELIVERED, Act.OPENED, 6)
    with pytest.raises(refused.NothingSealed, match="10 of 10"):
        made.unseal(digest=DIGEST, by=BUYER)


def test_a_second_delivery_needs_a_release_with_a_reason():
    made = a_license_issue()
    made.issue(10, digest=DIGEST, by=PRODUCTION)
    with pytest.raises(refused.NothingOpened):
        made.release(reason="Too early.", by=PRODUCTION)
    made.unseal(digest=DIGEST, by=BUYER)
    entry = made.release(reason="The file was lost.", by=PRODUCTION)
    assert (entry.act, entry.quantity, entry.reason) == (Act.RELEASED, 10, "The file was lost.")
    made.unseal(digest=DIGEST, by=BUYER)

    assert (made.state, made.opened_quantity) == (State.DELIVERED, 10)
    *_, again = told(made)
    assert (again.quantity, again.opened_quantity) == (10, 10)


@pytest.mark.parametrize("act", ["issue", "open", "release"])
def test_nothing_happens_while_the_order_is_held_or_after_it_ended(act):
    made = a_license_issue()
    made.issue(5, digest=DIGEST, by=PRODUCTION)
    made.unseal(digest=DIGEST, by=BUYER)
    made.issue(1, digest=DIGEST, by=PRODUCTION)
    acts = {
        "issue": lambda: made.issue(1, digest=DIGEST, by=PRODUCTION),
        "open": lambda: made.unseal(digest=DIGEST, by=BUYER),
        "release": lambda: made.release(reason="Lost.", by=PRODUCTION),
    }
    made.hold_reason = "Finance looks at it."
    with pytest.raises(errors.OrderIsHeld, match="Finance"):
        acts[act]()
    made.hold_reason = ""
    made.close()
    with pytest.raises(refused.LicenseIssueClosed):
        acts[act]()


class Ledger(RuleBasedStateMachine):
    """Whatever is tried with codes, in whatever order."""

    def __init__(self):
        super().__init__()
        self.made = a_license_issue(quantity=20)
        self.entries = []

    def attempt(self, act, **more):
        try:
            self.entries.append(act(**more))
        except (Disallowed, Malformed):
            return

    @rule(count=st.integers(-1, 25))
    def issue(self, count):
        self.attempt(lambda: self.made.issue(count, digest=DIGEST, by=PRODUCTION))

    @rule()
    def open(self):
        self.attempt(lambda: self.made.unseal(digest=DIGEST, by=BUYER))

    @rule()
    def release(self):
        self.attempt(lambda: self.made.release(reason="Lost.", by=PRODUCTION))

    @rule(held=st.booleans())
    def hold(self, held):
        self.made.hold_reason = "Wait." if held else ""

    def sum(self, act):
        return sum(each.quantity for each in self.entries if each.act is act)

    @invariant()
    def i7_issued_is_never_more_than_paid_and_what_the_ledger_says(self):
        assert self.made.issued_quantity == self.sum(Act.ISSUED) <= self.made.quantity

    @invariant()
    def what_is_sealed_was_issued_or_released_and_not_opened_since(self):
        sealed = self.sum(Act.ISSUED) + self.sum(Act.RELEASED) - self.sum(Act.OPENED)
        assert self.made.sealed_quantity == sealed
        assert 0 <= self.made.opened_quantity <= self.made.issued_quantity

    @invariant()
    def delivered_is_what_was_opened_whole(self):
        whole = self.made.opened_quantity == self.made.quantity
        assert (self.made.state is State.DELIVERED) == whole


test_i7_licences_issued_are_never_more_than_paid = Ledger.TestCase
