"""What ordering needs to know of products: asked at every submit, so one statement, no objects.

PostgreSQL answers one JSON document, and the driver is asked directly: rows, columns and their
types would cost more than all that is done with them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from sqlalchemy.orm import Session

from services.catalog.domain.errors.offers import TooManyProducts
from services.catalog.queries.pricing import Buyer, facts, the_entry
from services.catalog.store import PRODUCT
from shared.caller import Caller
from shared.names import enterprise_of, parse
from shared.prepared import Prepared
from shared.sql import run

MOST_OFFERS = 200

_OFFERS = """
    SELECT json_build_object('products', coalesce(json_agg(offer), '[]'), 'until', (
        SELECT min(turn.at)
        FROM price_lists l CROSS JOIN LATERAL (VALUES (l.start_at), (l.end_at)) AS turn (at)
        WHERE l.enterprise IN ('', :customer) AND l.state = 'ACTIVE' AND turn.at > :now
    ){on_top}) FROM (
        SELECT p.enterprise, p.pid, p.display_name, p.model, p.lifecycle,
            f.id AS firmware_id, f.version_name, f.digest, f.state AS firmware_state,
            m.module_id, m.display_name AS module_display_name,
            m.minimum_quantity, m.packing_unit, m.lead_time_days,
            counts.price_list_id, counts.tiers
        FROM products p
        LEFT JOIN firmware f ON f.id = p.firmware_id
        LEFT JOIN modules m ON m.module_id = f.module_id
        LEFT JOIN LATERAL ({entry}) counts ON true
        WHERE p.pid = any(:pids)
    ) offer
""".replace("{entry}", the_entry("'modules/' || m.module_id"))

_ON_TOP = """, '{asked}', (
        SELECT coalesce(json_agg(to_jsonb(s) || jsonb_build_object('price', to_jsonb(counts)
            || jsonb_build_object('per_order', counts.per_order::text,
                'setup_fee', counts.setup_fee::text)) ORDER BY s.id), '[]')
        FROM {table} s
        LEFT JOIN LATERAL ({entry}) counts ON true
        WHERE s.state = 'ACTIVE' AND :{asked})
"""


def _on_top(table: str, name: str, asked: str) -> str:
    parts = {"{table}": table, "{entry}": the_entry(name), "{asked}": asked}
    return reduce(lambda sql, part: sql.replace(*part), parts.items(), _ON_TOP)


def _statement(on_top: str = "") -> Prepared:
    """Return the question as the driver takes it: `:name` becomes `%(name)s`."""
    text = re.sub(r"(?<!:):(\w+)", r"%(\1)s", _OFFERS.replace("{on_top}", on_top))
    return Prepared(
        text,
        currency="text",
        customer="text",
        licenses="boolean",
        now="timestamptz",
        pids="text[]",
        services="boolean",
    )


_PLAIN = _statement()
_WITH_MORE = _statement(
    _on_top("value_added_services", "'valueAddedServices/' || s.service_id", "services")
    + _on_top("license_types", "'licenseTypes/' || s.sku", "licenses")
)


@dataclass(frozen=True)
class Offers:
    """Rows as PostgreSQL tells them in JSON: of products as asked, and of what goes on top."""

    products: Sequence[Mapping[str, Any]]
    about: Sequence[str]
    """Names of what must not change for this to hold, beside what matters to everybody.

    None if a product was not found: it holds only now, and tells nothing of what is not there.
    """

    until: datetime | None = None
    """When a price list begins or ends next."""

    services: Sequence[Mapping[str, Any]] = ()
    licenses: Sequence[Mapping[str, Any]] = ()


def batch_get_offers(
    tx: Session,
    *,
    names: Sequence[str],
    caller: Caller,
    services: bool = False,
    licenses: bool = False,
    customer: str = "",
) -> Offers:
    """Return what ordering needs to know of those products the transaction may see, as asked.

    Prices are those of the caller's enterprise; staff name whose, `enterprises/acme`. One statement
    for all. Raises TooManyProducts.
    """
    if len(names) > MOST_OFFERS:
        raise TooManyProducts(most=MOST_OFFERS)
    asked = [parse(PRODUCT, name) for name in dict.fromkeys(names)]
    whose = enterprise_of(customer) if caller.is_staff else caller.enterprise
    given = facts(tx, Buyer(customer=whose)) | {"pids": [pid for _, pid in asked]}
    more = services or licenses
    on_top = {"services": services, "licenses": licenses} if more else {}
    statement = _WITH_MORE if more else _PLAIN
    ((told,),) = run(tx, statement, given | on_top)
    offers = {(row["enterprise"], row["pid"]): row for row in told["products"]}
    found = [offers[key] for key in asked if key in offers]
    return Offers(
        products=found,
        about=_about(whose, asked) if len(found) == len(asked) else (),
        until=datetime.fromisoformat(told["until"]) if told["until"] else None,
        services=told.get("services", ()),
        licenses=told.get("licenses", ()),
    )


def _about(customer: str, asked: Iterable[Sequence[str]]) -> list[str]:
    return [f"enterprises/{customer}", *(f"products/{pid}" for _, pid in asked)]
