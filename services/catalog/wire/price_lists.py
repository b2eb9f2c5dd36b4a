"""Price lists, terms and quotes in and out of protobuf."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from millrun.catalog.v1 import catalog_pb2 as service_pb
from millrun.catalog.v1 import price_list_pb2 as pb

from services.catalog.domain.customer_terms import CustomerTerms
from services.catalog.domain.price_list import PriceEntry, PriceList, State
from services.catalog.domain.prices import Charge
from services.catalog.domain.pricing import Verdict
from services.catalog.queries.price_lists import Quote
from services.catalog.wire.masks import changes
from services.catalog.wire.prices import charge_from, charge_message, fee_message
from shared.names import parse
from shared.paging import Page
from shared.wire import time_from, time_message

FIELDS = {"display_name": "display_name", "start_time": "start_at", "end_time": "end_at"}


def price_list_message(prices: PriceList) -> pb.PriceList:
    """Return a price list with its prices."""
    message = _head(prices)
    message.entries.extend(map(_entry_message, prices.entries))
    message.entry_count = len(prices.entries)
    return message


def price_lists_message(page: Page[PriceList]) -> service_pb.ListPriceListsResponse:
    """Return a page of price lists, without their prices."""
    return service_pb.ListPriceListsResponse(
        price_lists=map(_head, page.items), next_page_token=page.next_token
    )


def state_from(number: "pb.PriceList.State.ValueType") -> State | None:
    """Read a state; None for none, and for one we do not know."""
    known = pb.PriceList.State
    return State.__members__.get(known.Name(number) if number in known.values() else "")


def owner_from(message: pb.PriceList) -> str:
    """Read whose own list it is; empty for everybody's."""
    return parse("enterprises/*", message.enterprise)[0] if message.enterprise else ""


def changes_from(message: pb.PriceList, mask: FieldMask) -> dict[str, Any]:
    """Read what changes of a list; NothingToChange."""
    named = changes(message, mask, *FIELDS)
    return {FIELDS[name]: _value(value) for name, value in named.items()}


def charges_from(entries: Iterable[pb.PriceEntry]) -> list[tuple[str, Charge | None]]:
    """Read what items cost; None for those that are taken off the list."""
    return [(entry.item, charge_from(entry.charge)) for entry in entries]


def terms_message(terms: CustomerTerms) -> pb.CustomerTerms:
    """Return what was agreed with a customer."""
    stored = sa.inspect(terms).has_identity  # type: ignore[union-attr]
    return pb.CustomerTerms(
        name=terms.name, currency=terms.currency, etag=terms.etag if stored else ""
    )


def quote_message(quote: Quote) -> pb.Quote:
    """Return what somebody would pay, and why."""
    prices, charge = quote.price_list, quote.charge
    return pb.Quote(
        item=quote.item.name,
        item_display_name=getattr(quote.item, "display_name", ""),
        quantity=quote.quantity,
        enterprise=quote.enterprise,
        currency=quote.currency,
        quote_time=time_message(quote.at),
        price_list=prices.name if prices else "",
        price_list_display_name=prices.display_name if prices else "",
        charge=charge_message(charge) if prices else None,
        unit_price=fee_message(charge.unit_price(quote.quantity)),
        total=fee_message(charge.total(quote.quantity)),
        next_tier_quantity=charge.next_tier(quote.quantity),
        minimum_quantity=quote.minimum_quantity,
        packing_unit=quote.packing_unit,
        nearest_quantities=quote.nearest,
        considered=[_considered(*each) for each in quote.considered],
    )


def _value(value: Any) -> Any:
    return time_from(value) if isinstance(value, Timestamp) else value


def _considered(prices: PriceList, verdict: Verdict) -> pb.ConsideredPriceList:
    return pb.ConsideredPriceList(
        price_list=prices.name,
        display_name=prices.display_name,
        verdict=pb.ConsideredPriceList.Verdict.Value(verdict.name),
    )


def _head(prices: PriceList) -> pb.PriceList:
    return pb.PriceList(
        name=prices.name,
        display_name=prices.display_name,
        currency=prices.currency,
        enterprise=f"enterprises/{prices.enterprise}" if prices.enterprise else "",
        enterprise_legal_name=getattr(prices, "legal_name", "") or "",
        start_time=time_message(prices.start_at),
        end_time=time_message(prices.end_at),
        state=pb.PriceList.State.Value(prices.state.name),
        entry_count=getattr(prices, "entry_count", 0) or 0,
        create_time=time_message(prices.created_at),
        etag=prices.etag,
    )


def _entry_message(entry: PriceEntry) -> pb.PriceEntry:
    return pb.PriceEntry(item=entry.item, charge=charge_message(entry.charge))
