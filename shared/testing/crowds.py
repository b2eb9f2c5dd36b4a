"""Many who do something at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any


def at_once(act: Callable[[int], Any], times: int) -> list[Any]:
    """Call `act(0)`, `act(1)` … together; return what each returned or raised."""
    start = Barrier(times)

    def outcome(number: int) -> Any:
        start.wait()
        try:
            return act(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(outcome, range(times)))
