"""An explanation for pages to show: what can be ordered, or what is missing."""

from millrun.ordering.v1.explanation_pb2 import PurchaseCheck, PurchaseExplanation
from millrun.ordering.v1.order_pb2 import Purpose

FACTS = {
    "pid": "ws3gacme01",
    "model": "AC-WS3",
    "owner": "acme",
    "enterprise": "Acme",
    "purpose": "mass production",
    "lifecycle": "mass production",
    "quantity": "100",
    "firmware": "2.4.1",
    "state": "released",
    "license": "IPC SDK, live video",
}

KINDS = [name for name, number in PurchaseCheck.Kind.items() if number]


def an_explanation(*missing: str, askable: bool = True) -> PurchaseExplanation:
    """Return an explanation of a purchase of Acme's: all is in order but the kinds `missing`."""
    return PurchaseExplanation(
        product="enterprises/acme/products/ws3gacme01",
        pid="ws3gacme01",
        display_name="Wall Switch <3-gang>",
        owner="enterprises/acme",
        enterprise="enterprises/acme",
        account="accounts/chen",
        purpose=Purpose.MASS_PRODUCTION,
        quantity=100,
        orderable=not missing,
        checks=[_check(name, name in missing, askable) for name in KINDS],
    )


def _check(name: str, missing: bool, askable: bool) -> PurchaseCheck:
    kind = PurchaseCheck.Kind.Value(name)
    if not missing:
        reason = f"{name}_PASSED"
        return PurchaseCheck(
            kind=kind, state=PurchaseCheck.PASSED, sentence="It is so.", reason=reason, facts=FACTS
        )
    return PurchaseCheck(
        kind=kind,
        state=PurchaseCheck.FAILED,
        sentence=f"The {name.lower()} is <missing>.",
        reason=f"NO_{name}",
        fix="Ask your enterprise's administrator.",
        party=PurchaseCheck.ADMINISTRATOR,
        people=["Ada Admin"],
        askable=askable,
    )
