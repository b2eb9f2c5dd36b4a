"""The enterprise: a customer organisation, and its people at the vendor."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.authorization.domain.account import Account
from services.authorization.domain.errors import (
    BadEnterpriseId,
    BadKind,
    CertificationInThePast,
    NotCertifiedYet,
    NotInRole,
    NotYoursToAssign,
)
from services.authorization.domain.events import (
    EnterpriseAssigned,
    EnterpriseCertificationEnded,
    EnterpriseCertificationEnding,
    EnterpriseCertified,
    EnterpriseCreated,
)
from services.authorization.domain.rules import text
from shared.caller import Caller, Role
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")


class Kind(Enum):
    """What an enterprise does with modules (R1)."""

    BRAND_OWNER = "brand_owner"
    MANUFACTURER = "manufacturer"


class Enterprise(Aggregate):
    """A customer organisation. Its space is everything that carries its id."""

    PATTERN = "enterprises/*"

    id: UUID
    """Only for the order of lists; the world knows it by `enterprise`."""

    legal_name: str
    registration_no: str
    address: str
    kinds: frozenset[Kind]
    certified_at: datetime | None
    certified_until: datetime | None
    """Until when the last certification is good; None: it does not end."""

    ending_told: bool
    ended_told: bool
    """What was told of its end already."""

    business_manager: Account | None
    project_manager: Account | None
    created_at: datetime

    @classmethod
    def create(
        cls,
        *,
        enterprise_id: str,
        legal_name: str,
        kinds: Iterable[Kind],
        registration_no: str = "",
        address: str = "",
    ) -> Enterprise:
        """A customer comes; refuses with BadEnterpriseId, BadText or BadKind."""
        enterprise = cls()
        enterprise.enterprise = _insist_id(enterprise_id)
        enterprise.id = new_id()
        enterprise.legal_name = text("legal name", legal_name)
        enterprise.registration_no = text("registration number", registration_no, optional=True)
        enterprise.address = text("address", address, most=500, optional=True)
        enterprise.kinds = frozenset(kinds)
        if not enterprise.kinds:
            raise BadKind
        enterprise.certified_at = enterprise.business_manager = enterprise.project_manager = None
        enterprise.certified_until = None
        enterprise.ending_told = enterprise.ended_told = False
        enterprise.created_at = now()
        enterprise.record(
            EnterpriseCreated(enterprise=enterprise.name, legal_name=enterprise.legal_name)
        )
        return enterprise

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}"

    @property
    def is_certified(self) -> bool:
        """Whether it may order (R27)."""
        until = self.certified_until
        return self.certified_at is not None and (until is None or until > now())

    @property
    def is_due(self) -> bool:
        """Whether it may ask for certification: it has none, or was told that it ends soon."""
        return not self.is_certified or self.ending_told

    def certify(
        self,
        *,
        registration_no: str,
        business_manager: Account,
        project_manager: Account,
        until: datetime,
    ) -> None:
        """It passed certification and gets its people; NotInRole, CertificationInThePast (R27)."""
        _insist_role(business_manager, Role.BUSINESS_MANAGER)
        _insist_role(project_manager, Role.PROJECT_MANAGER)
        if until <= now():
            raise CertificationInThePast
        self.registration_no = registration_no
        self.business_manager, self.project_manager = business_manager, project_manager
        self.certified_at, self.certified_until = now(), until
        self.ending_told = self.ended_told = False
        self.record(
            EnterpriseCertified(
                enterprise=self.name,
                legal_name=self.legal_name,
                business_manager=business_manager.name,
                project_manager=project_manager.name,
                expire_time=until,
            )
        )

    def assign(
        self, *, business_manager: Account | None, project_manager: Account | None, by: Caller
    ) -> None:
        """It gets other people here; None: who it has stays.

        Refuses with NotCertifiedYet, NotYoursToAssign or NotInRole; the same people are no change.
        """
        if self.business_manager is None or self.project_manager is None:
            raise NotCertifiedYet(enterprise=self.name, legal_name=self.legal_name)
        business = self._handed(business_manager, self.business_manager, Role.BUSINESS_MANAGER, by)
        project = self._handed(project_manager, self.project_manager, Role.PROJECT_MANAGER, by)
        if (business, project) == (self.business_manager, self.project_manager):
            return
        self.business_manager, self.project_manager = business, project
        self.record(
            EnterpriseAssigned(
                enterprise=self.name,
                legal_name=self.legal_name,
                business_manager=business.name,
                project_manager=project.name,
            )
        )

    def _handed(self, to: Account | None, now_with: Account, role: Role, by: Caller) -> Account:
        """Return who has it from now on, if `by` may give it to them."""
        if to is None or to is now_with:
            return now_with
        if not by.has(Role.CERTIFIER) and not by.acts_for(now_with.name):
            raise NotYoursToAssign(
                enterprise=self.name,
                legal_name=self.legal_name,
                role=role.value.replace("_", " "),
            )
        _insist_role(to, role)
        return to

    def tell_of_end(self) -> None:
        """Tell, once each, that its certification ends soon and that it is over."""
        if self.is_certified:
            self.ending_told = True
            self.record(
                EnterpriseCertificationEnding(
                    enterprise=self.name,
                    legal_name=self.legal_name,
                    expire_time=self.certified_until,
                )
            )
        else:
            self.ending_told = self.ended_told = True
            self.record(
                EnterpriseCertificationEnded(enterprise=self.name, legal_name=self.legal_name)
            )


def id_from(legal_name: str) -> str:
    """Return an id that resembles a legal name: `nordlicht-gmbh` of `Nordlicht GmbH`."""
    words = re.sub(r"[^a-z0-9]+", "-", legal_name.lower())[:32].strip("-")
    return words if _ID.fullmatch(words) else another_id(words)


def another_id(taken: str) -> str:
    """Return an id that resembles `taken` and is most probably free."""
    return f"{taken or 'enterprise'}-{secrets.token_hex(3)}"


def _insist_id(enterprise_id: str) -> str:
    if not _ID.fullmatch(enterprise_id):
        raise BadEnterpriseId(enterprise_id=enterprise_id[:60])
    return enterprise_id


def _insist_role(account: Account, role: Role) -> None:
    if role not in account.staff_roles:
        raise NotInRole(account=account.name, person=account.display_name, role=role.value)
