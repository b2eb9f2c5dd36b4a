"""Authorizations, product associations, partner clients, and the products they are about."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.authorization.domain.association import ProductAssociation, State
from services.authorization.domain.authorization import Authorization
from services.authorization.domain.errors import (
    AssociationNotFound,
    AuthorizationNotFound,
    PartnerClientNotFound,
)
from services.authorization.domain.partner import PartnerClient
from services.authorization.store import tables
from services.authorization.store.names import find
from shared.clock import now


class Authorizations:
    """The authorizations the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, authorization: Authorization) -> None:
        self._tx.add(authorization)

    def get(self, name: str) -> Authorization:
        """Return the authorization with this name; else AuthorizationNotFound."""
        return find(self._tx, Authorization, name, AuthorizationNotFound(authorization=name))

    def locked(self, name: str) -> Authorization:
        """Return it with its row locked, so that what is used of it stays what it is."""
        authorization = self.get(name)
        self._tx.refresh(authorization, with_for_update=True)
        return authorization

    def over(self, limit: int = 100) -> Sequence[Authorization]:
        """Return some whose time is over and of which that was not told; theirs rows are locked."""
        table = tables.authorizations
        return self._tx.scalars(
            sa.select(Authorization)
            .where(
                table.c.expires_at <= now(),
                table.c.revoked_at.is_(None),
                table.c.expired_at.is_(None),
            )
            .order_by(table.c.expires_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()


class Associations:
    """The product associations the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, association: ProductAssociation) -> None:
        self._tx.add(association)

    def get(self, name: str) -> ProductAssociation:
        """Return the association with this name; else AssociationNotFound."""
        return find(self._tx, ProductAssociation, name, AssociationNotFound(association=name))

    def proposed(self, enterprise: str, **what: str) -> ProductAssociation | None:
        """Return what `enterprise`, `acme`, proposed: with this `product`, or as it was `asked`."""
        return self._tx.scalar(
            sa.select(ProductAssociation).filter_by(
                enterprise=enterprise, state=State.PROPOSED, **what
            )
        )

    def active(self, enterprise: str, products: Iterable[str]) -> set[str]:
        """Return which of `products` are associated with `enterprise`, `acme`, now."""
        table = tables.product_associations
        return set(
            self._tx.scalars(
                sa.select(table.c.product).where(
                    table.c.enterprise == enterprise,
                    table.c.state == State.ACTIVE,
                    table.c.product == sa.any_(sa.literal(list(products), tables.TEXTS)),
                )
            )
        )


class PartnerClients:
    """The partner clients the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, client: PartnerClient) -> None:
        self._tx.add(client)

    def get(self, name: str) -> PartnerClient:
        """Return the client with this name; else PartnerClientNotFound."""
        return find(self._tx, PartnerClient, name, PartnerClientNotFound(partner_client=name))


class Products:
    """The products the transaction may see: what catalog told of them."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def enter(self, *, product: str, enterprise: str, display_name: str) -> None:
        """A product of `enterprise`, `acme`, is there; that it was there already is as good."""
        table = tables.products
        self._tx.execute(
            insert(table)
            .values(product=product, enterprise=enterprise, display_name=display_name)
            .on_conflict_do_nothing()
        )

    def called(self, pid: str, owner: str = "") -> str:
        """Return the name of the product with a PID, of `owner` if that is given; empty if none."""
        table = tables.products
        select = sa.select(table.c.product).where(_pid_of_product == pid)
        if owner:
            select = select.where(table.c.enterprise == owner)
        return self._tx.scalar(select.limit(1)) or ""

    def known(self, products: Iterable[str]) -> set[str]:
        """Return which of `products` are there."""
        table = tables.products
        asked = table.c.product == sa.any_(sa.literal(list(products), tables.TEXTS))
        return set(self._tx.scalars(sa.select(table.c.product).where(asked)))


# Written as the index has it: a parameter for the place would not be the same expression.
_pid_of_product = sa.func.split_part(
    tables.products.c.product, sa.literal_column("'/'"), sa.literal_column("4")
)
