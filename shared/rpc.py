"""gRPC at the edge of a service: one way in, one way to answer, one way to refuse.

A servicer's method is one expression; what cuts across stands here, once: who is asking and may
they, are the required fields there, the transaction, once per request id, refusals, metrics.
"""

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import Any, NoReturn, TypeVar, cast, overload

import grpc
from google.api.httpbody_pb2 import HttpBody
from google.protobuf.message import Message
from google.rpc import code_pb2, status_pb2
from grpc_status import rpc_status
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from shared import call, metrics, tracing
from shared.caller import Caller
from shared.documents import Document
from shared.errors import Refusal
from shared.legibility import insist_on_short_texts, insist_on_straight_texts
from shared.once import DryRun, earlier_answer, once
from shared.pieces import together
from shared.presence import insist_on_required
from shared.requests import Repeated
from shared.servicer import (
    ANYBODY,
    SIGNED_IN,
    Allow,
    Permission,
    Servicer,
    admit,
    answer_to,
    call_of,
    undecided,
)
from shared.storage import Scope, flush

__all__ = [
    "ANYBODY",
    "SIGNED_IN",
    "Allow",
    "Servicer",
    "command",
    "download",
    "query",
    "undecided",
    "upload",
]

CHUNK = 256 * 1024
"""How many bytes of a file travel in one message."""

REPEATED = 3
"""How often a command is begun again because what it changed was changed meanwhile."""

R = TypeVar("R", bound=Message)
A = TypeVar("A", bound=Message)
T = TypeVar("T")
K = TypeVar("K")
Handler = Callable[[Any, R, grpc.ServicerContext], A]
Body = Callable[[Any, R, Session, Caller], T]
BodyAsked = Callable[[Any, R, Session, Caller, K], T]
Gathering = Callable[[Any, Iterator[R], grpc.ServicerContext], A]


@overload
def command(
    *, answer: Callable[[T], A], allow: Permission, scope: Scope | None = None
) -> Callable[[Body[R, T]], Handler[R, A]]: ...
@overload
def command(
    *,
    answer: Callable[[T], A],
    allow: Permission,
    scope: Scope | None = None,
    ask: Callable[[Any, R, Caller], K],
) -> Callable[[BodyAsked[R, K, T]], Handler[R, A]]: ...
def command(
    *,
    answer: Callable[[Any], Any],
    allow: Permission,
    scope: Scope | None = None,
    ask: Callable[[Any, Any, Caller], Any] | None = None,
) -> Callable[[Callable[..., Any]], Handler[Any, Any]]:
    """Run `(self, request, tx, caller)` in a transaction, once per request id, and `answer` it.

    `allow` is checked before anything else. `ask(self, request, caller)` runs before the
    transaction, for what must be asked of other services; the body gets its result as `asked`.
    `scope` is what the transaction may see, if that is not simply what is the caller's. With
    `validate_only` set everything runs and nothing stays. When somebody else was faster, or the
    database refused what was left to it, a request is begun again, from `ask` on.
    """

    def decorate(body: Callable[..., Any]) -> Handler[Any, Any]:
        def run(self: Servicer, request: Message, caller: Caller) -> Message:
            insist_on_straight_texts(request)
            try:
                return begin(self, request, caller)
            except Refusal:
                asking = call.current()
                if not asking.remembering:
                    raise
                # Nobody is refused for what was so a moment ago.
                asking.afresh = True
                return begin(self, request, caller)

        def begin(self: Servicer, request: Message, caller: Caller) -> Message:
            # Who names a version is told that it is not that any more; all others want it done to
            # whatever is there, also if that just changed.
            for number in range(1 if getattr(request, "etag", "") else REPEATED):
                with suppress(StaleDataError):
                    return attempt(self, request, caller, again=number > 0)
            return attempt(self, request, caller, again=True)

        def attempt(self: Servicer, request: Message, caller: Caller, *, again: bool) -> Message:
            seen = scope or Scope.of(caller)
            try:
                asked = () if ask is None else (ask(self, request, caller),)
            except Refusal as refusal:
                # What was true when this request was first answered may not be so any more.
                return _earlier_answer(self, seen, request, caller, refusal)

            def make() -> Message:
                result = body(self, request, tx, caller, *asked)
                flush(tx)
                return cast(Message, answer(result))

            try:
                with _transaction(self, seen, caller) as tx:
                    tx.info["again"] = again
                    tx.info["tried"] = getattr(request, "validate_only", False)
                    return once(tx, caller, request, make)
            except DryRun as dry:
                return dry.answer
            except Repeated as repeated:
                return _earlier_answer(self, seen, request, caller, repeated.__cause__)

        return _handler(body, allow, run)

    return decorate


def query(
    *,
    answer: Callable[[T], A],
    allow: Permission,
    scope: Scope | None = None,
    planned_once: bool = False,
) -> Callable[[Body[R, T]], Handler[R, A]]:
    """Run `(self, request, tx, caller)` in a transaction that can change nothing; `answer` it.

    `planned_once` is for what is asked all the time, in one way that suits all parameters.
    """

    def decorate(body: Body[R, T]) -> Handler[R, A]:
        def run(self: Servicer, request: R, caller: Caller) -> A:
            seen = scope or Scope.of(caller)
            with self.database.transaction(seen, read_only=True, planned_once=planned_once) as tx:
                return answer(body(self, request, tx, caller))

        return _handler(body, allow, run)

    return decorate


def download(
    *, allow: Permission, scope: Scope | None = None, recorded: bool = False
) -> Callable[[Body[R, Document]], Callable[[Any, R, grpc.ServicerContext], Iterator[HttpBody]]]:
    """Run `(self, request, tx, caller)` as a query and send the document it returns in chunks.

    One that is `recorded` may write down who had it; it is sent only after that is kept.
    """

    def decorate(
        body: Body[R, Document],
    ) -> Callable[[Any, R, grpc.ServicerContext], Iterator[HttpBody]]:
        def run(self: Servicer, request: R, caller: Caller) -> Document:
            seen, read_only = scope or Scope.of(caller), not recorded
            with _transaction(self, seen, caller, read_only=read_only) as tx:
                return body(self, request, tx, caller)

        read = _handler(body, allow, run)

        @functools.wraps(read)
        def handle(self: Servicer, request: R, context: grpc.ServicerContext) -> Iterator[HttpBody]:
            document = read(self, request, context)
            for start in range(0, len(document.content) or 1, CHUNK):
                chunk = document.content[start : start + CHUNK]
                yield HttpBody(content_type=document.media_type, data=chunk)

        return handle

    return decorate


def upload(
    *, answer: Callable[[T], A], allow: Permission, ask: Callable[[Any, R, Caller], K]
) -> Callable[[BodyAsked[R, K, T]], Gathering[R, A]]:
    """Run what is sent in pieces as a command: the body gets one request with the whole file.

    A file is looked at in `ask`, before the transaction: that takes its time.
    """

    def decorate(body: BodyAsked[R, K, T]) -> Gathering[R, A]:
        return cast(Gathering[R, A], command(answer=answer, allow=allow, ask=ask)(body))

    return decorate


def _handler(
    body: Callable[..., Any], allow: Permission, run: Callable[[Any, R, Caller], T]
) -> Callable[[Any, R, grpc.ServicerContext], T]:
    """Wrap what every RPC has in common around `run`."""
    method = body.__name__

    @functools.wraps(body)
    def handle(self: Servicer, request: R, context: grpc.ServicerContext) -> T:
        started, code = time.perf_counter(), "OK"
        answering = call_of(context, f"{self.service}.{method}")
        left = call.enter(answering)
        try:
            with tracing.span(answering.rpc, answering.traceparent) as answering.traceparent:
                answering.caller = admit(self, answering.token, allow)
                request = _whole(request)
                insist_on_required(request)
                insist_on_short_texts(request)
                return run(self, request, answering.caller)
        except Exception as error:
            status = answer_to(error, self.domain)
            code = code_pb2.Code.Name(status.code)
        finally:
            call.leave(left)
            metrics.rpc_timer(self.service, method, code)(time.perf_counter() - started)
        return _abort(context, status)

    vars(handle)["allow"] = allow
    return handle


def _whole(request: Any) -> Any:
    """Return the request, put together if it came in pieces."""
    return request if isinstance(request, Message) else together(request)


def _transaction(
    self: Servicer, scope: Scope, caller: Caller, *, read_only: bool = False
) -> AbstractContextManager[Session]:
    return self.database.transaction(
        scope, actor=caller.account, trace=call.current().traceparent, read_only=read_only
    )


def _earlier_answer(
    self: Servicer, scope: Scope, request: Message, caller: Caller, error: BaseException | None
) -> Message:
    """Return what this request was answered when first made; else go on with what went wrong."""
    if getattr(request, "request_id", "") and not getattr(request, "validate_only", False):
        with _transaction(self, scope, caller, read_only=True) as tx:
            if earlier := earlier_answer(tx, caller, request):
                return earlier
    raise error or AssertionError("a request that was claimed was answered")


def _abort(context: grpc.ServicerContext, status: status_pb2.Status) -> NoReturn:
    context.abort_with_status(rpc_status.to_status(status))
    raise AssertionError("abort_with_status always raises")
