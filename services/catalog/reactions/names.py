"""What enterprises are called."""

import sqlalchemy as sa
from millrun.authorization.v1.events_pb2 import EnterpriseCertified, EnterpriseCreated
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.catalog.reactions.registry import reactions
from services.catalog.store import manufacturers, owners
from shared.events import Envelope
from shared.names import enterprise_of


@reactions.to(EnterpriseCreated)
def learn_legal_name(tx: Session, event: EnterpriseCreated, heard: Envelope) -> None:
    """Remember what a new enterprise is called, for lists of products."""
    _remember_legal_name(tx, event.enterprise, event.legal_name)


# Its name stands beside the products of those who opened some to it.
@reactions.to(EnterpriseCertified, everything=True)
def learn_certified_name(tx: Session, event: EnterpriseCertified, heard: Envelope) -> None:
    """Remember what a certified enterprise is called: under that name it was certified."""
    _remember_legal_name(tx, event.enterprise, event.legal_name)
    tx.execute(
        sa.update(manufacturers)
        .where(manufacturers.c.manufacturer == enterprise_of(event.enterprise))
        .values(legal_name=event.legal_name)
    )


def _remember_legal_name(tx: Session, enterprise: str, legal_name: str) -> None:
    called = insert(owners).values(enterprise=enterprise_of(enterprise), legal_name=legal_name)
    tx.execute(
        called.on_conflict_do_update(
            index_elements=[owners.c.enterprise], set_={"legal_name": called.excluded.legal_name}
        )
    )
