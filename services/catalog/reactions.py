"""What catalog does when it hears of something."""

from uuid import UUID

import sqlalchemy as sa
from millrun.authorization.v1.events_pb2 import (
    EnterpriseCertified,
    EnterpriseCreated,
    ProductAssociated,
    ProductDissociated,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.catalog.store import Products, associations, owners
from shared.events import Envelope
from shared.names import enterprise_of
from shared.reactions import Reactions

reactions = Reactions()


@reactions.to(EnterpriseCreated)
def learn_legal_name(tx: Session, event: EnterpriseCreated, heard: Envelope) -> None:
    """Remember what a new enterprise is called, for lists of products."""
    _remember_legal_name(tx, event.enterprise, event.legal_name)


@reactions.to(EnterpriseCertified)
def learn_certified_name(tx: Session, event: EnterpriseCertified, heard: Envelope) -> None:
    """Remember what a certified enterprise is called: under that name it was certified."""
    _remember_legal_name(tx, event.enterprise, event.legal_name)


# What a manufacturer's association says is about a brand owner's product: two enterprises.
@reactions.to(ProductAssociated, everything=True)
def open_product(tx: Session, event: ProductAssociated, heard: Envelope) -> None:
    """Let the manufacturer see the product."""
    product, manufacturer = Products(tx).get(event.product), enterprise_of(event.manufacturer)
    if product.enterprise == manufacturer:
        return  # It is its own already, and would be listed twice.
    opened = insert(associations).values(
        enterprise=manufacturer,
        product_id=product.id,
        owner=product.enterprise,
        association_id=_id_of(event.association),
    )
    newer = associations.c.association_id < opened.excluded.association_id
    # A later association of the same two may have been heard of already; the earlier one ended.
    tx.execute(
        opened.on_conflict_do_update(
            index_elements=[associations.c.enterprise, associations.c.product_id],
            set_={"association_id": opened.excluded.association_id},
            where=newer,
        )
    )


@reactions.to(ProductDissociated)
def close_product(tx: Session, event: ProductDissociated, heard: Envelope) -> None:
    """Hide the product from the manufacturer, unless they were associated anew."""
    ended = associations.c.association_id == _id_of(event.association)
    tx.execute(sa.delete(associations).where(ended))


def _remember_legal_name(tx: Session, enterprise: str, legal_name: str) -> None:
    called = insert(owners).values(enterprise=enterprise_of(enterprise), legal_name=legal_name)
    tx.execute(
        called.on_conflict_do_update(
            index_elements=[owners.c.enterprise], set_={"legal_name": called.excluded.legal_name}
        )
    )


def _id_of(name: str) -> UUID:
    return UUID(name.rpartition("/")[2])
