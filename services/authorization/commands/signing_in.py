"""Signing in: prove who one is, choose a space, get an access token for it.

Nobody is signed in yet, so all of this runs in the scope EVERYTHING: the account, its sessions and
the enterprises it may act in belong to no enterprise the transaction could be limited to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from services.authorization import passwords
from services.authorization.domain.account import Account
from services.authorization.domain.errors import (
    TooManyFailures,
    TooManyFromHere,
    WrongSignIn,
)
from services.authorization.domain.partner import PartnerClient
from services.authorization.domain.session import SignInSession, new_secret
from services.authorization.domain.space import Space, caller_in, choose
from services.authorization.settings import AuthorizationSettings
from services.authorization.store import (
    Accounts,
    Challenges,
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

MOST_FROM_NETWORK = 50
"""So often anybody of one network may, in the same time: many people can be behind one address."""


class Need(Enum):
    """What an account has to do before it can act everywhere."""

    VERIFY_ADDRESS = "verify_address"
    TWO_STEP = "two_step"


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
    needs: frozenset[Need] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Challenged:
    """Half a sign-in: the password was right, and a code is still to be shown."""

    secret: str = field(repr=False)


def prove(database: Database, *, email: str, password: str, network: str = "") -> UUID:
    """Return the id of the account that address and password belong to.

    Refuses with WrongSignIn, the same for a wrong address and a wrong password, or with
    TooManyFailures or TooManyFromHere. Three small transactions instead of one, as a failure must
    be remembered though it is refused, and as nothing should be locked while a password is checked.
    """
    address = email.strip().lower()
    with database.transaction(EVERYTHING, read_only=True) as tx:
        insist_few_failures(tx, address, network)
        known = Credentials(tx).of(address)
    if not passwords.matches(password, known[1] if known else None) or known is None:
        with database.transaction(EVERYTHING) as tx:
            failed(tx, address, network)
        raise WrongSignIn
    if passwords.outdated(known[1]):
        with database.transaction(EVERYTHING) as tx:
            Credentials(tx).set(known[0], passwords.kept_anew(password))
    return known[0]


def sign_in(
    tx: Session, *, account_id: UUID, space: str, device: str = "", network: str = ""
) -> SignedIn | Challenged:
    """Open a session for who proved to be `account_id`, in the space named or in their first one.

    With two-step sign-in a code is asked for first. Refuses with SpaceNotFound, or with
    TooManyFailures if others failed in the meantime.
    """
    account = held(tx, account_id)
    insist_few_failures(tx, account.email, network)
    if account.two_step_at is None:
        return open_session(tx, account_id=account_id, space=space, device=device, network=network)
    secret = new_secret()
    Challenges(tx).add(secret, account_id, space)
    return Challenged(secret=secret)


def open_session(
    tx: Session, *, account_id: UUID, space: str, device: str, network: str
) -> SignedIn:
    """Open a session for who proved everything that is asked for; SpaceNotFound."""
    account = held(tx, account_id)
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

    What is true of `who` must have been read while holding their revocations. The token ends with
    the authorization it stands on: no clock has to come in time for that (I8).
    """
    key, at = signing_key(settings_of(tx).keys), now()
    ends = min(filter(None, (at + timedelta(seconds=LIFETIME), space.until)))
    lifetime, revocations = (ends - at).total_seconds(), Revocations(tx).counted()
    return SignedIn(
        who=who,
        spaces=spaces,
        space=space,
        token=mint(caller_in(space, who), key=key, lifetime=lifetime, revocations=revocations),
        expires_at=ends,
        session=session.name if session else "",
        secret=secret,
        needs=_needs(tx, who) if isinstance(who, Account) else frozenset(),
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
    """Return where an account can act now: the vendor's people in the vendor's own space.

    Nowhere before its address is verified, and nowhere with a role that needs two-step sign-in
    before that is on, where the settings say so.
    """
    if needs_verification(tx, account):
        return []
    found = _all_spaces(tx, account)
    if account.two_step_at or account.provider:
        return found
    needed = cast(AuthorizationSettings, settings_of(tx)).two_step_for
    return [space for space in found if space.roles.isdisjoint(needed)]


def needs_verification(tx: Session, account: Account) -> bool:
    """Whether the account may do nothing before its address is verified."""
    insists = cast(AuthorizationSettings, settings_of(tx)).verified_addresses
    return insists and account.verified_at is None


def _needs(tx: Session, account: Account) -> frozenset[Need]:
    needs = {Need.VERIFY_ADDRESS} if needs_verification(tx, account) else set()
    if not (account.two_step_at or account.provider) and needs_two_steps(tx, account):
        needs.add(Need.TWO_STEP)
    return frozenset(needs)


def needs_two_steps(tx: Session, account: Account) -> bool:
    """Whether a role of the account needs two-step sign-in."""
    needed = cast(AuthorizationSettings, settings_of(tx)).two_step_for
    return any(space.roles & needed for space in _all_spaces(tx, account)) if needed else False


def insist_few_failures(tx: Session, email: str, network: str) -> None:
    """Refuse with TooManyFailures or TooManyFromHere who has to wait."""
    if (failures := Failures(tx, WINDOW).of(email)) >= MOST_FAILURES:
        raise TooManyFailures(failures=failures, minutes=WINDOW.seconds // 60)
    insist_few_from(tx, network)


def insist_few_from(tx: Session, network: str) -> None:
    """Refuse with TooManyFromHere who has to wait for others of their network, or themselves."""
    if not network:
        return
    if (failures := Failures(tx, WINDOW).of(seen_from(network))) >= MOST_FROM_NETWORK:
        raise TooManyFromHere(failures=failures, minutes=WINDOW.seconds // 60)


def failed(tx: Session, who: str, network: str) -> None:
    """Remember that a sign-in failed: for the address typed, and for where it came from."""
    Failures(tx, WINDOW).add(who)
    if network:
        Failures(tx, WINDOW).add(seen_from(network))


def seen_from(address: str) -> str:
    """Return who is meant by an address: one of IPv6 is one of very many of the same person."""
    try:
        length = 32 if ip_address(address).version == 4 else 64
        return f"network {ip_network(f'{address}/{length}', strict=False)}"
    except ValueError:
        return f"network {address}"


def _all_spaces(tx: Session, account: Account) -> list[Space]:
    if not account.is_staff:
        return spaces_of(tx, account)
    vendor = cast(AuthorizationSettings, settings_of(tx)).vendor_name
    absent = Deputyships(tx).absent_for(account.id)
    return [Space(enterprise="", display_name=vendor, roles=account.staff_roles, deputy_of=absent)]
