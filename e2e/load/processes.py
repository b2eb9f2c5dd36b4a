"""What processes use: memory, and processor time."""

from collections.abc import Iterator, Mapping

import psutil

MIB = 1024 * 1024


def resident(pid: int) -> float:
    """Return the memory a process holds, in MiB."""
    return float(psutil.Process(pid).memory_info().rss) / MIB


def footprints(pids: Mapping[str, int]) -> dict[str, float]:
    """Return the memory of each process, in MiB; what several share is counted once."""
    return {name: sum(map(_memory, _family(pid, pids))) for name, pid in pids.items()}


def busy(pids: Mapping[str, int]) -> dict[str, float]:
    """Return the seconds of processor time each process has used."""
    return {name: sum(map(_seconds, _family(pid, pids))) for name, pid in pids.items()}


def _family(pid: int, named: Mapping[str, int]) -> Iterator[psutil.Process]:
    """Yield a process and those it started that have no name of their own: PostgreSQL's."""
    try:
        process = psutil.Process(pid)
        children = process.children()
    except psutil.NoSuchProcess:  # PostgreSQL's own come and go
        return
    yield process
    for child in children:
        if child.pid not in named.values():
            yield from _family(child.pid, named)


def _memory(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / MIB
    except psutil.NoSuchProcess:
        return 0.0


def _seconds(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:  # a connection's process that ended meanwhile
        return 0.0
    return float(used.user + used.system)
