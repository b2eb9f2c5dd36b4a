"""Where modules, firmware and products are kept, and what is remembered of other services."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.errors import UniqueViolation
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session, column_property, registry, relationship

from services.catalog.domain import errors
from services.catalog.domain.firmware import Firmware, State
from services.catalog.domain.module import Module, PriceTier
from services.catalog.domain.product import Lifecycle, Product
from shared.caller import Caller
from shared.errors import Refusal
from shared.money import Money
from shared.names import parse
from shared.storage import aggregate_columns, enterprise_column

mapper = registry()
MODULE, FIRMWARE = "modules/*", "modules/*/firmware/*"
PRODUCT = "enterprises/*/products/*"


class PriceTiers(sa.types.TypeDecorator[tuple[PriceTier, ...]]):
    """A price list as JSON: `[[1, "EUR", "2.40"], …]`, so that it comes with its module's row."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Sequence[PriceTier] | None, dialect: Any) -> Any:
        return [
            [tier.from_quantity, tier.unit_price.currency, str(tier.unit_price.amount)]
            for tier in value or ()
        ]

    def process_result_value(self, value: Any, dialect: Any) -> tuple[PriceTier, ...]:
        # Empty beside a product that is not built on any module yet.
        return tuple(
            PriceTier(quantity, Money(currency, Decimal(amount)))
            for quantity, currency, amount in value or ()
        )


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False)


def _counted() -> tuple[sa.Column[Any], ...]:
    """Return the columns of an aggregate that belongs to the vendor, not to an enterprise."""
    return aggregate_columns()[1:]


modules = sa.Table(
    "modules",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *_counted(),
    _text("module_id"),
    _text("display_name"),
    _text("description"),
    sa.Column("price_tiers", PriceTiers, nullable=False),
    _number("minimum_quantity"),
    _number("packing_unit"),
    _number("lead_time_days"),
    _moment("created_at"),
    sa.UniqueConstraint("module_id", name="modules_module_id_key"),
)

firmware = sa.Table(
    "firmware",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *_counted(),
    sa.Column("module_id", sa.ForeignKey(modules.c.module_id), nullable=False),
    _text("version_name"),
    _text("digest"),
    sa.Column("state", sa.Enum(State, native_enum=False, length=20), nullable=False),
    _moment("created_at"),
    sa.UniqueConstraint("module_id", "version_name", name="firmware_version_key"),
    sa.Index("firmware_by_module", "module_id", "id"),
)

products = sa.Table(
    "products",
    mapper.metadata,
    *aggregate_columns(),
    sa.Column("id", sa.Uuid),
    _text("pid"),
    _text("display_name"),
    sa.Column("lifecycle", sa.Enum(Lifecycle, native_enum=False, length=20), nullable=False),
    sa.Column("firmware_id", sa.ForeignKey(firmware.c.id)),
    _text("panel"),
    sa.Column("data_points", ARRAY(sa.Text, as_tuple=True), nullable=False),
    _text("model"),
    _text("customer_name"),
    _text("notes"),
    _moment("created_at"),
    sa.PrimaryKeyConstraint("enterprise", "id"),
    sa.UniqueConstraint("pid", name="products_pid_key"),
    sa.Index("products_by_id", "id", unique=True),
)

associations = sa.Table(
    "associations",
    mapper.metadata,
    enterprise_column(),
    sa.Column("product_id", sa.Uuid),
    _text("owner"),
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
    _text("legal_name"),
    sa.PrimaryKeyConstraint("enterprise"),
)
"""What enterprises are called, as authorization told it."""

mapper.map_imperatively(Module, modules, version_id_col=modules.c.version)
mapper.map_imperatively(Firmware, firmware, version_id_col=firmware.c.version)
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


class Modules:
    """All modules there are."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, module: Module) -> None:
        """Keep a new module; ModuleIdTaken if there is one of that name."""
        self._tx.add(module)
        with _unless_taken("modules_module_id_key", errors.ModuleIdTaken(module=module.name)):
            self._tx.flush()

    def get(self, name: str) -> Module:
        """Return the module called `modules/{module}`; ModuleNotFound."""
        (module_id,) = parse(MODULE, name)
        found = self._tx.scalar(sa.select(Module).where(modules.c.module_id == module_id))
        if found is None:
            raise errors.ModuleNotFound(module=name)
        return found


class FirmwareVersions:
    """All firmware there is."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, new: Firmware) -> None:
        """Keep a new version; VersionTaken if its module has one of that name."""
        self._tx.add(new)
        taken = errors.VersionTaken(module=new.module, version=new.version_name)
        with _unless_taken("firmware_version_key", taken):
            self._tx.flush()

    def get(self, name: str) -> Firmware:
        """Return what is called `modules/{module}/firmware/{firmware}`; FirmwareNotFound."""
        module_id, id_ = parse(FIRMWARE, name)
        found = self._tx.get(Firmware, key) if (key := _uuid(id_)) else None
        if found is None or found.module_id != module_id:
            raise errors.FirmwareNotFound(firmware=name)
        return found


class Products:
    """All products the transaction may see: own ones, and associated ones of others."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, product: Product) -> None:
        """Keep a new product; ProductIdTaken if any enterprise has one with its id (R36)."""
        self._tx.add(product)
        with _unless_taken("products_pid_key", errors.ProductIdTaken(product_id=product.pid)):
            self._tx.flush()

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


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@contextmanager
def _unless_taken(constraint: str, refusal: Refusal) -> Iterator[None]:
    """Refuse with `refusal` what `constraint` forbids; row-level security hides who was first."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        cause = error.orig
        if isinstance(cause, UniqueViolation) and cause.diag.constraint_name == constraint:
            raise refusal from None
        raise
