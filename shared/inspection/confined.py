"""What the process that looks does: give up what it does not need, look, and say what it found."""

import json
import logging
import resource
import sys
from collections.abc import Callable
from typing import Any

from shared.errors import Refusal

MIB = 1024 * 1024


def run(look: Callable[[bytes], dict[str, Any]]) -> None:
    """Say what `look` finds in the file at standard input, or by which refusal it ends.

    Memory in MiB and seconds are the process's arguments. `look` itself imports what reads files:
    only then it can no longer be made to take more.
    """
    confine(int(sys.argv[1]) * MIB, int(sys.argv[2]))
    logging.disable()
    try:
        said = look(sys.stdin.buffer.read())
    except Refusal as refusal:
        said = {"refused": type(refusal).__name__, "facts": refusal.facts}
    sys.stdout.write(json.dumps(said))


def confine(memory: int, seconds: int) -> None:
    """Give up what is not needed, for good: memory, time and files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
