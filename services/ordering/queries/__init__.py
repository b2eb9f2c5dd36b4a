"""What can be known about orders. One file per subject."""

from services.ordering.queries.lists import list_orders
from services.ordering.queries.orders import basket_of, find_order, get_order, list_duplicates
from services.ordering.queries.shown import Shown, show

__all__ = [
    "Shown",
    "basket_of",
    "find_order",
    "get_order",
    "list_duplicates",
    "list_orders",
    "show",
]
