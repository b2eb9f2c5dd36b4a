"""The call being answered, for everything that needs it and is far from it.

One context variable instead of many: logs read it, outgoing calls take their token, trace and
deadline from it. It knows nothing of gRPC, so web edges and workers set it too.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from shared.caller import NOBODY, Caller


@dataclass(slots=True)
class Call:
    """What is being answered, for whom, and until when."""

    rpc: str = ""
    """What was asked, as `ordering.SubmitOrder`."""

    token: str = ""
    """The caller's access token, passed on to other services; never logged."""

    traceparent: str = ""
    """W3C trace context, as it goes on to other services and into events."""

    network: str = ""
    """The address a person's request came from, as the edge saw it; empty for anybody else's."""

    device: str = ""
    """What the browser or program said it is."""

    deadline: float = float("inf")
    """When nobody waits for the answer any more, on the monotonic clock, in seconds."""

    caller: Caller = NOBODY
    remembering: bool = False
    """Whether an answer of another service was remembered for it (`shared.answers`)."""

    afresh: bool = False
    """Whether no answer may be remembered for it."""

    @property
    def remaining(self) -> float:
        """Seconds left to answer; negative when it is too late."""
        return self.deadline - time.monotonic()

    @property
    def trace_id(self) -> str:
        """The trace this belongs to: 32 hexadecimal digits, or nothing."""
        return self.traceparent[3:35]


_NO_CALL = Call()
_current: ContextVar[Call] = ContextVar("call", default=_NO_CALL)

enter = _current.set
"""Make a call the current one; hand what it returns to `leave`."""

leave = _current.reset
"""Go back to what was current before."""

current = _current.get
"""Return the call being answered; an empty one outside of any."""


@contextmanager
def within(call: Call) -> Iterator[Call]:
    """Make `call` the current one for a block."""
    token = enter(call)
    try:
        yield call
    finally:
        leave(token)
