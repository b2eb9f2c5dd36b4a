"""What can be known about accounts, enterprises and permissions."""

from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.authorization.domain.account import Account
from services.authorization.domain.association import ProductAssociation
from services.authorization.domain.authorization import Authorization
from services.authorization.domain.certification import Certification, State
from services.authorization.domain.deputyship import Deputyship
from services.authorization.domain.enterprise import Enterprise
from services.authorization.domain.errors import (
    AccountNotFound,
    AuthorizationNotFound,
    EnterpriseNotFound,
    NotAPerson,
)
from services.authorization.domain.membership import Membership
from services.authorization.domain.partner import PartnerClient
from services.authorization.domain.project import Project
from services.authorization.domain.session import SignInSession
from services.authorization.settings import AuthorizationSettings
from services.authorization.store import (
    Accounts,
    Authorizations,
    Certifications,
    Enterprises,
    Sessions,
    tables,
)
from services.authorization.store.names import OWN_ACCOUNT, account_id, own_or_other, person
from shared import documents
from shared.caller import Caller, Role
from shared.clock import now
from shared.documents import Document, DocumentNotFound
from shared.names import parse
from shared.paging import Page, page
from shared.storage import settings_of
from shared.tenancy import ALL, within
from shared.texts import unquoted

EVERYBODY, EVERYWHERE = "accounts/-", f"enterprises/{ALL}"


def get_account(tx: Session, *, name: str, caller: Caller) -> Account:
    """Return an account; to a customer it is not there unless it is their own.

    The transaction must see everything: a customer's account belongs to no enterprise.
    """
    own = caller.account if name == OWN_ACCOUNT else name
    if caller.has(Role.PARTNER):
        raise NotAPerson(account=caller.account)
    if own != caller.account and not caller.is_staff:
        raise AccountNotFound(account=name)
    return Accounts(tx).get(own)


def list_sessions(
    tx: Session, *, parent: str, caller: Caller, size: int, token: str
) -> Page[SignInSession]:
    """Return the caller's sessions that are not over, the newest first; nobody sees others'."""
    own = person(caller)
    if parent not in (OWN_ACCOUNT, caller.account):
        raise AccountNotFound(account=parent)
    settings = cast(AuthorizationSettings, settings_of(tx))
    select = Sessions(tx).of(
        own,
        used_after=now() - settings.session_idle,
        opened_after=now() - settings.session_lifetime,
    )
    return page(tx, select, key=tables.sessions.c.id, size=size, token=token)


def list_staff(tx: Session, *, role: Role | None, size: int, token: str) -> Page[Account]:
    """Return the vendor's own people, the newest first."""
    roles = tables.accounts.c.staff_roles
    is_staff = tables.holds(roles, role) if role else roles != frozenset()
    select = sa.select(Account).where(is_staff)
    return page(tx, select, key=tables.accounts.c.id, size=size, token=token)


def list_deputyships(
    tx: Session, *, parent: str, caller: Caller, size: int, token: str
) -> Page[Deputyship]:
    """Return who does or did somebody's work, or everybody's, the newest first; AccountNotFound."""
    table, select = tables.deputyships, sa.select(Deputyship)
    if parent != EVERYBODY:
        absent = Accounts(tx).get(own_or_other(parent, caller))
        select = select.where(table.c.absent_id == absent.id)
    return page(tx, select, key=table.c.id, size=size, token=token)


def list_projects(
    tx: Session, *, parent: str, project_manager: str, caller: Caller, size: int, token: str
) -> Page[Project]:
    """Return an enterprise's projects, or everybody's, the newest first.

    EnterpriseNotFound, AccountNotFound.
    """
    if parent != EVERYWHERE:
        Enterprises(tx).get(parent)
    table = tables.projects
    select = within(
        sa.select(Project), table, parent, caller, EnterpriseNotFound(enterprise=parent)
    )
    if project_manager:
        manager = account_id(own_or_other(project_manager, caller))
        select = select.where(table.c.project_manager_id == manager, table.c.closed_at.is_(None))
    return page(tx, select, key=table.c.id, size=size, token=token)


def list_enterprises(
    tx: Session, *, legal_name: str, registration_no: str, search: str, size: int, token: str
) -> Page[Enterprise]:
    """Return the enterprises the transaction may see, the newest first.

    With a legal name or a registration number only those that have it, however it is typed; with
    words to look for those that say each of them somewhere.
    """
    table, select = tables.enterprises, sa.select(Enterprise)
    wanted = ((table.c.legal_name, legal_name), (table.c.registration_no, registration_no))
    for column, given in wanted:
        if given:
            told = _told_apart(sa.literal(given, sa.Text))
            select = select.where(_told_apart(column) == told, told != "")
    says = sa.func.concat_ws(" ", table.c.legal_name, table.c.registration_no, table.c.enterprise)
    for word in unquoted(search).split():
        found = sa.func.strpos(_folded(says), _folded(sa.literal(word, sa.Text)))
        select = select.where(found > 0)
    return page(tx, select, key=table.c.id, size=size, token=token)


def list_certifications(
    tx: Session, *, parent: str, state: State | None, caller: Caller, size: int, token: str
) -> Page[Certification]:
    """Return an enterprise's requests for certification, or everybody's, the newest first."""
    table = tables.certifications
    select = within(
        sa.select(Certification), table, parent, caller, EnterpriseNotFound(enterprise=parent)
    )
    if state:
        select = select.where(table.c.state == state)
    return page(tx, select, key=table.c.id, size=size, token=token)


def certification_document(tx: Session, *, name: str, digest: str) -> Document:
    """Return a file of a request, byte for byte; CertificationNotFound, DocumentNotFound."""
    if not Certifications(tx).get(name).is_proved_with(digest):
        raise DocumentNotFound(digest=digest[:80])
    return documents.get(tx, digest)


def list_memberships(
    tx: Session, *, parent: str, caller: Caller, size: int, token: str
) -> Page[Membership]:
    """Return the members of an enterprise, the newest first."""
    table = tables.memberships
    select = within(
        sa.select(Membership), table, parent, caller, EnterpriseNotFound(enterprise=parent)
    )
    return page(tx, select, key=table.c.id, size=size, token=token)


def get_authorization(tx: Session, *, name: str, caller: Caller) -> Authorization:
    """Return an authorization; only administrators see others'. AuthorizationNotFound."""
    authorization = Authorizations(tx).get(name)
    if not caller.has(Role.ADMINISTRATOR) and authorization.account != caller.account:
        raise AuthorizationNotFound(authorization=name)
    return authorization


def list_authorizations(
    tx: Session, *, parent: str, caller: Caller, size: int, token: str
) -> Page[Authorization]:
    """Return an enterprise's authorizations, the newest first; only administrators see others'."""
    table = tables.authorizations
    select = within(
        sa.select(Authorization), table, parent, caller, EnterpriseNotFound(enterprise=parent)
    )
    if not caller.has(Role.ADMINISTRATOR):
        select = select.where(table.c.account_id == account_id(caller.account))
    return page(tx, select, key=table.c.id, size=size, token=token)


def list_product_associations(
    tx: Session, *, parent: str, caller: Caller, size: int, token: str
) -> Page[ProductAssociation]:
    """Return what an enterprise may order of others', or others of its, the newest first."""
    table = tables.product_associations
    (enterprise,) = parse(Enterprise.PATTERN, parent)
    select = sa.select(ProductAssociation)
    if enterprise != ALL or not caller.is_staff:
        if not caller.may_see(enterprise):
            raise EnterpriseNotFound(enterprise=parent)
        select = select.where(sa.or_(table.c.enterprise == enterprise, table.c.owner == enterprise))
    return page(tx, select, key=table.c.id, size=size, token=token)


def list_partner_clients(
    tx: Session, *, parent: str, caller: Caller, size: int, token: str
) -> Page[PartnerClient]:
    """Return an enterprise's partner clients, the newest first."""
    table = tables.partner_clients
    select = within(
        sa.select(PartnerClient), table, parent, caller, EnterpriseNotFound(enterprise=parent)
    )
    return page(tx, select, key=table.c.id, size=size, token=token)


def _told_apart(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Return what of a text tells it from others: no case, width, blanks or punctuation."""
    return sa.func.regexp_replace(_folded(text), "[[:space:][:punct:]]", "", "g")


def _folded(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return sa.func.lower(sa.func.normalize(text, sa.literal_column("NFKC")))
