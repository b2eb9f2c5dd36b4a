"""What is built into a product."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.catalog.domain.errors.products import (
    DataPointMalformed,
    DataPointTwice,
    TooManyDataPoints,
)

DATA_POINT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
MOST_DATA_POINTS = 500


@dataclass(frozen=True, kw_only=True)
class BuildConfiguration:
    """Module, firmware, panel and data points; the first two by their names."""

    module: str
    firmware: str
    panel: str = ""
    data_points: tuple[str, ...] = ()

    def check(self) -> None:
        """Insist that the data points can be told apart, each being there once."""
        if len(self.data_points) > MOST_DATA_POINTS:
            raise TooManyDataPoints(most=MOST_DATA_POINTS)
        for position, point in enumerate(self.data_points):
            if not DATA_POINT.fullmatch(point):
                raise DataPointMalformed(data_point=point[:80])
            if point in self.data_points[:position]:
                raise DataPointTwice(data_point=point)
