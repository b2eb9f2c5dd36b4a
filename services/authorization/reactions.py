"""What authorization does when it hears of something."""

from millrun.catalog.v1.events_pb2 import ProductCreated
from sqlalchemy.orm import Session

from services.authorization.store import Products
from shared.events import Envelope
from shared.names import enterprise_of
from shared.reactions import Reactions

reactions = Reactions()


@reactions.to(ProductCreated)
def remember_product(tx: Session, event: ProductCreated, heard: Envelope) -> None:
    """Know from now on that the product is there and whose it is (R48, R76)."""
    Products(tx).enter(
        product=event.product,
        enterprise=enterprise_of(event.owner),
        display_name=event.display_name,
    )
