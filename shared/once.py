"""A request with an id is answered once: the claim, the change and the answer in one transaction.

Architecture §5 and reliability §2. The id is the caller's, so nobody can meet another's answers.
"""

import hashlib
import re
from collections.abc import Callable

import sqlalchemy as sa
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from sqlalchemy.orm import Session

from shared.caller import Caller
from shared.errors import Malformed
from shared.events import message_class
from shared.requests import claim, recall, remember

Ask = Callable[..., bytes | None]

_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")


class BadRequestId(Malformed):
    """A request id has 1 to 128 letters, digits or signs, and no spaces."""

    fix = "Make a new UUID for every new request, and send the same one to repeat it."


class DryRun(Exception):
    """Raised to leave a transaction without a trace, with what would have been the answer."""

    def __init__(self, answer: Message) -> None:
        self.answer = answer


def once(tx: Session, caller: Caller, request: Message, make: Callable[[], Message]) -> Message:
    """Return what `make` answers, or answered when this request was first made.

    Refuses with RequestIdReused if the id was used for a different request. For a request to
    validate only, everything runs and then DryRun is raised.
    """
    if getattr(request, "validate_only", False):
        answer = make()
        # What the database checks at commit it checks now, as there will be no commit.
        tx.execute(sa.text("set constraints all immediate"))
        raise DryRun(answer)
    request_id = getattr(request, "request_id", "")
    if not request_id:
        return make()
    earlier = earlier_answer(tx, caller, request, claim)
    if earlier is not None:
        return earlier
    answer = make()
    stored = AnyMessage()
    stored.Pack(answer)
    remember(
        tx,
        caller=_key_of(caller),
        request_id=request_id,
        response=stored.SerializeToString(),
    )
    return answer


def earlier_answer(
    tx: Session, caller: Caller, request: Message, ask: Ask = recall
) -> Message | None:
    """Return what this request was answered before; None if it never was, or has no id."""
    request_id = getattr(request, "request_id", "")
    if not request_id:
        return None
    if not _REQUEST_ID.fullmatch(request_id):
        raise BadRequestId
    earlier = ask(tx, caller=_key_of(caller), request_id=request_id, request_hash=_hash_of(request))
    if earlier is None:
        return None
    stored = AnyMessage.FromString(earlier)
    answer = message_class(stored.TypeName())()
    stored.Unpack(answer)
    return answer


def _hash_of(request: Message) -> bytes:
    whole = hashlib.sha256(request.DESCRIPTOR.full_name.encode())
    whole.update(request.SerializeToString(deterministic=True))
    return whole.digest()


def _key_of(caller: Caller) -> str:
    """Tell one account in two spaces apart: what it did in one is no answer in the other."""
    return f"{caller.account} in {caller.enterprise}"
