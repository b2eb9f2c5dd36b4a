"""What can be known about orders. One file per subject."""

from services.ordering.queries.exporting import Format, export_orders
from services.ordering.queries.lists import list_orders
from services.ordering.queries.orders import (
    basket_of,
    find_order,
    get_liability,
    get_order,
    list_duplicates,
    list_obstacles,
)
from services.ordering.queries.revisions import (
    compare_revisions,
    get_passport,
    list_keys,
    list_revisions,
    verify,
)
from services.ordering.queries.shown import Shown, show

__all__ = [
    "Format",
    "Shown",
    "basket_of",
    "compare_revisions",
    "export_orders",
    "find_order",
    "get_liability",
    "get_order",
    "get_passport",
    "list_duplicates",
    "list_keys",
    "list_obstacles",
    "list_orders",
    "list_revisions",
    "show",
    "verify",
]
