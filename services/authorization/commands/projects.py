"""Projects: which products are in whose hands at the vendor (R62)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from services.authorization.domain.enterprise import Enterprise
from services.authorization.domain.errors import (
    NothingToChange,
    ProductInAnotherProject,
    UnknownProduct,
)
from services.authorization.domain.project import Project
from services.authorization.domain.rules import expect
from services.authorization.store import Accounts, Enterprises, Products, Projects
from shared.caller import Caller
from shared.names import parse

FIELDS = frozenset({"display_name", "project_manager", "products"})


def create_project(
    tx: Session,
    *,
    parent: str,
    display_name: str,
    project_manager: str,
    products: Collection[str],
    caller: Caller,
) -> Project:
    """Put products into somebody's hands.

    Refuses with UnknownProduct, ProductInAnotherProject, and what no project can be.
    """
    enterprise = Enterprises(tx).get(parent)
    project = Project.begin(
        enterprise,
        display_name=display_name,
        project_manager=Accounts(tx).get(project_manager),
        products=products,
        by=caller,
    )
    _insist_free(tx, enterprise, products)
    Projects(tx).add(project)
    return project


def update_project(
    tx: Session,
    *,
    name: str,
    display_name: str,
    project_manager: str,
    products: Collection[str],
    fields: Collection[str],
    etag: str,
    caller: Caller,
) -> Project:
    """Set what `fields` name; the rest stays. Orders that were submitted stay with whom they are.

    Refuses with NothingToChange, UnknownProduct, ProductInAnotherProject, ProjectIsClosed,
    NotYoursToAssign, and what no project can be.
    """
    if not fields or not set(fields) <= FIELDS:
        raise NothingToChange
    project = Projects(tx).get(name)
    expect(project, etag)
    enterprise = _enterprise_of(tx, project)
    before = set(project.products)
    manager = Accounts(tx).get(project_manager) if "project_manager" in fields else None
    project.change(
        enterprise,
        display_name=display_name if "display_name" in fields else project.display_name,
        project_manager=manager or project.project_manager,
        products=products if "products" in fields else project.products,
        by=caller,
    )
    _insist_free(tx, enterprise, set(project.products) - before, but=project.id)
    return project


def close_project(tx: Session, *, name: str, etag: str, caller: Caller) -> Project:
    """Its products are the customer's manager's again; ProjectIsClosed, NotYoursToAssign."""
    project = Projects(tx).get(name)
    expect(project, etag)
    project.close(_enterprise_of(tx, project), by=caller)
    return project


def _enterprise_of(tx: Session, project: Project) -> Enterprise:
    return Enterprises(tx).get(f"enterprises/{project.enterprise}")


def _insist_free(
    tx: Session, enterprise: Enterprise, products: Collection[str], but: UUID | None = None
) -> None:
    """Refuse products that are not the enterprise's own, not there, or in a project already."""
    with tx.no_autoflush:
        known = Products(tx).known(products)
        for product in products:
            owner, _ = parse("enterprises/*/products/*", product)
            if owner != enterprise.enterprise or product not in known:
                raise UnknownProduct(product=product)
        if held := Projects(tx).holding(enterprise.enterprise, products, but=but):
            product, project = held
            raise ProductInAnotherProject(
                pid=product.rpartition("/")[2],
                project=project.display_name,
                project_manager=project.project_manager.display_name,
            )
