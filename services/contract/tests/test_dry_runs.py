"""Every command of contract can be tried: it answers, and leaves no trace (requirements §6.7)."""

from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import MethodOptions
from millrun.contract.v1 import contract_pb2 as pb

from services.contract.tests.office import MANAGING, Office, countersigning_of, signing_of
from services.contract.tests.papers import signed_digitally, signer
from shared.testing.traces import everything

COMMANDS = {
    method.name: method
    for method in pb.DESCRIPTOR.services_by_name["ContractService"].methods
    if method.GetOptions().idempotency_level != MethodOptions.NO_SIDE_EFFECTS
}


def sign(office: Office, **more: Any) -> Any:
    return office.ask().SignContract(signing_of(office.contract(), **more))


def upload(office: Office, **more: Any) -> Any:
    return office.upload(office.copy, **more)  # type: ignore[attr-defined]


def countersign(office: Office, **more: Any) -> Any:
    return office.ask(MANAGING).CountersignContract(countersigning_of(office.contract(), **more))


def send_back(office: Office, **more: Any) -> Any:
    asked = pb.ReturnContractRequest(name=office.contract().name, reason="A page lacks.", **more)
    return office.ask(MANAGING).ReturnContract(asked)


TRIALS: dict[str, tuple[bool, Callable[..., Any]]] = {
    "SignContract": (False, sign),
    "UploadSignedContract": (False, upload),
    "CountersignContract": (True, countersign),
    "ReturnContract": (True, send_back),
}
"""By command: whether the buyer has to have signed before, and how it is given."""


def test_every_command_is_tried_and_can_be_repeated() -> None:
    assert TRIALS.keys() == COMMANDS.keys()
    for method in COMMANDS.values():
        assert {"validate_only", "request_id", "etag"} <= set(method.input_type.fields_by_name)


@pytest.mark.parametrize("method", TRIALS)
def test_what_is_tried_answers_and_leaves_no_trace(
    office: Office, tmp_path: Any, method: str
) -> None:
    office.generate()
    signed, give = TRIALS[method]
    if signed:
        office.sign()
    if method == "UploadSignedContract":
        vars(office)["copy"] = signed_digitally(office.document(), signer(tmp_path / "b"))
    before = everything(office.database)
    tried = give(office, validate_only=True, request_id="try")
    assert everything(office.database) == before

    done = give(office, request_id="try")
    assert done.state == tried.state
    assert everything(office.database) != before
