"""What can be asked of modules."""

from typing import Any

from sqlalchemy.orm import Session

from services.catalog.domain.module import Module
from services.catalog.store import Modules

SOLD_AS = (
    "display_name",
    "description",
    "series",
    "minimum_quantity",
    "packing_unit",
    "lead_time_days",
)


def create_module(tx: Session, *, module_id: str, **about: Any) -> Module:
    """Enter a module; ModuleIdTaken, or what its parts refuse."""
    module = Module.enter(module_id=module_id, **about)
    Modules(tx).add(module)
    return module


def update_module(tx: Session, *, name: str, etag: str = "", **changes: Any) -> Module:
    """Change what a module is called and how it is sold; ItemChanged, or what its parts refuse."""
    module = Modules(tx).get(name)
    module.expect(etag)
    module.change(**{field: getattr(module, field) for field in SOLD_AS} | changes)
    return module


def retire_module(tx: Session, *, name: str, etag: str = "") -> Module:
    """Take a module out of the choice for new products; ItemRetired."""
    module = Modules(tx).get(name)
    module.expect(etag)
    module.retire()
    return module
