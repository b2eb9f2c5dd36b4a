"""`python -m services.contract.inspection MEMORY SECONDS`, with the file as standard input."""

import json
import logging
import resource
import sys

from shared.errors import Refusal

MIB = 1024 * 1024


def main(memory: int, seconds: int) -> None:
    """Say what is in the file at standard input, or by which of contract's errors it is refused."""
    _confine(memory * MIB, seconds)
    logging.disable()
    # Only now is anything imported that could be made to take more.
    from services.contract.inspection.looking import look

    try:
        said = look(sys.stdin.buffer.read())
    except Refusal as refusal:
        said = {"refused": type(refusal).__name__, "facts": refusal.facts}
    sys.stdout.write(json.dumps(said))


def _confine(memory: int, seconds: int) -> None:
    """Give up what is not needed, for good: memory, time and files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
