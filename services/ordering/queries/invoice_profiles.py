"""The invoice titles of an enterprise."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.errors import NotYourSpace
from services.ordering.domain.invoice_profile import InvoiceProfile
from services.ordering.store import invoice_profiles
from shared.caller import Caller
from shared.names import parse
from shared.paging import Page, page


def list_invoice_profiles(
    tx: Session, *, parent: str, caller: Caller, size: int, token: str
) -> Page[InvoiceProfile]:
    """Return a page of the invoice titles of the caller's own space, the newest first."""
    (enterprise,) = parse("enterprises/*", parent)
    if enterprise != caller.enterprise:
        raise NotYourSpace(enterprise=enterprise)
    select = sa.select(InvoiceProfile).where(invoice_profiles.c.enterprise == enterprise)
    return page(tx, select, key=invoice_profiles.c.id, size=size, token=token)
