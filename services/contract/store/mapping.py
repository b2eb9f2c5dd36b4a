"""Contracts as rows and back."""

from sqlalchemy.orm import composite, deferred, relationship

from services.contract.domain.contract import Contract
from services.contract.domain.edition import Edition
from services.contract.domain.record import Entry
from services.contract.domain.signature import Signature
from services.contract.store.tables import contracts, editions, entries, mapper, signatures
from shared.money import Money

mapper.map_imperatively(Signature, signatures)
mapper.map_imperatively(Entry, entries)
mapper.map_imperatively(
    Edition,
    editions,
    properties={
        "total": composite(Money, editions.c.currency, editions.c.total),
        "deposit": composite(Money, editions.c.currency, editions.c.deposit),
        "_total": editions.c.total,
        "_deposit": editions.c.deposit,
        "_currency": editions.c.currency,
        # Lists show neither; both are read when somebody asks for them.
        "terms": deferred(editions.c.terms),
        "changed": deferred(editions.c.changed),
        "buyer_signature": relationship(
            Signature,
            primaryjoin=editions.c.buyer_signature_id == signatures.c.id,
            foreign_keys=[editions.c.buyer_signature_id],
            lazy="selectin",
        ),
        "vendor_signature": relationship(
            Signature,
            primaryjoin=editions.c.vendor_signature_id == signatures.c.id,
            foreign_keys=[editions.c.vendor_signature_id],
            lazy="selectin",
        ),
    },
)
mapper.map_imperatively(
    Contract,
    contracts,
    version_id_col=contracts.c.version,
    properties={
        "total": composite(Money, contracts.c.currency, contracts.c.total),
        "deposit": composite(Money, contracts.c.currency, contracts.c.deposit),
        "_total": contracts.c.total,
        "_deposit": contracts.c.deposit,
        "_currency": contracts.c.currency,
        "editions": relationship(
            Edition,
            primaryjoin=contracts.c.id == editions.c.contract_id,
            foreign_keys=[editions.c.contract_id],
            order_by=editions.c.number,
            lazy="selectin",
        ),
        # Lines are added without reading those before them.
        "entries": relationship(
            Entry,
            primaryjoin=contracts.c.id == entries.c.contract_id,
            foreign_keys=[entries.c.contract_id],
            lazy="write_only",
            passive_deletes=True,
        ),
    },
)
