"""The project: products of one enterprise in the hands of one project manager (R62)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.authorization.domain.account import Account
from services.authorization.domain.enterprise import Enterprise
from services.authorization.domain.errors import (
    NotCertifiedYet,
    NotInRole,
    NotYoursToAssign,
    ProjectHasNoProducts,
    ProjectIsClosed,
)
from services.authorization.domain.events import ProjectAssigned, ProjectClosed
from services.authorization.domain.rules import text
from shared.caller import Caller, Role
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

MOST_PRODUCTS = 200


class State(Enum):
    """Whether orders go to its project manager."""

    ACTIVE = "active"
    CLOSED = "closed"


class ProjectProduct:
    """A product that is in a project."""

    product: str

    def __init__(self, product: str) -> None:
        self.product = product


class Project(Aggregate):
    """What is in it is confirmed by who has it; every other product by the customer's manager."""

    PATTERN = "enterprises/*/projects/*"

    id: UUID
    display_name: str
    enterprise_legal_name: str
    project_manager: Account
    placed: list[ProjectProduct]
    created_at: datetime
    closed_at: datetime | None

    @classmethod
    def begin(
        cls,
        enterprise: Enterprise,
        *,
        display_name: str,
        project_manager: Account,
        products: Collection[str],
        by: Caller,
    ) -> Project:
        """Somebody who has the customer, or a certifier, gives it to a project manager.

        Refuses with NotCertifiedYet, NotYoursToAssign, NotInRole, ProjectHasNoProducts or BadText.
        """
        _insist_has(enterprise, by)
        project = cls()
        project.enterprise, project.id = enterprise.enterprise, new_id()
        project.enterprise_legal_name = enterprise.legal_name
        project.created_at, project.closed_at = now(), None
        project.placed = []
        project._give(display_name, project_manager, products)
        return project

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/projects/{self.id}"

    @property
    def state(self) -> State:
        """Whether orders go to its project manager."""
        return State.CLOSED if self.closed_at else State.ACTIVE

    @property
    def products(self) -> list[str]:
        """What is in it, by name."""
        return sorted(each.product for each in self.placed)

    def change(
        self,
        enterprise: Enterprise,
        *,
        display_name: str,
        project_manager: Account,
        products: Collection[str],
        by: Caller,
    ) -> None:
        """It is given to somebody else, called otherwise, has other products; the same is nothing.

        Refuses with ProjectIsClosed and as it was begun; who has it may also hand it on.
        """
        self._insist_may(enterprise, by)
        now_ = (self.display_name, self.project_manager, self.products)
        if now_ != (display_name.strip(), project_manager, sorted(set(products))):
            self._give(display_name, project_manager, products)

    def close(self, enterprise: Enterprise, *, by: Caller) -> None:
        """It is over; ProjectIsClosed, NotYoursToAssign."""
        self._insist_may(enterprise, by)
        self.closed_at, self.placed = now(), []
        self.record(
            ProjectClosed(
                project=self.name,
                display_name=self.display_name,
                enterprise_legal_name=self.enterprise_legal_name,
                account=self.project_manager.name,
            )
        )

    def _give(self, display_name: str, to: Account, products: Collection[str]) -> None:
        if Role.PROJECT_MANAGER not in to.staff_roles:
            raise NotInRole(
                account=to.name, person=to.display_name, role=Role.PROJECT_MANAGER.value
            )
        wanted = set(products)
        if not 1 <= len(wanted) <= MOST_PRODUCTS:
            raise ProjectHasNoProducts(most=MOST_PRODUCTS)
        self.display_name, self.project_manager = text("display name", display_name), to
        stay = [each for each in self.placed if each.product in wanted]
        new = wanted - {each.product for each in stay}
        self.placed = [*stay, *map(ProjectProduct, sorted(new))]
        self.record(
            ProjectAssigned(
                project=self.name,
                display_name=self.display_name,
                enterprise_legal_name=self.enterprise_legal_name,
                account=to.name,
                products=tuple(self.products),
            )
        )

    def _insist_may(self, enterprise: Enterprise, by: Caller) -> None:
        if self.closed_at:
            raise ProjectIsClosed(project=self.display_name)
        if not by.acts_for(self.project_manager.name):
            _insist_has(enterprise, by)


def _insist_has(enterprise: Enterprise, by: Caller) -> None:
    """Refuse who neither has the customer in hand nor assigns everybody's people."""
    business, project = enterprise.business_manager, enterprise.project_manager
    if business is None or project is None:
        raise NotCertifiedYet(enterprise=enterprise.name, legal_name=enterprise.legal_name)
    if not (by.has(Role.CERTIFIER) or by.acts_for(business.name) or by.acts_for(project.name)):
        raise NotYoursToAssign(
            enterprise=enterprise.name, legal_name=enterprise.legal_name, role="manager"
        )
