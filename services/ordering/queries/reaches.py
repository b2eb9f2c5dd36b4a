"""How far roads are gone: a page costs a few times what it costs by the shorter one."""

from services.ordering.queries.roads import Road

COVERED, NEAR, SCATTERED = (4_000, 50_000, 400_000), (600, 6_000), (300, 2_000)
WORDED, WORDED_LAST = (200, 8_000), (2_000, 50_000, 400_000)
BY_TOTAL, BY_TOTAL_WORDED = (1_000, 10_000), (1_000, 70_000)
"""How many entries are read at first and then: of an index alone, of orders that lie together, of
orders anywhere, and of orders whose words are looked at: of each, or only until the page is full;
and of totals, which have orders as they are listed, without words and with them. Each first is a
millisecond's worth, and each second one ten milliseconds'; of an index alone a hundred are gone
before a list is left to the planner."""

PER_LOOK = 16
"""How many entries of an index alone are read while the words of one order are looked at."""


def reach_of(road: Road) -> tuple[int, ...]:
    """Return how many entries of a road are read at first, and then."""
    if road.goes_by_total and road.is_covered:
        return BY_TOTAL_WORDED if road.shape.words else BY_TOTAL
    if road.shape.words:
        return WORDED_LAST if road.is_covered else WORDED
    if road.is_covered:
        return COVERED
    return SCATTERED if road.is_scattered else NEAR
