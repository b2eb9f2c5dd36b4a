"""Files of an order."""

from sqlalchemy.orm import Session

from services.ordering.domain.attachment import attachment_of
from services.ordering.domain.errors import NotYourOrder
from services.ordering.store import Orders
from shared import documents
from shared.caller import Caller
from shared.documents import Document


def download_attachment(tx: Session, *, name: str, caller: Caller, digest: str) -> Document:
    """Return a file of an order; not to the products' owner, who only reads the order (R78)."""
    order = Orders(tx).read(name)
    if not caller.may_see(order.enterprise):
        raise NotYourOrder(order=order.order_no)
    return documents.get(tx, attachment_of(order, digest).digest)
