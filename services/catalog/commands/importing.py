"""Creating and changing products from a file: all of it or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from sqlalchemy.orm import Session

from services.catalog.domain import sheet
from services.catalog.domain.build import BuildConfiguration
from services.catalog.domain.errors import sheets as errors
from services.catalog.domain.errors.products import EnterpriseNotFound
from services.catalog.domain.firmware import Firmware
from services.catalog.domain.product import Product
from services.catalog.domain.sheet import Row
from services.catalog.store import FirmwareVersions, Products
from shared.caller import Caller
from shared.errors import Refusal
from shared.names import parse

MOST_NAMED = 10
"""How many lines a refused file names."""


class Outcome(Enum):
    """What becomes of a line."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A line of the file and what became of it."""

    line: int
    pid: str
    display_name: str
    outcome: Outcome
    made: bool = False
    """Whether it was given its PID."""

    refusal: Refusal | None = None


def import_products(
    tx: Session, *, caller: Caller, parent: str, content: bytes, dry_run: bool
) -> list[Imported]:
    """Create and change products as the file says; ProductsNotImported, or what it is refused for.

    In a dry run every line is answered for; else one refused line refuses all.
    """
    (owner,) = parse("enterprises/*", parent)
    if owner != caller.enterprise:
        raise EnterpriseNotFound(enterprise=parent)
    imported = _Import(tx, owner, sheet.read(content)).run()
    refused = [each for each in imported if each.outcome is Outcome.REFUSED]
    if refused and not dry_run:
        lines = ", ".join(str(each.line) for each in refused[:MOST_NAMED])
        more = " …" if len(refused) > MOST_NAMED else ""
        first = refused[0]
        raise errors.ProductsNotImported(lines=lines + more, line=first.line, why=first.refusal)
    return [_as_it_would_be(each) for each in imported] if dry_run else imported


def _as_it_would_be(imported: Imported) -> Imported:
    """Leave out a PID that was made for a product which is not stored: it will be another one."""
    return replace(imported, pid="") if imported.made else imported


class _Import:
    """A file on its way in: what it needs is read once, however many lines it has."""

    def __init__(self, tx: Session, owner: str, rows: Sequence[Row]) -> None:
        self._rows, self._owner, self._products = rows, owner, Products(tx)
        self._known = self._products.owned(owner, [row.says("pid") for row in rows])
        versions = {(_module_of(row), row.says("firmware_version")) for row in rows}
        self._firmware = FirmwareVersions(tx).of_versions(versions)
        self._first: dict[str, int] = {}

    def run(self) -> list[Imported]:
        return [self._take(row) for row in self._rows]

    def _take(self, row: Row) -> Imported:
        pid, name = row.says("pid"), row.says("display_name")
        said = Imported(line=row.line, pid=pid, display_name=name, outcome=Outcome.REFUSED)
        try:
            product, outcome = self._apply(row, pid)
        except Refusal as refusal:
            return replace(said, refusal=refusal)
        named = replace(said, pid=product.pid, display_name=product.display_name)
        return replace(named, outcome=outcome, made=not pid)

    def _apply(self, row: Row, pid: str) -> tuple[Product, Outcome]:
        if row.refusal:
            raise row.refusal
        if pid and self._first.setdefault(pid, row.line) != row.line:
            raise errors.RowTwice(first=self._first[pid], pid=pid)
        if pid in self._known:
            return self._change(self._known[pid], row)
        product = Product.create(
            enterprise=self._owner, display_name=row.says("display_name"), product_id=pid
        )
        self._change(product, row)
        self._products.add(product, alone=True)
        return product, Outcome.CREATED

    def _change(self, product: Product, row: Row) -> tuple[Product, Outcome]:
        """Make `product` say what the row says."""
        if row.says("display_name") not in ("", product.display_name):
            raise errors.ProductNameFixed(display_name=product.display_name)
        labels = {
            name: row.says(name, getattr(product, name))
            for name in ("model", "customer_name", "notes")
        }
        build = self._build(product, row)
        relabelled = any(getattr(product, name) != label for name, label in labels.items())
        if relabelled:
            product.label(**labels)
        if build:
            product.configure(*build)
        return product, Outcome.CHANGED if relabelled or build else Outcome.UNCHANGED

    def _build(self, product: Product, row: Row) -> tuple[BuildConfiguration, Firmware] | None:
        """Return what is to be built in instead of what is; None if that stays."""
        now = product.build
        module, version = _module_of(row), row.says("firmware_version")
        if not module and not version:
            if now is None and (row.says("panel") or row.says("data_points")):
                raise errors.RowWithoutModule
            firmware = product.firmware
        elif not module or not version:
            raise errors.RowWithoutModule
        else:
            firmware = self._firmware.get((module, version))
            if firmware is None:
                raise errors.FirmwareVersionUnknown(module=module, version=version)
        if firmware is None:
            return None
        points = row.says("data_points", " ".join(product.data_points)).replace(",", " ")
        build = BuildConfiguration(
            module=firmware.module,
            firmware=firmware.name,
            panel=row.says("panel", product.panel),
            data_points=tuple(points.split()),
        )
        return None if build == now else (build, firmware)


def _module_of(row: Row) -> str:
    return row.says("module").removeprefix("modules/")
