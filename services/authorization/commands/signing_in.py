"""Signing in: prove who one is, choose a space, get an access token for it.

Nobody is signed in yet, so all of this runs in the scope EVERYTHING: the account, its sessions and
the enterprises it may act in belong to no enterprise the transaction could be limited to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from services.authorization import passwords
from services.authorization.domain.account import Account
from services.authorization.domain.errors import TooManyFailures, WrongSignIn
from services.authorization.domain.partner import PartnerClient
from services.authorization.domain.session import SignInSession, new_secret
from services.authorization.domain.space import Space, caller_in, choose
from services.authorization.settings import AuthorizationSettings
from services.authorization.store import (
    Accounts,
    Credentials,
    Deputyships,
    Failures,
    Revocations,
    Sessions,
)
from services.authorization.store.access import spaces_of
from shared.clock import now
from shared.storage import EVERYTHING, Database, settings_of
from shared.tokens import LIFETIME, Keys, mint

MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)
"""So often an address may fail in so long a time, whether somebody registered with it or not."""


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A sign-in: who, where, and the proof of it."""

    who: Account | PartnerClient
    spaces: Sequence[Space]
    space: Space
    token: str = field(repr=False)
    expires_at: datetime
    session: str = ""
    """`accounts/…/sessions/…`; empty for a partner system, which has none."""

    secret: str = field(default="", repr=False)


def prove(database: Database, *, email: str, password: str) -> UUID:
    """Return the id of the account that address and password belong to.

    Refuses with WrongSignIn, the same for a wrong address and a wrong password, or with
    TooManyFailures. Three small transactions instead of one, as a failure must be remembered
    though it is refused, and as nothing should be locked while a password is checked.
    """
    address = email.strip().lower()
    with database.transaction(EVERYTHING, read_only=True) as tx:
        _insist_few_failures(tx, address)
        known = Credentials(tx).of(address)
    if passwords.matches(password, known[1] if known else None) and known:
        return known[0]
    with database.transaction(EVERYTHING) as tx:
        Failures(tx, WINDOW).add(address)
    raise WrongSignIn


def sign_in(
    tx: Session, *, account_id: UUID, space: str, device: str = "", network: str = ""
) -> SignedIn:
    """Open a session for who proved to be `account_id`, in the space named or in their first one.

    Refuses with SpaceNotFound, or with TooManyFailures if others failed in the meantime.
    """
    account = held(tx, account_id)
    _insist_few_failures(tx, account.email)
    Failures(tx, WINDOW).forgive(account.email)
    spaces = spaces_for(tx, account)
    chosen = choose(spaces, asked=space)
    session = SignInSession.open(
        account_id=account.id, space=chosen.enterprise, device=device, network=network
    )
    secret = new_secret()
    Sessions(tx).open(session, secret)
    return admit(tx, account, spaces, chosen, session=session, secret=secret)


def admit(
    tx: Session,
    who: Account | PartnerClient,
    spaces: Sequence[Space],
    space: Space,
    *,
    session: SignInSession | None = None,
    secret: str = "",
) -> SignedIn:
    """Return the proof that `who` may act in `space`: a token with the roles they have there.

    What is true of `who` must have been read while holding their revocations.
    """
    key = signing_key(settings_of(tx).keys)
    return SignedIn(
        who=who,
        spaces=spaces,
        space=space,
        token=mint(caller_in(space, who), key=key, revocations=Revocations(tx).counted()),
        expires_at=now() + timedelta(seconds=LIFETIME),
        session=session.name if session else "",
        secret=secret,
    )


@cache
def signing_key(folder: Path) -> Keys:
    """Return the private keys in `folder`; read again when they change."""
    return Keys.load(folder)


def held(tx: Session, account_id: UUID) -> Account:
    """Return an account whose rights nobody takes away until its token is made."""
    Revocations(tx).hold(f"accounts/{account_id}")
    return Accounts(tx).by_id(account_id)


def spaces_for(tx: Session, account: Account) -> list[Space]:
    """Return where an account can act now: the vendor's people in the vendor's own space."""
    if not account.is_staff:
        return spaces_of(tx, account)
    vendor = cast(AuthorizationSettings, settings_of(tx)).vendor_name
    absent = Deputyships(tx).absent_for(account.id)
    return [Space(enterprise="", display_name=vendor, roles=account.staff_roles, deputy_of=absent)]


def _insist_few_failures(tx: Session, email: str) -> None:
    failures = Failures(tx, WINDOW).of(email)
    if failures >= MOST_FAILURES:
        raise TooManyFailures(failures=failures, minutes=WINDOW.seconds // 60)
