"""How many of something can be ordered: never fewer than a minimum, always whole packages."""


def smallest(*, minimum: int, unit: int) -> int:
    """Return the smallest quantity of whole packages of `unit` that is not below `minimum`.

    >>> smallest(minimum=120, unit=50)
    150
    """
    unit = max(unit, 1)
    return max(-(-minimum // unit), 1) * unit


def nearest(quantity: int, *, minimum: int, unit: int) -> tuple[int, ...]:
    """Return what to order instead of `quantity`, smaller one first; nothing if it will do.

    >>> nearest(130, minimum=100, unit=50)
    (100, 150)
    >>> nearest(30, minimum=100, unit=50)
    (100,)
    >>> nearest(150, minimum=100, unit=50)
    ()
    """
    first = smallest(minimum=minimum, unit=unit)
    if quantity < first:
        return (first,)
    below = quantity // max(unit, 1) * max(unit, 1)
    return () if below == quantity else (below, below + max(unit, 1))
