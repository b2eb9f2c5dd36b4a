"""Price lists: the lists, the page of one with its prices, and the editor of prices."""

from datetime import UTC, datetime, time
from pathlib import Path

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from millrun.authorization.v1.authorization_pb2 import ListEnterprisesRequest
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Enterprise
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.catalog_pb2_grpc import CatalogServiceStub
from millrun.catalog.v1.price_list_pb2 import PriceEntry, PriceList
from starlette.requests import Request
from starlette.responses import Response

from services.console.customers import every_customer, to_choose
from services.console.pasting import TIERS, entries_of, entry_from, text_of
from services.console.reading import choices, chosen, day, end_of_day
from services.console.roles import BUSINESS, MANAGERS
from services.console.shelf import SHELF, names_of
from shared.web import Form, Nav, Pages, _, call, ngettext, page, redirect, together
from shared.web.together import Question
from shared.wire import date_from, time_message

pages = Pages(Path(__file__).parent)

GENERAL = "enterprises/-"
"""Whose the lists for everybody are, to the catalogue."""

MOST_MEANT = 20
"""So many customers are offered where what was typed is said of several."""


@pages.get("/priceLists", roles=MANAGERS, nav=Nav("Prices", icon="report-money", also=("/quotes",)))
def list_price_lists(request: Request) -> Response:
    """List price lists, the newest first: all, the general ones, or those of one customer."""
    wanted = request.query_params
    meant = _meant(request)
    one = len(meant) == 1 or not wanted.get("customer", "").strip()
    asked = pb.ListPriceListsRequest(
        page_token=wanted.get("page_token", ""),
        enterprise=meant[0].name if meant else wanted.get("enterprise", ""),
        state=chosen(request, "state", PriceList.State),
    )
    found = call(request, CatalogServiceStub, "ListPriceLists", asked) if one else None
    return page(
        request,
        "price_lists.html",
        fragment="rows",
        found=found or pb.ListPriceListsResponse(),
        meant=to_choose(meant[:MOST_MEANT]),
        more=len(meant) > MOST_MEANT,
        one=one,
        states=choices(PriceList.State),
    )


def _meant(request: Request) -> list[Enterprise]:
    """Return the customers what was typed is said of; none where nothing was."""
    if not (typed := request.query_params.get("customer", "").strip()):
        return []
    asked = ListEnterprisesRequest(search=typed, page_size=MOST_MEANT + 1)
    return list(call(request, AuthorizationServiceStub, "ListEnterprises", asked).enterprises)


@pages.get("/priceLists/new", roles=BUSINESS)
def show_new_price_list(request: Request) -> Response:
    """Ask for a price list."""
    return page(request, "price_list_new.html", customers=to_choose(every_customer(request)))


@pages.post("/priceLists/new", roles=BUSINESS, again=show_new_price_list)
def create_price_list(request: Request, form: Form) -> Response:
    """Enter the price list, with the prices that were pasted."""
    currency = form["currency"].upper()
    wanted = PriceList(
        display_name=form["display_name"],
        currency=currency,
        enterprise=form["enterprise"],
        start_time=_begin(form, "start_time"),
        end_time=end_of_day(form, "end_time"),
        entries=entries_of(form["table"], currency),
    )
    asked = pb.CreatePriceListRequest(price_list=wanted, request_id=form["request_id"])
    created = call(request, CatalogServiceStub, "CreatePriceList", asked)
    return redirect(request, f"/{created.name}", _("The price list is entered."))


@pages.get("/priceLists/{id}", roles=MANAGERS)
def show_price_list(request: Request) -> Response:
    """Show a price list with its prices, and to who may change them the ways to."""
    parts = together(request, prices=_asked(request), **SHELF)
    prices: PriceList = parts["prices"].insist()
    return page(
        request,
        "price_list.html",
        prices=prices,
        called=names_of(parts),
        table=text_of(prices.entries),
    )


@pages.post("/priceLists/{id}", roles=BUSINESS, again=show_price_list)
def update_price_list(request: Request, form: Form) -> Response:
    """Change what the list is called and when it gives prices."""
    wanted = PriceList(
        name=_name(request),
        display_name=form["display_name"],
        start_time=_begin(form, "start_time"),
        end_time=end_of_day(form, "end_time"),
        etag=form["etag"],
    )
    # A day says less than the moment behind it: what was not touched stays to the second.
    touched = [each for each in ("start", "end") if form[f"{each}_time"] != form[f"{each}_was"]]
    mask = FieldMask(paths=["display_name", *(f"{each}_time" for each in touched)])
    asked = pb.UpdatePriceListRequest(
        price_list=wanted, update_mask=mask, request_id=form["request_id"]
    )
    call(request, CatalogServiceStub, "UpdatePriceList", asked)
    return redirect(request, f"/{wanted.name}", _("The price list is changed."))


@pages.get("/priceLists/{id}/price", roles=BUSINESS)
def show_price(request: Request) -> Response:
    """Ask what one item costs by the list."""
    parts = together(request, prices=_asked(request), **SHELF)
    prices, item = parts["prices"].insist(), request.query_params.get("item", "")
    entry = next((each for each in prices.entries if each.item == item), PriceEntry(item=item))
    return page(
        request,
        "price.html",
        prices=prices,
        entry=entry,
        called=names_of(parts),
        tiers=range(1, TIERS + 1),
    )


@pages.post("/priceLists/{id}/price", roles=BUSINESS, again=show_price)
def set_price(request: Request, form: Form) -> Response:
    """Set what the item costs."""
    entry = entry_from(form, form["currency"])
    return _set(request, form, [entry], _("The price is set."))


@pages.get("/priceLists/{id}/paste", roles=BUSINESS)
def show_paste(request: Request) -> Response:
    """Offer the prices as a table, to be changed in a spreadsheet and pasted again."""
    prices = call(request, *_asked(request))
    return page(request, "price_paste.html", prices=prices, table=text_of(prices.entries))


@pages.post("/priceLists/{id}/paste", roles=BUSINESS, again=show_paste)
def paste_prices(request: Request, form: Form) -> Response:
    """Set all prices that were pasted; items that are not among them stay as they are."""
    entries = entries_of(form["table"], form["currency"])
    done = ngettext(
        "%(count)s price is set.", "%(count)s prices are set.", len(entries), count=len(entries)
    )
    return _set(request, form, entries, done)


@pages.post("/priceLists/{id}/retire", roles=BUSINESS)
def retire_price_list(request: Request, form: Form) -> Response:
    """End the list for good."""
    asked = pb.RetirePriceListRequest(
        name=_name(request), etag=form["etag"], request_id=form["request_id"]
    )
    call(request, CatalogServiceStub, "RetirePriceList", asked)
    return redirect(request, f"/{asked.name}", _("The price list is retired."))


def _set(request: Request, form: Form, entries: list[PriceEntry], done: str) -> Response:
    asked = pb.SetPricesRequest(
        name=_name(request), entries=entries, etag=form["etag"], request_id=form["request_id"]
    )
    call(request, CatalogServiceStub, "SetPrices", asked)
    return redirect(request, f"/{asked.name}", done)


def _name(request: Request) -> str:
    return f"priceLists/{request.path_params['id']}"


def _asked(request: Request) -> Question:
    asked = pb.GetPriceListRequest(name=_name(request))
    return (CatalogServiceStub, "GetPriceList", asked)


def _begin(form: Form, field: str) -> Timestamp | None:
    """Read a day and return its first moment, in UTC; None if nothing was entered."""
    found = day(form, field)
    when = date_from(found) if found else None
    return time_message(datetime.combine(when, time(), UTC)) if when else None
