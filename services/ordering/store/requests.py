"""Purchase requests: who asked whom to let a product be ordered."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.ordering.domain.errors import AskedAlready
from services.ordering.domain.purchase_request import PurchaseRequest
from services.ordering.store.tables import purchase_requests
from shared.rows import vars_of
from shared.storage import tell


class PurchaseRequests:
    """The purchase requests the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, request: PurchaseRequest) -> None:
        """Keep it, and tell what it told; AskedAlready if that was asked today."""
        row = vars_of(request, purchase_requests)
        new = self._tx.execute(
            insert(purchase_requests)
            .values(row)
            .on_conflict_do_nothing(constraint=ONCE_A_DAY)
            .returning(sa.literal(1))
        )
        if new.first() is None:
            pid = request.product.rpartition("/")[2]
            raise AskedAlready(kind=request.kind.value, pid=pid)
        tell(self._tx, request)


ONCE_A_DAY = "purchase_requests_once_a_day"
