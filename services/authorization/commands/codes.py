"""Codes by mail: an address is verified, a forgotten password replaced.

Nothing here tells whether somebody registered with an address: whatever was asked for is written
down alike, and a clock finds out later to whom a code has to be sent.
"""

from sqlalchemy.orm import Session

from services.authorization import passwords
from services.authorization.commands.accounts import set_password
from services.authorization.domain.account import Account
from services.authorization.domain.errors import AddressIsVerified, WrongCode
from services.authorization.domain.one_time import OneTimeCode, Purpose, new_code, typed
from services.authorization.domain.rules import email_address
from services.authorization.store import Accounts, Codes
from services.authorization.store.names import person
from shared.caller import Caller
from shared.storage import EVERYTHING, Database


def request_code(tx: Session, *, email: str, purpose: Purpose) -> None:
    """Have a code sent to an address, if somebody registered with it; BadEmail, TooManyCodes."""
    Codes(tx).of(email_address(email), purpose).ask()


def request_verification(tx: Session, *, caller: Caller) -> None:
    """Have a code sent to the caller's address; AddressIsVerified, TooManyCodes."""
    account = Accounts(tx).by_id(person(caller))
    if account.verified_at:
        raise AddressIsVerified
    request_code(tx, email=account.email, purpose=Purpose.VERIFY_ADDRESS)


def prove_code(database: Database, *, email: str, purpose: Purpose, code: str) -> str:
    """Return the hash of the code that was typed; WrongCode, the same whatever of it is wrong.

    In transactions of its own, as a try must be counted though it is refused. For an address nobody
    registered with it takes as long as for any other.
    """
    with database.transaction(EVERYTHING) as tx:
        kept = _tried(Codes(tx).known(email.strip().lower(), purpose))
    if not passwords.matches(typed(code), kept) or kept is None:
        raise WrongCode
    return kept


def verify_address(tx: Session, *, email: str, proven: str) -> None:
    """The person reads the address they registered with; WrongCode if the code was used since."""
    _used(tx, email, Purpose.VERIFY_ADDRESS, proven).verify()


def reset_password(tx: Session, *, email: str, proven: str, password_hash: str) -> None:
    """Whoever reads the address chooses another password; every session ends. WrongCode."""
    account = _used(tx, email, Purpose.RESET_PASSWORD, proven)
    account.verify()
    set_password(tx, account, password_hash)


def make_due(tx: Session) -> tuple[OneTimeCode, Account | None, str] | None:
    """Make a code that has to be sent; return what was asked for, who gets it, and the code.

    Nobody gets one, as far as it would be of no use; None if none has to be sent.
    """
    due = Codes(tx).due()
    if due is None:
        return None
    account = Accounts(tx).with_email(due.email)
    if account is None or not _of_use(due.purpose, account):
        due.made("")
        due.sent()
        return due, None, ""
    code = new_code()
    due.made(passwords.kept_anew(code))
    return due, account, code


def _of_use(purpose: Purpose, account: Account) -> bool:
    if purpose is Purpose.VERIFY_ADDRESS:
        return account.verified_at is None
    return not account.provider


def _tried(code: OneTimeCode | None) -> str | None:
    """Count a try; return the hash to compare with, or None if there is nothing to be right."""
    if code is None:
        return None
    try:
        kept = code.insist_usable()
    except WrongCode:
        return None
    code.tries += 1
    return kept


def _used(tx: Session, email: str, purpose: Purpose, proven: str) -> Account:
    code = Codes(tx).known(email.strip().lower(), purpose)
    account = Accounts(tx).with_email(email.strip().lower())
    if code is None or account is None or code.code_hash != proven:
        raise WrongCode
    code.use_up()
    return account
