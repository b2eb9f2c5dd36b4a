"""Where orders are kept, and what is remembered of other services."""

from services.ordering.store.address_book import AddressBook, address_book_entries
from services.ordering.store.duplicates import duplicates_of, insist_none_alike
from services.ordering.store.firmware import retire, retired_among
from services.ordering.store.indexes import is_late, order_words
from services.ordering.store.invoice_profiles import InvoiceProfiles, invoice_profiles
from services.ordering.store.orders import ORDER, Orders, key_of
from services.ordering.store.requests import PurchaseRequests
from services.ordering.store.set_up import knowing
from services.ordering.store.suggested import Suggestions, suggestions
from services.ordering.store.tables import (
    metadata,
    order_lines,
    order_snapshots,
    orders,
    words_seen,
)

__all__ = [
    "ORDER",
    "AddressBook",
    "InvoiceProfiles",
    "Orders",
    "PurchaseRequests",
    "Suggestions",
    "address_book_entries",
    "duplicates_of",
    "insist_none_alike",
    "invoice_profiles",
    "is_late",
    "key_of",
    "knowing",
    "metadata",
    "order_lines",
    "order_snapshots",
    "order_words",
    "orders",
    "retire",
    "retired_among",
    "suggestions",
    "words_seen",
]
