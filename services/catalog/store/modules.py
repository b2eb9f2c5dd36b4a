"""Where modules are kept."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.domain.errors import modules as errors
from services.catalog.domain.module import Module
from services.catalog.store.columns import (
    counted,
    is_sold,
    mapper,
    moment,
    number,
    text,
    unless_taken,
)
from shared.names import parse

MODULE = "modules/*"

modules = sa.Table(
    "modules",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *counted(),
    text("module_id"),
    text("display_name"),
    text("description"),
    text("series"),
    number("minimum_quantity"),
    number("packing_unit"),
    number("lead_time_days"),
    is_sold(),
    moment("created_at"),
    sa.UniqueConstraint("module_id", name="modules_module_id_key"),
)

mapper.map_imperatively(Module, modules, version_id_col=modules.c.version)


class Modules:
    """All modules there are."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, module: Module) -> None:
        """Keep a new module; ModuleIdTaken if there is one of that name."""
        self._tx.add(module)
        taken = errors.ModuleIdTaken(field="module_id", module=module.name)
        with unless_taken("modules_module_id_key", taken):
            self._tx.flush()

    def get(self, name: str) -> Module:
        """Return the module called `modules/{module}`; ModuleNotFound."""
        (module_id,) = parse(MODULE, name)
        found = self._tx.scalar(sa.select(Module).where(modules.c.module_id == module_id))
        if found is None:
            raise errors.ModuleNotFound(module=name)
        return found

    def insist_all(self, names: Iterable[str]) -> None:
        """Refuse with ModuleNotFound the first of these names that is no module's."""
        wanted = {parse(MODULE, name)[0]: name for name in names}
        if not wanted:
            return
        there = set(
            self._tx.scalars(sa.select(modules.c.module_id).where(modules.c.module_id.in_(wanted)))
        )
        for module_id, name in wanted.items():
            if module_id not in there:
                raise errors.ModuleNotFound(module=name, field="modules")
