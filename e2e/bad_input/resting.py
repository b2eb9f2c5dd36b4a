"""What there is once nothing more comes of what was done."""

from typing import Any

from e2e.bad_input.target import Target
from shared.testing import eventually


def at_rest(target: Target) -> dict[str, Any]:
    """Return everything, once two looks see it alike: what was told last may be on its way."""
    seen = [target.everything()]

    def alike() -> bool:
        seen.append(target.everything())
        return seen[-2] == seen[-1]

    eventually(alike)
    return seen[-1]
