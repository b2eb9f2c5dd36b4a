"""Why an invoice that stands in books is taken back."""

from enum import Enum


class ReversalCause(Enum):
    """Why finance is asked to reverse an invoice."""

    ORDER_ENDED = "its order ended"
    ORDER_CHANGED = "its order was changed at the same moment"
