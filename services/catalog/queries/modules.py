"""What can be known about modules."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.domain.module import Module
from services.catalog.domain.sold import State
from services.catalog.queries.pricing import Priced, price_page
from services.catalog.store import modules
from shared.caller import Caller
from shared.paging import Page, page


def list_modules(
    tx: Session, *, caller: Caller, series: str, state: State | None, size: int, token: str
) -> Page[Priced[Module]]:
    """Return some modules, newest first, as `caller` would pay for them."""
    select = sa.select(Module)
    if series:
        select = select.where(modules.c.series == series)
    if state:
        select = select.where(modules.c.state == state)
    return price_page(tx, caller, page(tx, select, key=modules.c.id, size=size, token=token))
