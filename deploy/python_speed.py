"""Says how long this Python takes for a little of what Millrun does all day, in microseconds.

`deploy/bootstrap` asks each Python it finds; processor time and the best of many, so that whatever
else the machine does hardly matters.
"""

import json
import sys
import time

ROUNDS, TIMES = 80, 10


class Line:
    """A thing with an attribute and a method, as most are."""

    def __init__(self, number: int) -> None:
        self.number = number

    def next(self) -> int:
        """Return the number after this one's."""
        return self.number + 1


def work() -> None:
    """Write and read JSON, make objects, call methods, fill and sort a mapping."""
    told = {"lines": [{f"key{number}": number, "text": "x" * 20} for number in range(30)]}
    json.loads(json.dumps(told, sort_keys=True))
    lines = {line.number: line for line in map(Line, range(200))}
    assert sum(line.next() for line in lines.values()) == 20_100
    " ".join(str(number) for number in sorted(lines, key=lambda number: -number))


def took() -> int:
    """Return the microseconds of processor time that some rounds of work take."""
    began = time.process_time_ns()
    for _ in range(TIMES):
        work()
    return (time.process_time_ns() - began) // 1000


if __name__ == "__main__":
    sys.stdout.write(f"{min(took() for _ in range(ROUNDS))}\n")
