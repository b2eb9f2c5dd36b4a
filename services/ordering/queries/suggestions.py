"""Suggestions."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.ordering.domain.errors import NotYourSpace
from services.ordering.domain.suggestion import State, Suggestion
from services.ordering.store import suggestions
from shared.caller import Caller
from shared.names import parse
from shared.paging import Page, page
from shared.tenancy import ALL


def list_suggestions(
    tx: Session, *, parent: str, caller: Caller, state: State | None, size: int, token: str
) -> Page[Suggestion]:
    """Return a page of the suggestions of an enterprise, or of all, the newest first."""
    (enterprise,) = parse("enterprises/*", parent)
    # For a customer "-" is an enterprise that is not theirs.
    if not caller.may_see(enterprise):
        raise NotYourSpace(enterprise=enterprise)
    select = sa.select(Suggestion)
    if enterprise != ALL:
        select = select.where(suggestions.c.enterprise == enterprise)
    if state:
        select = select.where(suggestions.c.state == state)
    return page(tx, select, key=suggestions.c.id, size=size, token=token)
