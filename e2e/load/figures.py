"""What was measured, beside its limit: as a table for people and as JSON for whoever compares."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LEGEND = """\
limit: what this machine can do at most, by the bare work in the same run; ratio: value / limit.
mark: what has to be reached; who does not says MISSED. p50, p99: half, and 99 in a hundred, take no
longer. A number in a name, as in submit.8, is of clients at once."""
"""What people read above the table."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number."""

    name: str
    value: float
    unit: str

    limit: float | None = None
    """What the machine can do at most, measured in the same run by nothing but the bare work."""

    mark: float | None = None
    """What it has to reach."""

    @property
    def ratio(self) -> float | None:
        """Value by limit: a rate is below 1, and a time or a size above."""
        return self.value / self.limit if self.limit else None

    @property
    def reached(self) -> bool | None:
        """Whether the mark is reached; None without one."""
        if self.mark is None:
            return None
        return self.value >= self.mark if self.unit.endswith("/s") else self.value <= self.mark


def heading() -> str:
    """Return what stands above the lines."""
    return f"{'figure':<38}{'value':>9}{'limit':>9}{'ratio':>8}{'mark':>7}  unit"


def line(figure: Figure) -> str:
    """Return a figure as a line of text."""
    numbers = map(_short, (figure.value, figure.limit, figure.ratio, figure.mark))
    value, limit, ratio, mark = numbers
    missed = "  MISSED" if figure.reached is False else ""
    return f"{figure.name:<38}{value:>9}{limit:>9}{ratio:>8}{mark:>7}  {figure.unit}{missed}"


def keep(figures: Iterable[Figure], path: Path) -> None:
    """Write the figures to `path` as JSON, by name."""
    data = {
        each.name: {
            "value": each.value,
            "limit": each.limit,
            "ratio": each.ratio,
            "unit": each.unit,
            "mark": each.mark,
        }
        for each in figures
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2) + "\n")


def _short(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
