"""What may become of a contract, and what is told of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from millrun.contract.v1 import events_pb2

from services.contract.domain import errors
from services.contract.domain.amending import TAKEN_BACK, amend, call_off, end
from services.contract.domain.chart import CHART, Move, State
from services.contract.domain.contract import Contract
from services.contract.domain.edition import Standing
from services.contract.domain.ending import Cause, Ending
from services.contract.domain.events import ContractAmended
from services.contract.domain.signature import Signer
from services.contract.tests.builders import (
    BM,
    BUYER,
    DIGEST,
    MANAGER,
    a_contract,
    a_signature,
    agreed,
)
from shared.clock import now
from shared.events import seal
from shared.money import Money
from shared.testing.golden import golden

LATE = Ending(cause=Cause.ORDER_CANCELLED, note="late")

MOVES: dict[Move, Callable[[Contract], None]] = {
    Move.GENERATE: lambda contract: contract.attach_document(DIGEST),
    Move.SIGN: lambda contract: contract.sign(a_signature(), BUYER),
    Move.RETURN: lambda contract: contract.hand_back("The scan is cut off.", BM),
    Move.COUNTERSIGN: lambda contract: contract.countersign(a_signature(account=MANAGER), BM),
    Move.AMEND: lambda contract: amend(
        contract, agreed(quantity=1200), addendum_suffices=contract.state is State.SIGNED
    ),
    Move.VOID_ADDENDUM: lambda contract: call_off(contract, TAKEN_BACK),
    Move.VOID: lambda contract: end(contract, LATE),
}


def signed(contract: Contract) -> Contract:
    """Return `contract`, signed by both."""
    contract.sign(a_signature(), BUYER)
    contract.countersign(a_signature(account=MANAGER), BM)
    return contract


def with_addendum(contract: Contract) -> Contract:
    """Return `contract`, signed by both and amended by an addendum that is to be signed."""
    amend(signed(contract), agreed(quantity=1200), addendum_suffices=True)
    contract.attach_document("sha256:" + "cd" * 32)
    return contract


def amended(contract: Contract) -> ContractAmended:
    """Return the one thing that was told: an amendment."""
    ((_, event),) = contract.release_events()
    assert isinstance(event, ContractAmended)
    return event


def told(contract: Contract) -> list[str]:
    """Return the names of what was told since it was last looked."""
    return [type(event).__name__ for _, event in contract.release_events()]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_every_wrong_move_is_refused_and_every_right_one_is_made(state, move):
    contract = with_addendum(a_contract()) if move is Move.VOID_ADDENDUM else a_contract()
    if move is not Move.VOID_ADDENDUM and state is State.SIGNED:
        contract = signed(contract)
    contract.state = state

    if state in CHART[move]:
        MOVES[move](contract)
        assert contract.state is CHART[move][state]
    else:
        with pytest.raises((errors.ContractCannot, errors.ContractNotReady)):
            MOVES[move](contract)
        assert contract.state is state


def test_every_step_is_told_as_partners_know_it():
    until = datetime(2099, 12, 24, tzinfo=UTC)
    contract = a_contract(generated=False, valid_until=until)
    contract.attach_document(DIGEST)
    contract.sign(a_signature(), BUYER)
    contract.hand_back("The scan is cut off at the right.", BM)
    contract.sign(a_signature(), BUYER)
    contract.countersign(a_signature(account=MANAGER), BM)
    changed = agreed(quantity=1200, street="Nebenstrasse 2", valid_until=until)
    amend(contract, changed, addendum_suffices=True)
    as_it_was = agreed(valid_until=until)
    amend(contract, as_it_was, addendum_suffices=True)
    steps = contract.release_events()
    voided = a_contract()
    end(voided, Ending(cause=Cause.ORDER_CANCELLED, note="changed plans"))

    assert [sequence for sequence, _ in steps] == [1, 2, 3, 4, 5, 6, 7]
    for sequence, event in [*steps, *voided.release_events()]:
        golden(seal(event, sequence=sequence, of=contract, contract=events_pb2).open())


def test_both_sign_the_same_document():
    contract = signed(a_contract())

    buyers, vendors = contract.edition.buyer_signature, contract.edition.vendor_signature
    assert buyers is not None
    assert buyers.document_digest == DIGEST
    assert vendors is not None
    assert vendors.account == MANAGER
    assert [each.number for each in contract.in_force] == [1]


@pytest.mark.parametrize("side", ["buyer", "vendor"])
def test_a_signature_under_another_document_is_refused(side):
    contract = a_contract()
    if side == "vendor":
        contract.sign(a_signature(), BUYER)
    sign, by = (contract.sign, BUYER) if side == "buyer" else (contract.countersign, BM)

    with pytest.raises(errors.DocumentDiffers, match="sha256:cdcd"):
        sign(a_signature(digest="sha256:" + "cd" * 32), by)


def test_only_the_assigned_manager_or_a_deputy_countersigns_and_returns():
    contract = a_contract()
    contract.sign(a_signature(), BUYER)
    other = Signer(account="accounts/other")
    deputy = Signer(account="accounts/other", deputy_of=frozenset({MANAGER}))

    with pytest.raises(errors.NotYourCustomer):
        contract.countersign(a_signature(account="accounts/other"), other)
    with pytest.raises(errors.NotYourCustomer):
        contract.hand_back("Not readable.", other)
    contract.countersign(a_signature(account="accounts/other"), deputy)
    assert contract.state is State.SIGNED


def test_a_lapsed_contract_cannot_be_signed():
    with pytest.raises(errors.ContractLapsed):
        a_contract(valid_until=now() - timedelta(minutes=1)).sign(a_signature(), BUYER)


def test_who_accepts_an_earlier_version_is_told_what_changed_since():
    contract = a_contract()
    earlier = a_signature()
    amend(contract, agreed(quantity=1200), addendum_suffices=False)
    contract.attach_document("sha256:" + "ef" * 32)
    with pytest.raises(errors.StaleCopy, match=r"version 1, but .* version 2: .*1,000 → 1,200"):
        contract.sign(earlier, BUYER)
    assert contract.edition.buyer_signature is None


def test_the_deposit_is_a_rounded_part_of_the_total():
    assert a_contract().deposit == Money("CNY", Decimal("3675.00"))


def test_a_returned_signature_is_given_anew():
    contract = a_contract()
    contract.sign(a_signature(), BUYER)
    contract.hand_back("The scan is cut off.", BM)

    assert (contract.state, contract.return_reason) == (State.GENERATED, "The scan is cut off.")
    assert contract.edition.buyer_signature is None
    contract.sign(a_signature(), BUYER)
    assert contract.return_reason == ""


def test_an_amendment_before_both_signed_makes_a_new_version():
    contract = a_contract()
    contract.sign(a_signature(), BUYER)
    contract.release_events()
    amend(contract, agreed(quantity=1200), addendum_suffices=True)

    assert (contract.state, contract.current) == (State.PREPARING, 2)
    assert not contract.edition.addendum
    assert [each.standing for each in contract.editions] == [
        Standing.REPLACED,
        Standing.PREPARING,
    ]
    assert contract.total == Money("CNY", Decimal("14700.00"))
    event = amended(contract)
    assert event.signatures_voided
    assert event.changes.startswith("goods, total: 12,250.00 CNY → 14,700.00 CNY; goods, line 1")


def test_an_addendum_leaves_in_force_what_both_signed():
    contract = with_addendum(a_contract())
    first, second = contract.editions

    assert (contract.state, contract.current) == (State.GENERATED, 2)
    assert second.addendum
    assert second.terms["contract"]["amends"] == [{"version": 1, "digest": first.content_digest}]
    assert [each.number for each in contract.in_force] == [1]
    contract.sign(a_signature(digest=second.document_digest), BUYER)
    contract.countersign(a_signature(account=MANAGER, digest=second.document_digest), BM)
    assert [each.number for each in contract.in_force] == [1, 2]


def test_an_amendment_an_addendum_is_not_enough_for_voids_both_signatures():
    contract = signed(a_contract())
    contract.release_events()
    amend(contract, agreed(quantity=1200), addendum_suffices=False)

    assert (contract.state, contract.current, contract.in_force) == (State.PREPARING, 2, [])
    assert not contract.edition.addendum
    event = amended(contract)
    assert (event.signatures_voided, event.addendum) == (True, False)
    assert contract.editions[0].end_reason == "Version 2 took its place."
    assert contract.editions[0].ending == Ending(cause=Cause.NEWER_VERSION, note="2")


def test_an_addendum_is_replaced_by_the_next_one():
    contract = with_addendum(a_contract())
    amend(contract, agreed(quantity=1500), addendum_suffices=True)

    assert [each.standing for each in contract.editions] == [
        Standing.SIGNED,
        Standing.REPLACED,
        Standing.PREPARING,
    ]
    quantity = next(each for each in contract.edition.differences if each.field == "quantity")
    assert (quantity.before, quantity.after) == ("1,000", "1,500")


def test_with_its_order_all_of_a_contract_ends_its_addendum_too():
    contract = with_addendum(a_contract())
    contract.release_events()
    end(contract, LATE)

    assert (contract.state, contract.in_force) == (State.VOID, [])
    assert {each.standing for each in contract.editions} == {Standing.VOID}
    assert {each.end_reason for each in contract.editions} == {"The order was cancelled: late"}
    assert [each.ending for each in contract.editions] == [LATE, LATE]
    assert told(contract) == ["ContractVoided"]


def test_an_addendum_ends_with_its_amendment_and_the_contract_holds():
    contract = with_addendum(a_contract())
    contract.release_events()
    amend(contract, agreed(), addendum_suffices=True)

    assert (contract.state, contract.current) == (State.SIGNED, 1)
    assert contract.editions[1].standing is Standing.VOID
    assert told(contract) == ["ContractAddendumVoided"]
    assert contract.editions[1].ending == TAKEN_BACK


@pytest.mark.parametrize("state", ["generated", "signed", "with addendum"])
def test_what_does_not_touch_the_terms_changes_nothing(state):
    until = now() + timedelta(days=3)
    contract = a_contract(valid_until=until)
    if state == "signed":
        contract = signed(contract)
    terms: dict[str, Any] = {"valid_until": until}
    if state == "with addendum":
        amend(signed(contract), agreed(quantity=9, **terms), addendum_suffices=True)
        terms["quantity"] = 9
    contract.release_events()
    before = contract.current
    amend(contract, agreed(**terms), addendum_suffices=True)

    assert (contract.current, told(contract)) == (before, [])


def test_until_when_one_can_sign_concerns_only_who_has_not_signed():
    later = now() + timedelta(days=99)
    unsigned, both = a_contract(), signed(a_contract())
    for each in (unsigned, both):
        amend(each, agreed(valid_until=later), addendum_suffices=True)

    assert (unsigned.current, unsigned.valid_until.date()) == (2, later.date())
    assert (both.current, both.state) == (1, State.SIGNED)
