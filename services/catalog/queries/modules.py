"""What can be known about modules."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.domain.module import Module
from services.catalog.store import modules
from shared.paging import Page, page


def list_modules(tx: Session, *, size: int, token: str) -> Page[Module]:
    """Return some modules, newest first."""
    return page(tx, sa.select(Module), key=modules.c.id, size=size, token=token)
