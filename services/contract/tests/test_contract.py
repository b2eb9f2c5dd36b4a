from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from millrun.contract.v1 import events_pb2

from services.contract.domain import errors
from services.contract.domain.contract import BECOMES, Contract, Side, State
from services.contract.tests.builders import DIGEST, MANAGER, a_contract, a_signature
from shared.clock import now
from shared.events import seal
from shared.money import Money
from shared.testing.golden import golden

MOVES: dict[State, Callable[[Contract], None]] = {
    State.GENERATED: lambda contract: contract.attach_document(DIGEST),
    State.BUYER_SIGNED: lambda contract: contract.sign(a_signature()),
    State.SIGNED: lambda contract: contract.countersign(a_signature(account=MANAGER)),
    State.VOID: lambda contract: contract.void("The order was cancelled."),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("wanted", MOVES)
def test_every_wrong_move_is_refused_and_every_right_one_is_made(state, wanted):
    contract = a_contract()
    contract.state = state

    if wanted in BECOMES[state]:
        MOVES[wanted](contract)
        assert contract.state is wanted
    else:
        with pytest.raises((errors.ContractCannotBecome, errors.ContractNotReady)):
            MOVES[wanted](contract)
        assert contract.state is state


def test_both_sign_the_same_document_and_each_step_is_told():
    contract = a_contract(generated=False)
    contract.attach_document(DIGEST)
    contract.sign(a_signature())
    contract.countersign(a_signature(account=MANAGER))
    signed = contract.release_events()

    assert [sequence for sequence, _ in signed] == [1, 2, 3]
    assert contract.signatures[Side.BUYER].document_digest == DIGEST
    assert contract.signatures[Side.VENDOR].account == MANAGER
    voided = a_contract()
    voided.void("The order was cancelled: changed plans")
    for sequence, event in [*signed, *voided.release_events()]:
        golden(seal(event, sequence=sequence, of=contract, contract=events_pb2).open())


@pytest.mark.parametrize("side", Side)
def test_a_signature_under_another_document_is_refused(side):
    contract = a_contract()
    if side is Side.VENDOR:
        contract.sign(a_signature())
    sign = contract.sign if side is Side.BUYER else contract.countersign

    with pytest.raises(errors.DocumentDiffers, match="sha256:cdcd"):
        sign(a_signature(account=MANAGER, digest="sha256:" + "cd" * 32))


def test_only_the_assigned_manager_countersigns():
    contract = a_contract()
    contract.sign(a_signature())

    with pytest.raises(errors.NotYourCustomer):
        contract.countersign(a_signature(account="accounts/other"))


def test_a_lapsed_contract_cannot_be_signed():
    with pytest.raises(errors.ContractLapsed):
        a_contract(valid_until=now() - timedelta(minutes=1)).sign(a_signature())


def test_the_deposit_is_a_rounded_part_of_the_total():
    assert a_contract().deposit == Money("CNY", Decimal("3675.00"))
