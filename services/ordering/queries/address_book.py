"""The address book."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.address_book import AddressBookEntry
from services.ordering.domain.errors import NotYourSpace
from services.ordering.store import address_book_entries
from shared.caller import Caller
from shared.names import parse
from shared.paging import Page, page


def list_address_book_entries(
    tx: Session, *, parent: str, caller: Caller, size: int, token: str
) -> Page[AddressBookEntry]:
    """Return a page of the address book of the caller's own space, the newest entry first."""
    (enterprise,) = parse("enterprises/*", parent)
    if enterprise != caller.enterprise:
        raise NotYourSpace(enterprise=enterprise)
    select = sa.select(AddressBookEntry).where(address_book_entries.c.enterprise == enterprise)
    return page(tx, select, key=address_book_entries.c.id, size=size, token=token)
