"""What another service answered, remembered for as long as it says that it holds.

A question costs two processes more than all that is done with its answer. So whoever asks the same
all the time follows what changes (`shared.invalidations`), five times a second, and goes by what it
was answered before: never by what changed more than half a second ago, as what was not heard of for
so long is asked for again. Below twenty questions a second, where asking costs no more than
following, nothing is remembered. And nobody is refused for what is remembered: `shared.rpc` begins
such a request again, and asks.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, Protocol, TypeVar

import structlog
from millrun.operations.v1.operations_pb2 import ListInvalidationsResponse
from millrun.operations.v1.validity_pb2 import Validity

from shared import call, metrics
from shared.clock import now
from shared.errors import Refusal
from shared.status import PeerFailed
from shared.wire import time_from

log = structlog.get_logger()

EVERY = 0.2
"""Seconds between two questions what changed."""

LEASE = 0.5
"""Seconds after such a question in which its answer is believed."""

WORTH = 4
"""Questions between two of those that make following worth it."""

LONGEST = 60.0
"""Seconds after which everything is asked anew, whatever it was said to be good for."""

MOST = 4096
"""Answers kept at once; beyond that it begins again with none."""

T = TypeVar("T")


class Answered(Protocol):
    """An answer that may say how long it holds."""

    @property
    def validity(self) -> Validity:
        """Until when, and what it is about."""

    def HasField(self, name: Any, /) -> bool:
        """Whether it says so."""


A = TypeVar("A", bound=Answered)
Listing = Callable[[str], ListInvalidationsResponse]


class _Kept(NamedTuple):
    value: Any
    until: float
    subjects: tuple[bytes, ...]


class Answers:
    """What one service answered; its methods may be called from many threads."""

    def __init__(
        self, peer: str, listing: Listing, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`listing` asks the service what changed since a token; not before something is asked."""
        self._peer, self._listing, self._clock = peer, listing, clock
        self._kept: dict[Hashable, _Kept] = {}
        self._by_subject: defaultdict[bytes, set[Hashable]] = defaultdict(set)
        self._lock = threading.Lock()
        self._token, self._told = "", frozenset[int]()
        self._believed_until = float("-inf")
        self._forgotten = 0
        self._questions = 0
        self._wanted, self._over = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._remembered = metrics.answers.labels(peer, "remembered")
        self._asked = metrics.answers.labels(peer, "asked")

    def recall(self, question: Hashable) -> Any:
        """Return what was read from the answer to `question`, None if it has to be asked.

        The call it is recalled for is marked; one that asks afresh is given nothing.
        """
        self._questions += 1
        if not self._wanted.is_set():
            self._awake()
        kept, asking = self._kept.get(question), call.current()
        if kept is None or asking.afresh:
            return None
        if self._clock() >= min(kept.until, self._believed_until):
            return None
        asking.remembering = True
        self._remembered.inc()
        return kept.value

    def ask(self, question: Hashable, ask: Callable[[], A], read: Callable[[A], T]) -> T:
        """Return what is read from the answer `ask` gets, and remember it if it may be."""
        moment, forgotten = self._clock(), self._forgotten
        followed = moment < self._believed_until
        answer = ask()
        self._asked.inc()
        value = read(answer)
        if followed and answer.HasField("validity"):
            self._keep(question, value, answer.validity, moment, forgotten)
        return value

    def look(self) -> bool:
        """Hear what changed, if that is worth it; return whether it is."""
        questions, self._questions = self._questions, 0
        if questions < WORTH:
            self._rest()
            return False
        moment = self._clock()
        try:
            told = self._listing(self._token)
        except (Refusal, PeerFailed, KeyError) as error:
            # What was heard last is believed a little longer, then everything is asked.
            log.debug("invalidations not heard", peer=self._peer, reason=str(error))
            return True
        with self._lock:
            for each in told.invalidations:
                if not each.position or each.position not in self._told:
                    self._forget(each.subject)
            self._token = told.next_page_token
            self._told = frozenset(each.position for each in told.invalidations)
            self._believed_until = moment + LEASE
        return True

    def close(self) -> None:
        """Follow no more."""
        self._over.set()
        self._wanted.set()
        if self._thread:
            self._thread.join(2 * LEASE)

    def _awake(self) -> None:
        self._wanted.set()
        if self._thread is None:
            with self._lock:
                if self._thread is None and not self._over.is_set():
                    name = f"answers.{self._peer}"
                    self._thread = threading.Thread(target=self._run, name=name, daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while not self._over.is_set():
            self._wanted.wait()
            while not self._over.wait(EVERY):
                try:
                    if not self.look():
                        break
                except Exception:
                    log.exception("invalidations not understood", peer=self._peer)
            self._wanted.clear()

    def _keep(
        self, question: Hashable, value: Any, validity: Validity, moment: float, forgotten: int
    ) -> None:
        good, ends = LONGEST, time_from(validity.expire_time)
        if ends is not None:
            good = min(good, (ends - now()).total_seconds())
        with self._lock:
            if forgotten != self._forgotten:
                return  # it may be what was told of while it was on its way
            if len(self._kept) >= MOST:
                self._forget(b"")
            self._drop(question)
            self._kept[question] = _Kept(value, moment + good, tuple(validity.subjects))
            for subject in validity.subjects:
                self._by_subject[subject].add(question)

    def _forget(self, subject: bytes) -> None:
        """Forget what is about `subject`; everything, if it is empty."""
        self._forgotten += 1
        if not subject:
            self._kept.clear()
            self._by_subject.clear()
        for question in tuple(self._by_subject.get(subject, ())):
            self._drop(question)

    def _drop(self, question: Hashable) -> None:
        """Let go of an answer, and of it under all it is about: some of that never changes."""
        kept = self._kept.pop(question, None)
        for subject in frozenset(kept.subjects) if kept else ():
            self._by_subject[subject].discard(question)
            if not self._by_subject[subject]:
                del self._by_subject[subject]

    def _rest(self) -> None:
        with self._lock:
            self._forget(b"")
            self._token, self._told = "", frozenset()
            self._believed_until = float("-inf")
