"""Refusals as google.rpc.Status, and back: what one service refused, another passes on."""

import re
from functools import cache
from typing import Any, Protocol, cast

from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2

from shared import errors
from shared.errors import Refusal

FAMILIES: dict[type[Refusal], "code_pb2.Code"] = {
    errors.Malformed: code_pb2.INVALID_ARGUMENT,
    errors.Unauthenticated: code_pb2.UNAUTHENTICATED,
    errors.NotFound: code_pb2.NOT_FOUND,
    errors.Forbidden: code_pb2.PERMISSION_DENIED,
    errors.Disallowed: code_pb2.FAILED_PRECONDITION,
    errors.Outdated: code_pb2.ABORTED,
    errors.Exhausted: code_pb2.RESOURCE_EXHAUSTED,
    errors.Unavailable: code_pb2.UNAVAILABLE,
}
"""The one table of families: what each is answered with."""

FIX = "fix"
"""The key of ErrorInfo.metadata that says who can do what about it."""

DETAILS = "grpc-status-details-bin"
OUR_FAULT = status_pb2.Status(code=code_pb2.INTERNAL, message="Something went wrong on our side.")


class Answered(Protocol):
    """What a failed call tells: a grpc.RpcError, without knowing gRPC."""

    def code(self) -> Any: ...
    def details(self) -> str | None: ...
    def trailing_metadata(self) -> Any: ...


class PeerFailed(Exception):
    """Another service has a bug; here it is one too, and nothing of it goes to the caller."""


class PeerAway(errors.Unavailable):
    """The {peer} service does not answer at the moment."""

    def __init__(self, *, peer: str, cause: str = "") -> None:
        super().__init__(peer=peer)
        self.cause = cause
        if cause:
            self.add_note(cause)  # shown where it is not caught, as in a test


class AnswerTooLarge(errors.Malformed):
    """What the {peer} service answers to this is larger than {most} MiB: too much at once."""

    fix = "Ask for less at once: a smaller page, or fewer things."


class RequestTooLarge(errors.Malformed):
    """What the {peer} service would be sent for this is larger than {most} MiB."""

    fix = "Send less at once."


class _Relayed(Refusal):
    """A refusal of another service, with its own sentence, reason, facts and fix."""

    def __init__(self, sentence: str, info: error_details_pb2.ErrorInfo) -> None:
        Exception.__init__(self, sentence)
        self.facts = {key: fact for key, fact in info.metadata.items() if key != FIX}
        self._reason, self._fix, self.domain = info.reason, info.metadata.get(FIX, ""), info.domain

    @property
    def reason(self) -> str:
        return self._reason

    @property
    def remedy(self) -> str:
        return self._fix


def family_of(refusal: type[Refusal]) -> type[Refusal]:
    """Return the family a kind of refusal belongs to; KeyError for one of no family, a bug."""
    for kind in refusal.__mro__:
        if kind in FAMILIES:
            return kind
    raise KeyError(refusal)


def status_of(refusal: Refusal, domain: str) -> status_pb2.Status:
    """Return the refusal as AIP-193 wants it: code, sentence, reason, facts and fix."""
    facts = {**refusal.facts, FIX: refusal.remedy} if refusal.remedy else refusal.facts
    info = error_details_pb2.ErrorInfo(
        reason=refusal.reason, domain=getattr(refusal, "domain", domain), metadata=facts
    )
    detail = any_pb2.Any()
    detail.Pack(info)
    code = FAMILIES[family_of(type(refusal))]
    return status_pb2.Status(code=code, message=str(refusal), details=[detail])


def refusal_from(answered: Answered, peer: str) -> Exception:
    """Return what a failed call to `peer` means here.

    That is the same refusal, AnswerTooLarge or RequestTooLarge, PeerAway, or PeerFailed.
    """
    number = answered.code().value[0]
    status = _status_in(answered)
    if status is not None:
        info = error_details_pb2.ErrorInfo()
        if any(detail.Unpack(info) for detail in status.details):
            return _relay_class(number)(status.message, info)
    if too_large := _LARGER.search(answered.details() or ""):
        kind = _LARGER_IS[too_large[1]]
        return kind(peer=peer, most=int(too_large[2]) // 1024**2)
    if number in _NOT_NOW:
        return PeerAway(peer=peer, cause=f"{answered.code().name}: {answered.details()}")
    return PeerFailed(f"{peer} answered {answered.code().name}: {answered.details()}")


_LARGER = re.compile(r"^(\w+: \w+) message larger than max \(\d+ vs\. (\d+)\)")
"""What gRPC says, at either end, of a message that is more than it was told to take."""

_LARGER_IS: dict[str, type[errors.Malformed]] = {
    "SERVER: Sent": AnswerTooLarge,
    "CLIENT: Received": AnswerTooLarge,
    "CLIENT: Sent": RequestTooLarge,
    "SERVER: Received": RequestTooLarge,
}

_NOT_NOW = {
    code_pb2.UNAVAILABLE,
    code_pb2.DEADLINE_EXCEEDED,
    code_pb2.RESOURCE_EXHAUSTED,
    code_pb2.CANCELLED,
}


def _status_in(answered: Answered) -> status_pb2.Status | None:
    for key, value in answered.trailing_metadata() or ():
        if key == DETAILS:
            return status_pb2.Status.FromString(cast(bytes, value))
    return None


@cache
def _relay_class(number: int) -> type[_Relayed]:
    family = next((kind for kind, code in FAMILIES.items() if code == number), None)
    if family is None:
        return type("Relayed", (_Relayed,), {})
    return type(family.__name__, (_Relayed, family), {})
