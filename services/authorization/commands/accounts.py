"""Accounts: people register, the vendor's operator enters the vendor's own."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from services.authorization import passwords
from services.authorization.commands.revoking import revoke_tokens
from services.authorization.domain.account import Account
from services.authorization.domain.errors import BadStaffRole, EmailTaken
from services.authorization.domain.rules import email_address
from services.authorization.store import Accounts, Credentials, Sessions
from shared.caller import STAFF_ROLES, Role
from shared.storage import EVERYTHING

if TYPE_CHECKING:
    from shared.service import Runtime


def register_account(
    tx: Session, *, email: str, display_name: str, phone: str, password_hash: str
) -> Account:
    """A person registers; EmailTaken if the address is somebody's already."""
    account = Account.register(email=email, display_name=display_name, phone=phone)
    if Accounts(tx).with_email(account.email):
        raise EmailTaken(email=account.email)
    return _keep(tx, account, password_hash)


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
        revoke_tokens(tx, subject=account.name)
        Credentials(tx).set(account.id, passwords.hashed(password, email=account.email))
        Sessions(tx).end_all(account.id)
