"""Explanations and purchase requests in and out of protobuf."""

from millrun.ordering.v1 import explanation_pb2 as pb

from services.ordering.domain.checks import Kind
from services.ordering.domain.explaining import Explanation, Finding
from services.ordering.domain.purchase_request import PurchaseRequest, is_askable
from services.ordering.domain.words import Purpose
from services.ordering.wire import name_of, purpose_from, purpose_message
from shared.caller import Caller
from shared.wire import time_message

KIND, PARTY = pb.PurchaseCheck.Kind, pb.PurchaseCheck.Party
NOBODY = "PARTY_UNSPECIFIED"


def explanation_message(told: tuple[Explanation, Caller]) -> pb.PurchaseExplanation:
    """Return why something can be ordered or not, as `told[1]` may read it."""
    explanation, caller = told
    purchase = explanation.purchase
    return pb.PurchaseExplanation(
        product=purchase.offer.product,
        pid=purchase.offer.pid,
        display_name=purchase.offer.display_name,
        owner=f"enterprises/{purchase.offer.owner}",
        enterprise=f"enterprises/{explanation.enterprise}",
        account=explanation.account,
        purpose=purpose_message(purchase.purpose),
        quantity=purchase.quantity,
        license_type=purchase.offer.license_type,
        license_type_display_name=purchase.offer.license_type_display_name,
        orderable=explanation.orderable,
        checks=[
            _check_message(each, askable=is_askable(each, explanation, caller))
            for each in explanation.findings
        ],
    )


def _check_message(finding: Finding, *, askable: bool) -> pb.PurchaseCheck:
    return pb.PurchaseCheck(
        kind=KIND.Value(finding.kind.name),
        state=pb.PurchaseCheck.State.Value(finding.state.name),
        sentence=finding.sentence,
        reason=finding.reason,
        facts=finding.facts,
        fix=finding.fix,
        party=PARTY.Value(finding.party.name) if finding.party else PARTY.Value(NOBODY),
        people=finding.people,
        askable=askable,
    )


def request_message(request: PurchaseRequest) -> pb.PurchaseRequest:
    """Return what was asked."""
    return pb.PurchaseRequest(
        name=request.name,
        product=request.product,
        kind=KIND.Value(request.kind.name),
        party=PARTY.Value(request.party.name),
        create_time=time_message(request.created_at),
    )


def kind_from(number: int) -> Kind:
    """Read which check is meant."""
    return Kind[name_of(KIND.DESCRIPTOR, number)]


def purpose_or_none(number: int) -> Purpose | None:
    """Read what something is ordered for; None for nothing said."""
    return purpose_from(number) if number else None
