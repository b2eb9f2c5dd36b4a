"""Accounts: people register, the vendor's operator enters the vendor's own."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from services.authorization import passwords
from services.authorization.commands.revoking import revoke_tokens
from services.authorization.commands.signing_in import prove
from services.authorization.domain.account import Account
from services.authorization.domain.errors import (
    AccountNotFound,
    BadStaffRole,
    EmailTaken,
    NoPassword,
    WrongPassword,
    WrongSignIn,
)
from services.authorization.domain.one_time import Purpose
from services.authorization.domain.rules import email_address, expect
from services.authorization.domain.session import SignInSession
from services.authorization.store import Accounts, Codes, Credentials, Sessions
from services.authorization.store.names import OWN_ACCOUNT, person
from shared.caller import STAFF_ROLES, Caller, Role
from shared.storage import EVERYTHING, Database

if TYPE_CHECKING:
    from shared.service import Runtime


def register_account(
    tx: Session, *, email: str, display_name: str, phone: str, password_hash: str
) -> Account:
    """A person registers; EmailTaken if the address is somebody's already."""
    account = Account.register(email=email, display_name=display_name, phone=phone)
    if Accounts(tx).with_email(account.email):
        raise EmailTaken(email=account.email)
    Codes(tx).of(account.email, Purpose.VERIFY_ADDRESS).ask()
    return _keep(tx, account, password_hash)


def update_account(
    tx: Session, *, name: str, display_name: str, phone: str, etag: str, caller: Caller
) -> Account:
    """The caller says what they are called; AccountNotFound for anybody else's account."""
    if name not in (OWN_ACCOUNT, caller.account):
        raise AccountNotFound(account=name)
    account = Accounts(tx).by_id(person(caller))
    expect(account, etag)
    account.describe(display_name=display_name, phone=phone)
    return account


def prove_own(database: Database, *, password: str, caller: Caller, network: str) -> Account:
    """Return the caller's account if that is their present password; WrongPassword, NoPassword.

    Wrong ones count as failures to sign in, for whoever found a computer unlocked.
    """
    with database.transaction(EVERYTHING, read_only=True) as tx:
        account = Accounts(tx).by_id(person(caller))
    if account.provider:
        raise NoPassword(provider=account.provider)
    try:
        prove(database, email=account.email, password=password, network=network)
    except WrongSignIn:
        raise WrongPassword from None
    return account


def prove_own_if_any(database: Database, *, password: str, caller: Caller, network: str) -> None:
    """Insist on the caller's present password, unless the account has none; WrongPassword."""
    with suppress(NoPassword):
        prove_own(database, password=password, caller=caller, network=network)


def change_password(tx: Session, *, password_hash: str, keep: str, caller: Caller) -> None:
    """The caller has another password; sessions end but the one named `keep`. SessionNotFound."""
    account = Accounts(tx).by_id(person(caller))
    kept = Sessions(tx).get(keep, account.id) if keep else None
    set_password(tx, account, password_hash, but=kept)


def set_password(
    tx: Session, account: Account, password_hash: str, *, but: SignInSession | None = None
) -> None:
    """Give an account another password; sessions opened with the one before end, but one."""
    revoke_tokens(tx, subject=account.name)
    account.change_password()
    Credentials(tx).set(account.id, password_hash)
    Sessions(tx).end_all(account.id, but=but.id if but else None)


def enter_staff(
    runtime: "Runtime",
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    password: str,
    phone: str = "",
) -> str:
    """Enter one of the vendor's own people, or correct the entry; return the account's name.

    Saying the same again changes nothing. Another password ends the sessions opened with the one
    before. Refuses with BadStaffRole, BadPassword and whatever makes no account.
    """
    staff_roles = frozenset(roles)
    if not staff_roles or staff_roles - STAFF_ROLES:
        raise BadStaffRole
    # Nobody is signed in: the operator who may start this may see the whole database anyway.
    with runtime.database.transaction(EVERYTHING) as tx:
        account = Accounts(tx).with_email(email_address(email))
        if account is None:
            password_hash = passwords.hashed(password, email=email)
            account = Account.register(
                email=email, display_name=name, phone=phone, staff_roles=staff_roles
            )
            return _keep(tx, account, password_hash).name
        account.enter(display_name=name, phone=phone, staff_roles=staff_roles)
        _change_password(tx, account, password)
        return account.name


def _keep(tx: Session, account: Account, password_hash: str) -> Account:
    Accounts(tx).add(account)
    Credentials(tx).set(account.id, password_hash)
    return account


def _change_password(tx: Session, account: Account, password: str) -> None:
    known = Credentials(tx).of(account.email)
    if not passwords.matches(password, known[1] if known else None):
        set_password(tx, account, passwords.hashed(password, email=account.email))
