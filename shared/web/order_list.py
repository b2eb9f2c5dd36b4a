"""Which orders a list shows: what stands in its address, as ordering is asked for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from millrun.ordering.v1.order_pb2 import Family, Order, Purpose, WaitingOn
from millrun.ordering.v1.ordering_pb2 import ExportOrdersRequest
from starlette.requests import Request
from starlette.responses import Response

from shared.errors import Malformed
from shared.references import order_no_of
from shared.web.formats import words
from shared.web.problem import Problem
from shared.web.states import state_of_any
from shared.web.text import _
from shared.web.typed import amount_of, day_of
from shared.wire import time_message

LEAST_LETTERS = 2
"""How many characters a search needs: what is still being typed is not searched for yet."""

STATES = tuple(Order.State.keys()[1:])
PURPOSES = tuple(Purpose.keys()[1:])
FAMILIES = tuple(Family.keys()[1:])
PARTIES = tuple(WaitingOn.Party.keys()[1:])

CHOICES = {"state": STATES, "purpose": PURPOSES, "family": FAMILIES, "waiting_on": PARTIES}
"""What can be chosen, by the fields of the form."""

TEXTS = {
    "product": "product",
    "owner": "owner",
    "order_no": "order_no",
    "po_no": "po_no",
    "batch_no": "customer_batch_no",
    "contract_no": "contract_no",
    "manager": "business_manager",
}
"""Fields of the form by what ordering calls them."""

SORTED = ("order_no", "total", "submit_time", "create_time")
"""What a list can be sorted by; the newest first if nothing is said."""

CURRENCY = "CNY"
LAST_DAY = date(9999, 12, 30)


@dataclass(frozen=True)
class Chip:
    """A filter that is on, as it is shown, and the address of the list without it."""

    label: str
    value: str
    href: str


def asked_for(request: Request) -> dict[str, Any]:
    """Return what the address asks for, as fields of a request to ordering.

    Refuses what was typed and is no day or no amount. A choice that does not exist is none.
    """
    said = request.query_params
    wanted: dict[str, Any] = {name: said.get(field, "").strip() for field, name in TEXTS.items()}
    currency = said.get("currency", "").strip().upper() or CURRENCY
    return wanted | {
        "search": _looked_for(said.get("q", "")),
        "states": _known(request, "state", STATES),
        "purposes": _known(request, "purpose", PURPOSES),
        "family": next(iter(_known(request, "family", FAMILIES)), None),
        "waiting_on": next(iter(_known(request, "waiting_on", PARTIES)), None),
        "submit_time_from": _day(request, "submitted_from"),
        "submit_time_to": _day(request, "submitted_to", days=1),
        "create_time_from": _day(request, "created_from"),
        "create_time_to": _day(request, "created_to", days=1),
        "total_from": _amount(request, "total_from", currency),
        "total_to": _amount(request, "total_to", currency),
        "order_by": _order_by(said.get("sort", "")),
    }


def file_name(request: Request) -> str:
    """Return what an export is called: orders and their lines may lie in one folder."""
    what = "order-lines" if request.query_params.get("rows") == "LINES" else "orders"
    return f"{what}-{datetime.now(UTC):%Y-%m-%d}"


def kind_of(request: Request) -> dict[str, Any]:
    """Return what kind of file is asked for; a choice that does not exist is the usual one."""
    said, kinds = request.query_params, ExportOrdersRequest.Format.keys()[1:]
    chosen, rows = said.get("format", ""), said.get("rows", "")
    return {
        "format": chosen if chosen in kinds else None,
        "rows": rows if rows in ExportOrdersRequest.Rows.keys()[1:] else None,
    }


def found_or_refused(request: Request, find: Callable[[], Any], nothing: Any) -> Any:
    """Return what `find` finds; `nothing` where it is refused, and the page says why."""
    try:
        return find()
    except Malformed as refusal:
        request.state.problem = Problem.of(refusal)
        return nothing


def told(request: Request, response: Response) -> Response:
    """Return a list with what was refused: asked for by a script, which shows no failures, as one
    that succeeded."""
    if request.headers.get("hx-request"):
        response.status_code = 200
    return response


def chips(request: Request, called: Mapping[str, str] | None = None) -> Sequence[Chip]:
    """Return the filters that are on; `called` says what names of people and owners mean."""
    found = []
    for field, value in request.query_params.multi_items():
        label = _labels().get(field)
        if label and value.strip() and _is_looked_at(request, field, value):
            said = (called or {}).get(value, value)
            if field in {"purpose", "family", "waiting_on"}:
                said = words(value)
            if field == "state":
                said = state_of_any(value)
            found.append(Chip(label, said, _without(request, field, value)))
    return found


def query_of(request: Request, **more: str) -> str:
    """Return the filters as they stand in an address, with `more`."""
    known = {*_labels(), "sort"}
    said = [
        (field, value)
        for field, value in request.query_params.multi_items()
        if field in known and value.strip() and field not in more
    ]
    return urlencode([*said, *more.items()])


def sorting() -> Sequence[tuple[str, str]]:
    """Return in which orders a list can come, to choose from."""
    return [
        ("", _("Newest first")),
        ("create_time", _("Oldest first")),
        ("-submit_time", _("Last submitted first")),
        ("submit_time", _("First submitted first")),
        ("-total", _("Largest total first")),
        ("total", _("Smallest total first")),
        ("order_no", _("By number, rising")),
        ("-order_no", _("By number, falling")),
    ]


def _labels() -> Mapping[str, str]:
    return {
        "q": _("Search"),
        "state": _("State"),
        "waiting_on": _("Waiting on"),
        "purpose": _("Purpose"),
        "family": _("Kind"),
        "product": _("Product"),
        "owner": _("Product owner"),
        "customer": _("Customer"),
        "manager": _("Business manager"),
        "order_no": _("Order no."),
        "po_no": _("PO no."),
        "batch_no": _("Customer batch no."),
        "contract_no": _("Contract no."),
        "submitted_from": _("Submitted from"),
        "submitted_to": _("Submitted until"),
        "created_from": _("Drafted from"),
        "created_to": _("Drafted until"),
        "total_from": _("Total from"),
        "total_to": _("Total to"),
        "currency": _("Currency"),
    }


def _looked_for(text: str) -> str:
    """Return what is searched: who has a statement of the bank knows its references alone."""
    text = order_no_of(text) or text
    return text if len(max(text.split(), key=len, default="")) >= LEAST_LETTERS else ""


def _is_looked_at(request: Request, field: str, value: str) -> bool:
    """Whether the list is cut by it: not by a single letter, nor by a choice there is not."""
    if field == "currency":
        return _has_amount(request)
    if field == "q":
        return bool(_looked_for(value))
    return field not in CHOICES or value in CHOICES[field]


def _known(request: Request, field: str, names: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(request.query_params.getlist(field)) if name in names]


def _has_amount(request: Request) -> bool:
    return any(request.query_params.get(name, "").strip() for name in ("total_from", "total_to"))


def _day(request: Request, field: str, *, days: int = 0) -> Any:
    found = day_of(request.query_params.get(field, "").strip(), field)
    if found is None:
        return None
    # The calendar ends with the year 9999.
    return time_message(datetime.combine(min(found, LAST_DAY), time(), UTC) + timedelta(days=days))


def _amount(request: Request, field: str, currency: str) -> Any:
    text = request.query_params.get(field, "").strip()
    return amount_of(text, field, currency) if text else None


def _order_by(sort: str) -> str:
    field = sort.removeprefix("-")
    if field not in SORTED:
        return ""
    return f"{field} desc" if sort.startswith("-") else field


def _without(request: Request, field: str, value: str) -> str:
    left = [
        (name, said)
        for name, said in request.query_params.multi_items()
        if (name, said) != (field, value) and name != "page_token" and said
    ]
    return f"{request.url.path}?{urlencode(left)}" if left else request.url.path


@dataclass(frozen=True)
class Lists:
    """What the form offers to choose from."""

    states: Sequence[str] = STATES
    purposes: Sequence[str] = PURPOSES
    families: Sequence[str] = FAMILIES
    parties: Sequence[str] = PARTIES
    currency: str = CURRENCY

    @property
    def sorting(self) -> Sequence[tuple[str, str]]:
        return sorting()
