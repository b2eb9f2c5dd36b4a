"""Where products are kept, and what is remembered of other services for them."""

from collections.abc import Iterable
from contextlib import nullcontext

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, column_property, relationship

from services.catalog.domain.errors import products as errors
from services.catalog.domain.firmware import Firmware
from services.catalog.domain.product import Lifecycle, Product
from services.catalog.store.columns import mapper, moment, text, unless_taken
from services.catalog.store.firmware import firmware
from shared.caller import Caller
from shared.names import parse
from shared.storage import aggregate_columns, enterprise_column

PRODUCT = "enterprises/*/products/*"

products = sa.Table(
    "products",
    mapper.metadata,
    *aggregate_columns(),
    sa.Column("id", sa.Uuid),
    text("pid"),
    text("display_name"),
    sa.Column("lifecycle", sa.Enum(Lifecycle, native_enum=False, length=20), nullable=False),
    sa.Column("firmware_id", sa.ForeignKey(firmware.c.id)),
    text("panel"),
    sa.Column("data_points", ARRAY(sa.Text, as_tuple=True), nullable=False),
    text("model"),
    text("customer_name"),
    text("notes"),
    text("found_by"),
    moment("created_at"),
    sa.PrimaryKeyConstraint("enterprise", "id"),
    sa.UniqueConstraint("pid", name="products_pid_key"),
    sa.Index("products_by_id", "id", unique=True),
)

product_parts = sa.Table(
    "product_parts",
    mapper.metadata,
    enterprise_column(),
    sa.Column("part", sa.Text(collation="C")),
    sa.Column("product_id", sa.Uuid),
    sa.PrimaryKeyConstraint("enterprise", "part", "product_id"),
    sa.Index("product_parts_by_part", "part", "product_id"),
)
"""Where each word of a product begins, and every letter in it: what a search looks up.

Kept by a trigger of `products`, whatever writes those. That a word is in one is told by comparing
texts only, as row-level security lets nothing else use an index: of the operators of a trigram or
array index PostgreSQL cannot know that they keep to themselves what they are shown.
"""

PART = 12
"""How many letters of a word are looked up; the rest is compared."""

associations = sa.Table(
    "associations",
    mapper.metadata,
    enterprise_column(),
    sa.Column("product_id", sa.Uuid),
    text("owner"),
    sa.Column("association_id", sa.Uuid, nullable=False),
    sa.PrimaryKeyConstraint("enterprise", "product_id"),
    sa.ForeignKeyConstraint(["owner", "product_id"], [products.c.enterprise, products.c.id]),
    sa.Index("associations_by_owner", "enterprise", "owner"),
)
"""Which enterprise may order which products of others, as authorization told it (R76)."""


owners = sa.Table(
    "owners",
    mapper.metadata,
    enterprise_column(),
    text("legal_name"),
    sa.PrimaryKeyConstraint("enterprise"),
)
"""What enterprises are called, as authorization told it."""


mapper.map_imperatively(
    Product,
    products,
    version_id_col=products.c.version,
    properties={
        "firmware": relationship(Firmware, lazy="joined"),
        "owner_legal_name": column_property(
            sa.select(owners.c.legal_name)
            .where(owners.c.enterprise == products.c.enterprise)
            .scalar_subquery()
        ),
    },
)


class Products:
    """All products the transaction may see: own ones, and associated ones of others."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, product: Product, *, alone: bool = False) -> None:
        """Keep a new product; ProductIdTaken if any enterprise has one with its id (R36).

        With `alone`, others of the same transaction go on when this one is refused.
        """
        apart = self._tx.begin_nested() if alone else nullcontext()
        with unless_taken("products_pid_key", errors.ProductIdTaken(product_id=product.pid)), apart:
            self._tx.add(product)
            self._tx.flush()

    def owned(self, enterprise: str, pids: Iterable[str]) -> dict[str, Product]:
        """Return those of an enterprise's products that have one of `pids`, by it."""
        asked = sa.any_(sa.literal(sorted({*pids}), ARRAY(sa.Text)))
        select = sa.select(Product).where(
            products.c.enterprise == enterprise, products.c.pid == asked
        )
        return {product.pid: product for product in self._tx.scalars(select)}

    def get(self, name: str) -> Product:
        """Return what is called `enterprises/{owner}/products/{pid}`; ProductNotFound."""
        owner, pid = parse(PRODUCT, name)
        is_it = (products.c.enterprise == owner) & (products.c.pid == pid)
        found = self._tx.scalar(sa.select(Product).where(is_it))
        if found is None:
            raise errors.ProductNotFound(product=name)
        return found

    def own(self, name: str, caller: Caller) -> Product:
        """Return a product the caller's enterprise owns; ProductNotFound, ProductOfAnother."""
        product = self.get(name)
        if product.enterprise != caller.enterprise:
            raise errors.ProductOfAnother(product=name, owner=product.owner)
        return product


class Owners:
    """The enterprises catalog heard of."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def insist(self, enterprise: str) -> None:
        """Refuse with EnterpriseNotFound an enterprise nobody told of."""
        if self._tx.scalar(sa.select(sa.exists().where(owners.c.enterprise == enterprise))):
            return
        raise errors.EnterpriseNotFound(enterprise=f"enterprises/{enterprise}")
