"""Enterprises come, ask to be certified, and take people in."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.authorization.commands.revoking import revoke_tokens
from services.authorization.commands.signing_in import needs_verification
from services.authorization.domain.account import Account
from services.authorization.domain.certification import Certification, Proof
from services.authorization.domain.enterprise import Enterprise, Kind, another_id, id_from
from services.authorization.domain.errors import (
    AddressNotVerified,
    CertificationPending,
    CertificationTooLong,
    EnterpriseIdTaken,
    LastAdministrator,
    NobodyToAssign,
    NotACustomer,
    NothingToChange,
)
from services.authorization.domain.membership import Membership
from services.authorization.domain.rules import email_address, expect
from services.authorization.settings import ours
from services.authorization.store import (
    Accounts,
    Certifications,
    Enterprises,
    Memberships,
    seeing,
)
from shared import documents
from shared.caller import Caller, Role
from shared.clock import now
from shared.storage import EVERYTHING

MOST_YEARS = 10
LONGEST = timedelta(days=366 * MOST_YEARS)
"""So long a certifier may say that a certification is good: a mistyped year could not be undone."""


def create_enterprise(
    tx: Session,
    *,
    enterprise_id: str,
    legal_name: str,
    kinds: Collection[Kind],
    registration_no: str,
    address: str,
    caller: Caller,
) -> Enterprise:
    """Create an enterprise with the caller as its administrator; EnterpriseIdTaken, NotACustomer.

    The transaction must see everything: the caller may have no space yet, and an id must not be
    anybody's.
    """
    founder = _founder(tx, caller)
    enterprise = Enterprise.create(
        enterprise_id=enterprise_id or _free_id(tx, legal_name),
        legal_name=legal_name,
        kinds=kinds,
        registration_no=registration_no,
        address=address,
    )
    if Enterprises(tx).has(enterprise.enterprise):
        raise EnterpriseIdTaken(enterprise_id=enterprise.enterprise)
    Enterprises(tx).add(enterprise)
    tx.flush()  # No relationship tells the session that a member needs its enterprise first.
    Memberships(tx).add(Membership.join(enterprise.enterprise, founder, {Role.ADMINISTRATOR}))
    return enterprise


def request_certification(tx: Session, *, parent: str, registration_no: str) -> Certification:
    """Ask for the certification of an enterprise; AlreadyCertified, CertificationPending (R27)."""
    enterprise = Enterprises(tx).get(parent)
    if Certifications(tx).is_pending(enterprise):
        raise CertificationPending(enterprise=enterprise.name, legal_name=enterprise.legal_name)
    certification = Certification.request(enterprise, registration_no=registration_no)
    Certifications(tx).add(certification)
    return certification


def attach_document(
    tx: Session, *, name: str, file_name: str, media_type: str, content: bytes
) -> Certification:
    """Add a file to a request; CertificationDecided, TooManyDocuments, BadText."""
    certification = Certifications(tx).get(name)
    digest = documents.put(
        tx, enterprise=certification.enterprise, media_type=media_type, content=content
    )
    certification.attach(
        Proof(digest=digest, file_name=file_name, media_type=media_type, size=len(content))
    )
    return certification


def approve_certification(
    tx: Session,
    *,
    name: str,
    business_manager: str,
    project_manager: str,
    until: datetime | None,
    etag: str,
) -> Certification:
    """Certify an enterprise and assign its people: the named, its own or the freest ones (R27).

    Refuses with CertificationCannotBecome, CertificationInThePast, CertificationTooLong,
    NobodyToAssign or NotInRole.
    """
    certification = Certifications(tx).get(name)
    expect(certification, etag)
    enterprise = Enterprises(tx).get(f"enterprises/{certification.enterprise}")
    if until and until > now() + LONGEST:
        raise CertificationTooLong(years=MOST_YEARS)
    until = until or now() + ours(tx).certification_validity
    certification.approve(until=until)
    enterprise.certify(
        registration_no=certification.registration_no,
        business_manager=_assigned(tx, business_manager, Role.BUSINESS_MANAGER, enterprise),
        project_manager=_assigned(tx, project_manager, Role.PROJECT_MANAGER, enterprise),
        until=until,
    )
    return certification


def reject_certification(tx: Session, *, name: str, reason: str, etag: str) -> Certification:
    """Do not let an enterprise in; CertificationCannotBecome."""
    certification = Certifications(tx).get(name)
    expect(certification, etag)
    certification.reject(reason=reason)
    return certification


def create_membership(
    tx: Session, *, parent: str, email: str, roles: Collection[Role]
) -> Membership:
    """Make who registered with an address a member, or give a member these roles instead.

    Refuses with NobodyRegistered, ActsForTheVendor, BadMemberRole or LastAdministrator.
    """
    enterprise = Enterprises(tx).get(parent)
    account = registered(tx, email)
    membership = Memberships(tx).of(enterprise.enterprise, account.id)
    if membership is None:
        membership = Membership.join(enterprise.enterprise, account, roles)
        Memberships(tx).add(membership)
        return membership
    return _with_roles(tx, membership, roles)


def update_membership(
    tx: Session, *, name: str, roles: Collection[Role], fields: Collection[str], etag: str
) -> Membership:
    """Give a member other roles; NothingToChange, BadMemberRole or LastAdministrator."""
    membership = Memberships(tx).get(name)
    expect(membership, etag)
    if set(fields) != {"roles"}:
        raise NothingToChange
    return _with_roles(tx, membership, roles)


def _with_roles(tx: Session, membership: Membership, roles: Collection[Role]) -> Membership:
    _insist_administered(tx, membership, roles)
    if membership.roles - frozenset(roles):
        revoke_tokens(tx, subject=membership.account, enterprise=membership.enterprise)
    membership.change(roles)
    return membership


def remove_membership(tx: Session, *, name: str, etag: str) -> None:
    """End a membership; LastAdministrator. Authorizations stay until they are revoked."""
    membership = Memberships(tx).get(name)
    expect(membership, etag)
    _insist_administered(tx, membership, ())
    membership.leave()
    Memberships(tx).remove(membership)
    revoke_tokens(tx, subject=membership.account, enterprise=membership.enterprise)


def registered(tx: Session, email: str) -> Account:
    """Return who registered with an address, whichever enterprises they belong to.

    Accounts are nobody's, so for this one look the transaction sees everything.
    """
    with seeing(tx, EVERYTHING):
        return Accounts(tx).registered(email_address(email))


def _founder(tx: Session, caller: Caller) -> Account:
    if caller.is_staff or caller.has(Role.PARTNER):
        raise NotACustomer(account=caller.account)
    founder = Accounts(tx).get(caller.account)
    if needs_verification(tx, founder):
        raise AddressNotVerified
    return founder


def _free_id(tx: Session, legal_name: str) -> str:
    wanted = id_from(legal_name)
    return another_id(wanted) if Enterprises(tx).has(wanted) else wanted


def _assigned(tx: Session, name: str, role: Role, enterprise: Enterprise) -> Account:
    has = getattr(enterprise, role.value)
    kept = has if has and role in has.staff_roles else None
    account = Accounts(tx).get(name) if name else kept or Accounts(tx).freest(role)
    if account is None:
        raise NobodyToAssign(
            role=role.value, enterprise=enterprise.name, legal_name=enterprise.legal_name
        )
    return account


def _insist_administered(tx: Session, membership: Membership, roles: Collection[Role]) -> None:
    steps_back = Role.ADMINISTRATOR in membership.roles and Role.ADMINISTRATOR not in roles
    if steps_back and not Memberships(tx).others_administer(membership):
        raise LastAdministrator(
            email=membership.email, enterprise=f"enterprises/{membership.enterprise}"
        )
