"""Which products are open to whom (R76): what the manufacturer sees, and what its owner is told."""

import sqlalchemy as sa
from millrun.authorization.v1.events_pb2 import ProductAssociated, ProductDissociated
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.catalog.reactions.registry import id_of, reactions
from services.catalog.store import Products, associations, manufacturers, owners
from shared.events import Envelope
from shared.names import enterprise_of


# What a manufacturer's association says is about a brand owner's product: two enterprises.
@reactions.to(ProductAssociated, everything=True)
def open_product(tx: Session, event: ProductAssociated, heard: Envelope) -> None:
    """Let the manufacturer see the product, and the owner that it does."""
    product, manufacturer = Products(tx).get(event.product), enterprise_of(event.manufacturer)
    if product.enterprise == manufacturer:
        return  # It is its own already, and would be listed twice.
    association = id_of(event.association)
    seen = {"enterprise": manufacturer, "product_id": product.id, "owner": product.enterprise}
    shown = {"enterprise": product.enterprise, "pid": product.pid, "manufacturer": manufacturer}
    called = sa.select(owners.c.legal_name).where(owners.c.enterprise == manufacturer)
    legal_name = sa.func.coalesce(called.scalar_subquery(), "")
    _remember(tx, associations, **seen, association_id=association)
    _remember(tx, manufacturers, **shown, legal_name=legal_name, association_id=association)


@reactions.to(ProductDissociated, everything=True)
def close_product(tx: Session, event: ProductDissociated, heard: Envelope) -> None:
    """Hide the product from the manufacturer, unless they were associated anew."""
    for table in (associations, manufacturers):
        ended = table.c.association_id == id_of(event.association)
        tx.execute(sa.delete(table).where(ended))


def _remember(tx: Session, table: sa.Table, **row: object) -> None:
    """Keep the latest association of the same two: an earlier one may be heard of later."""
    opened = insert(table).values(**row)
    tx.execute(
        opened.on_conflict_do_update(
            index_elements=table.primary_key,
            set_={"association_id": opened.excluded.association_id},
            where=table.c.association_id < opened.excluded.association_id,
        )
    )
