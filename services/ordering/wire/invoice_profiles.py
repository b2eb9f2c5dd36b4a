"""Invoice titles that are kept, in and out of protobuf."""

from typing import Any

from millrun.ordering.v1.invoice_profile_pb2 import InvoiceProfile as Message
from millrun.ordering.v1.ordering_pb2 import ListInvoiceProfilesResponse

from services.ordering.domain.invoice_profile import InvoiceProfile
from services.ordering.wire import title_from, title_message
from shared.paging import Page
from shared.wire import time_message


def profile_message(entry: InvoiceProfile) -> Message:
    """Return an entry."""
    return Message(
        name=entry.name,
        label=entry.label,
        invoice_title=title_message(entry.invoice_title),
        default=entry.is_default,
        create_time=time_message(entry.created_at),
        update_time=time_message(entry.updated_at),
        etag=entry.etag,
    )


def profiles_message(page: Page[InvoiceProfile]) -> ListInvoiceProfilesResponse:
    """Return a page of entries."""
    return ListInvoiceProfilesResponse(
        invoice_profiles=map(profile_message, page.items), next_page_token=page.next_token
    )


def profile_from(message: Message) -> dict[str, Any]:
    """Read what an entry says."""
    return {
        "label": message.label,
        "invoice_title": title_from(message.invoice_title),
        "is_default": message.default,
    }
