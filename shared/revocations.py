"""Hearing of access tokens that ended before their time.

Authorization writes down whose tokens end; every process that verifies tokens, or keeps some, asks
it twice a second and keeps the answer in memory, so that verifying costs no hop. While
authorization is away nothing new is heard, and tokens live their five minutes.
"""

import threading
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import structlog
from millrun.authorization.v1.account_pb2 import Revocation
from millrun.authorization.v1.authorization_pb2 import ListRevocationsRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub

from shared import call
from shared.call import Call
from shared.clients import Clients
from shared.errors import Refusal
from shared.revoked import Revocations
from shared.status import PeerFailed
from shared.wire import time_message

log = structlog.get_logger()

EVERY = 0.5
"""Seconds between two questions: with the answer, a revocation is known everywhere in one."""

PATIENCE = 2.0

SAID_AFTER = 5.0
"""Seconds without an answer that are worth a word: processes that start together wait so long."""

OVERLAP = timedelta(seconds=30)
"""A revocation is seen when its transaction ends, so long after its time at most."""


def following(clients: Clients, *followers: Revocations) -> AbstractContextManager[object]:
    """Return what follows revocations while its block runs, if it is known where to ask.

    A process that was not told where authorization is lets tokens live until they expire.
    """
    if clients.know("authorization"):
        return Following(clients, *followers)
    log.warning("revocations not followed")
    return nullcontext()


class Following:
    """Asks authorization, in a thread, for as long as the block runs."""

    def __init__(self, clients: Clients, *followers: Revocations) -> None:
        self._clients, self._followers = clients, followers
        self._over = threading.Event()
        self._newest: datetime | None = None
        self._heard_at = time.monotonic()
        self._missed = False
        self._thread = threading.Thread(target=self._run, name="revocations", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(PATIENCE + 1)

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._apply(self._ask())
                self._say(heard=True)
            except (Refusal, PeerFailed) as error:
                self._say(heard=False, reason=getattr(error, "cause", "") or str(error))
            except Exception:
                log.exception("revocations not understood")
            self._over.wait(EVERY)

    def _ask(self) -> Iterable[Revocation]:
        after = time_message(self._newest - OVERLAP) if self._newest else None
        request = ListRevocationsRequest(after_time=after)
        with call.within(Call(rpc="revocations", deadline=time.monotonic() + PATIENCE)):
            return self._clients.of(AuthorizationServiceStub).ListRevocations(request).revocations

    def _apply(self, revocations: Iterable[Revocation]) -> None:
        for each in revocations:
            at = each.create_time.ToDatetime(UTC)
            self._newest = max(at, self._newest or at)
            for known in self._followers:
                known.end(each.digest, each.position)
        for known in self._followers:
            known.forget_old()

    def _say(self, *, heard: bool, reason: str = "") -> None:
        """Write down that authorization is away for a while, once, and that it is back."""
        moment = time.monotonic()
        if heard:
            if self._missed:
                log.info("revocations heard again")
            self._heard_at, self._missed = moment, False
        elif not self._missed and moment - self._heard_at >= SAID_AFTER:
            self._missed = True
            log.warning("revocations not heard", reason=reason)
