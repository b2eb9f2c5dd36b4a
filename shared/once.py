"""A request with an id is answered once: the claim, the change and the answer in one transaction.

Architecture §5 and reliability §2. The id is the caller's, so nobody can meet another's answers.
"""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from sqlalchemy.orm import Session

from shared.caller import Caller
from shared.errors import Malformed, Refusal
from shared.events import message_class
from shared.requests import claim, insist_claimed, recall, remember

_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")


class BadRequestId(Malformed):
    """A request id has 1 to 128 letters, digits or signs, and no spaces."""

    fix = "Make a new UUID for every new request, and send the same one to repeat it."


class DryRun(Exception):
    """Raised to leave a transaction without a trace, with what would have been the answer."""

    def __init__(self, answer: Message) -> None:
        self.answer = answer


def once(tx: Session, caller: Caller, request: Message, make: Callable[[], Message]) -> Message:
    """Return what `make` answers to a request that is made for the first time.

    Raises Repeated, at the latest when the transaction ends, if it was made before: then it has an
    `earlier_answer`. For a request to validate only, everything runs and then DryRun is raised.
    """
    if getattr(request, "validate_only", False):
        answer = make()
        # What the database checks at commit it checks now, as there will be no commit.
        tx.execute(sa.text("set constraints all immediate"))
        raise DryRun(answer)
    request_id = getattr(request, "request_id", "")
    if not request_id:
        return make()
    claim(tx, **_about(caller, request))
    try:
        answer = make()
    except Refusal:
        # What is refused now may have been granted when this request was first made.
        insist_claimed(tx)
        raise
    stored = AnyMessage()
    stored.Pack(answer)
    remember(
        tx,
        caller=_key_of(caller),
        request_id=request_id,
        response=stored.SerializeToString(),
    )
    return answer


def earlier_answer(tx: Session, caller: Caller, request: Message) -> Message | None:
    """Return what this request was answered before; None if it never was, or has no id.

    Refuses with RequestIdReused if the id was used for a different request.
    """
    if not getattr(request, "request_id", ""):
        return None
    earlier = recall(tx, **_about(caller, request))
    if earlier is None:
        return None
    stored = AnyMessage.FromString(earlier)
    answer = message_class(stored.TypeName())()
    stored.Unpack(answer)
    return answer


def _about(caller: Caller, request: Any) -> dict[str, Any]:
    """Return what a request is known by; refuses with BadRequestId what cannot be one's id."""
    if not _REQUEST_ID.fullmatch(request.request_id):
        raise BadRequestId
    return {
        "caller": _key_of(caller),
        "request_id": request.request_id,
        "request_hash": _hash_of(request),
    }


def _hash_of(request: Message) -> bytes:
    whole = hashlib.sha256(request.DESCRIPTOR.full_name.encode())
    whole.update(request.SerializeToString(deterministic=True))
    return whole.digest()


def _key_of(caller: Caller) -> str:
    """Tell one account in two spaces apart: what it did in one is no answer in the other."""
    return f"{caller.account} in {caller.enterprise}"
