"""The clocks of a service, each in a thread of its own so that a slow one delays no other."""

import threading
from types import TracebackType
from typing import Self

import structlog

from shared import call, metrics, tracing
from shared.call import Call
from shared.errors import Unavailable
from shared.faults import refusal_of
from shared.service import Clock, Runtime

log = structlog.get_logger()

PATIENCE = 10.0
"""Seconds a tick may take to end when the process stops."""


class Ticking:
    """Runs clocks until it is told to stop.

    Several processes of one service run the same clocks at the same time: a tick takes its work
    by a row lock or an advisory lock.
    """

    def __init__(self, runtime: Runtime, clocks: tuple[Clock, ...]) -> None:
        self._runtime = runtime
        self._over = threading.Event()
        self._threads = [
            threading.Thread(
                target=self._run,
                args=(clock,),
                name=f"{runtime.service.name}.{_name_of(clock)}",
                daemon=True,
            )
            for clock in clocks
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _run(self, clock: Clock) -> None:
        while not self._over.is_set():
            if not self._tick(clock):
                self._over.wait(clock.every)

    def _tick(self, clock: Clock) -> int:
        """Tick once; a clock that raises is written down and ticks again when its time comes."""
        name, service = _name_of(clock), self._runtime.service.name
        with call.within(Call(rpc=f"{service}.{name}", traceparent=tracing.new_traceparent())):
            try:
                return clock.tick(self._runtime)
            except Exception as error:
                metrics.clock_failures.labels(service, name).inc()
                if isinstance(refusal_of(error), Unavailable):
                    # It comes back by itself: what clocks say each second till then fits in a line.
                    log.warning(
                        "clock failed", cause=f"{type(error).__name__}: {error}".partition("\n")[0]
                    )
                else:
                    log.exception("clock failed")
                return 0


def _name_of(clock: Clock) -> str:
    return getattr(clock.tick, "__name__", type(clock.tick).__name__)
