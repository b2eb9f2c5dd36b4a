"""Products as a file to take away."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.domain import sheet
from services.catalog.domain.errors.sheets import TooManyToExport
from services.catalog.queries.finding import Wanted
from services.catalog.queries.products import enterprise_asked, within_reach_of
from services.catalog.store import firmware, owners, products
from shared.caller import Caller
from shared.documents import Document, digest_of
from shared.tenancy import ALL

MOST = 50_000


def export_products(tx: Session, *, caller: Caller, parent: str, wanted: Wanted) -> Document:
    """Return the wanted products as a CSV file; EnterpriseNotFound, TooManyToExport."""
    enterprise = enterprise_asked(parent, caller)
    select = sa.select(*_SHOWN).select_from(products.outerjoin(firmware).outerjoin(owners, _CALLED))
    if enterprise == ALL:
        select = select.where(*wanted.conditions(), *wanted.among())
    else:
        reach = within_reach_of(enterprise, wanted, most=MOST + 1)
        select = select.join(reach, reach.c.id == products.c.id)
    # Rows, not objects: there may be many, and nothing is done with them.
    rows = tx.execute(select.order_by(products.c.id.desc()).limit(MOST + 1)).all()
    if len(rows) > MOST:
        raise TooManyToExport(most=MOST)
    content = sheet.write(map(_cells, rows))
    return Document(
        digest=digest_of(content),
        enterprise=caller.enterprise,
        media_type="text/csv",
        content=content,
    )


_CALLED = owners.c.enterprise == products.c.enterprise
_SHOWN = (
    products.c.pid,
    products.c.display_name,
    products.c.model,
    products.c.customer_name,
    products.c.notes,
    firmware.c.module_id,
    firmware.c.version_name,
    products.c.panel,
    products.c.data_points,
    products.c.lifecycle,
    firmware.c.state,
    products.c.enterprise,
    owners.c.legal_name,
    products.c.created_at,
)


def _cells(row: sa.Row[Any]) -> list[str]:
    pid, name, model, customer, notes, module, version, panel, points, *shown = row
    lifecycle, state, enterprise, legal_name, created_at = shown
    return [
        pid,
        name,
        model,
        customer,
        notes,
        module or "",
        version or "",
        panel,
        " ".join(points),
        lifecycle.name,
        state.name if state else "",
        f"enterprises/{enterprise}",
        legal_name or "",
        created_at.isoformat(timespec="seconds"),
    ]
