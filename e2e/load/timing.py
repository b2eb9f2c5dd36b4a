"""How long many calls took, and how many of them there were in a second."""

from collections.abc import Sequence
from dataclasses import dataclass

from e2e.load.figures import Figure


@dataclass(frozen=True)
class Timing:
    """What a number of clients measured together."""

    elapsed: float
    """Seconds from the first call to the last answer."""

    seconds: Sequence[float]
    """How long each call took."""

    @property
    def rate(self) -> float:
        """Calls a second."""
        return len(self.seconds) / self.elapsed

    def percentile(self, share: float) -> float:
        """Return what `share` of the calls (0.99) took at most, in milliseconds."""
        return percentile(self.seconds, share)


def percentile(seconds: Sequence[float], share: float) -> float:
    """Return what is not exceeded by `share` of `seconds`, in milliseconds."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def figures_of(
    name: str, taken: Timing, limit: Timing, unit: str, marks: dict[str, float] | None = None
) -> list[Figure]:
    """Return rate, median and 99th percentile of `taken`, each beside that of `limit`."""
    marks = marks or {}
    rates = Figure(
        name=f"{name}.rate",
        value=taken.rate,
        unit=unit,
        limit=limit.rate,
        mark=marks.get("rate"),
    )
    times = [
        Figure(
            name=f"{name}.{label}",
            value=taken.percentile(share),
            unit="ms",
            limit=limit.percentile(share),
            mark=marks.get(label),
        )
        for label, share in (("p50", 0.5), ("p99", 0.99))
    ]
    return [rates, *times]
