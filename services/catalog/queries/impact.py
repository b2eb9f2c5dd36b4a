"""What is affected when a product goes back to development."""

from sqlalchemy.orm import Session

from services.catalog.domain.impact import Impact
from services.catalog.store import Products
from services.catalog.store.around import impact_of
from shared.caller import Caller


def preview_return(tx: Session, *, caller: Caller, name: str) -> Impact:
    """Return what rests on a product of the caller's, or of anybody's for the vendor's people."""
    products = Products(tx)
    product = products.get(name) if caller.is_staff else products.own(name, caller)
    return impact_of(tx, product)
