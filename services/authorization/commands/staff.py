"""The vendor's own people: who does whose work, and who has which customer in their hands."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.authorization.commands.revoking import revoke_tokens
from services.authorization.domain.deputyship import Deputyship
from services.authorization.domain.enterprise import Enterprise
from services.authorization.domain.errors import AlreadyDeputized
from services.authorization.domain.rules import expect
from services.authorization.store import Accounts, Deputyships, Enterprises
from services.authorization.store.names import own_or_other
from shared.caller import Caller


def create_deputyship(
    tx: Session,
    *,
    parent: str,
    deputy: str,
    begins_at: datetime | None,
    ends_at: datetime | None,
    caller: Caller,
) -> Deputyship:
    """Name who does somebody's work while they are absent.

    Refuses with NotYourAbsence, DeputyOfOneself, NotInRole, BadAbsence or AlreadyDeputized.
    """
    absent = Accounts(tx).get(own_or_other(parent, caller))
    deputyship = Deputyship.plan(
        absent=absent,
        deputy=Accounts(tx).get(deputy),
        begins_at=begins_at,
        ends_at=ends_at,
        by=caller,
    )
    if Deputyships(tx).overlaps(absent.id, deputyship.begins_at, deputyship.ends_at):
        raise AlreadyDeputized(account=absent.name, person=absent.display_name)
    Deputyships(tx).add(deputyship)
    turn(tx, deputyship)
    return deputyship


def end_deputyship(tx: Session, *, name: str, etag: str, caller: Caller) -> Deputyship:
    """End it before its time; NotYourAbsence, DeputyshipOver."""
    deputyship = Deputyships(tx).get(name)
    expect(deputyship, etag)
    deputyship.end(by=caller)
    revoke_tokens(tx, subject=deputyship.deputy)
    return deputyship


def turn(tx: Session, deputyship: Deputyship) -> None:
    """Tell that it began or is over, and have the deputy's next token say so."""
    told = deputyship.sequence
    deputyship.turn()
    if deputyship.sequence != told:
        revoke_tokens(tx, subject=deputyship.deputy)


def assign_people(
    tx: Session,
    *,
    name: str,
    business_manager: str,
    project_manager: str,
    etag: str,
    caller: Caller,
) -> Enterprise:
    """Give an enterprise other people here; who is not named stays.

    Orders that were submitted stay with whom they are; new ones go to whom it is given now.
    Refuses with NotCertifiedYet, NotYoursToAssign or NotInRole.
    """
    enterprise = Enterprises(tx).get(name)
    expect(enterprise, etag)
    enterprise.assign(
        business_manager=Accounts(tx).get(business_manager) if business_manager else None,
        project_manager=Accounts(tx).get(project_manager) if project_manager else None,
        by=caller,
    )
    return enterprise
