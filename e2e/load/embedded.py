"""How soon everything in one process answers, and how much memory it takes."""

import signal
import time
from collections.abc import Callable, Iterator

from deploy.local.world import RUNNER, World, world
from e2e.load.clients import apart, over_http
from e2e.load.customer import Customer
from e2e.load.figures import Figure
from e2e.load.processes import resident

WARM_STARTS = 3
START_MARK, MEMORY_MARK = 8.0, 450.0


def figures(count: int) -> Iterator[Figure]:
    """Yield what a first start, a later one and the memory of a busy process amount to."""
    began = time.monotonic()
    with world("local") as running:
        yield Figure(name="start.cold", value=time.monotonic() - began, unit="s")
        starts = sorted(_again(running) for _ in range(WARM_STARTS))
        yield Figure(name="start.warm", value=starts[WARM_STARTS // 2], unit="s", mark=START_MARK)
        yield Figure(name="memory.embedded.idle", value=_memory(running), unit="MiB")
        with Customer.of(running) as customer:
            apart(over_http, customer.port, customer.submissions(count // 4), 8)
        yield Figure(
            name="memory.embedded.busy", value=_memory(running), unit="MiB", mark=MEMORY_MARK
        )


def _again(running: World) -> float:
    """Stop it as Ctrl-C would and start it; return how long the start took."""
    running.kill(RUNNER, signal.SIGTERM)
    return _seconds(lambda: running.start(RUNNER))


def _memory(running: World) -> float:
    return resident(running.pids[RUNNER])


def _seconds(work: Callable[[], None]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
