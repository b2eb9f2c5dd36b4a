"""Which products are in whose hands."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.authorization.domain.errors import ProjectNotFound
from services.authorization.domain.project import Project
from services.authorization.store import tables
from services.authorization.store.names import find


class Projects:
    """The projects the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, project: Project) -> None:
        self._tx.add(project)

    def get(self, name: str) -> Project:
        """Return the project with this name; else ProjectNotFound."""
        return find(self._tx, Project, name, ProjectNotFound(project=name))

    def holding(
        self, enterprise: str, products: Iterable[str], *, but: UUID | None
    ) -> tuple[str, Project] | None:
        """Return one of `products` that is in a project already, other than `but`, and which.

        Whoever asks waits for others who ask about the same `enterprise`, as `acme`.
        """
        key = sa.func.hashtextextended(f"projects of {enterprise}", 0)
        self._tx.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
        table = tables.project_products
        placed = table.c.product == sa.any_(sa.literal(list(products), tables.TEXTS))
        found = self._tx.execute(
            sa.select(table.c.product, Project)
            .join(Project, tables.projects.c.id == table.c.project_id)
            .where(placed, table.c.project_id != but if but else sa.true())
            .limit(1)
        ).first()
        return (found[0], found[1]) if found else None
