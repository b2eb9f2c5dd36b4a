"""Two-step sign-in: set up, asked for, moved to another device."""

from typing import cast

from sqlalchemy.orm import Session

from services.authorization.commands.revoking import revoke_tokens
from services.authorization.commands.signing_in import (
    WINDOW,
    SignedIn,
    failed,
    insist_few_failures,
    needs_two_steps,
    open_session,
)
from services.authorization.domain.account import Account
from services.authorization.domain.errors import (
    SecondStepOver,
    TwoStepIsOff,
    TwoStepIsRequired,
    WrongCode,
)
from services.authorization.domain.two_step import TwoStep, is_recovery_code, recovery_codes
from services.authorization.settings import AuthorizationSettings
from services.authorization.store import Accounts, Challenges, Failures, TwoSteps
from services.authorization.store.names import person
from services.authorization.store.second_step import Challenge
from shared.caller import Caller
from shared.storage import EVERYTHING, Database, settings_of


def attempt(database: Database, *, secret: str, network: str) -> Challenge:
    """Return what the password proved; SecondStepOver, TooManyFailures or TooManyFromHere.

    In a transaction of its own, as a try must be counted though it is refused. It counts as a
    failure, also for the address, until the sign-in succeeds: else whoever has the password could
    guess codes for ever.
    """
    with database.transaction(EVERYTHING) as tx:
        challenge = Challenges(tx).attempt(secret)
        if challenge:
            email = Accounts(tx).by_id(challenge.account_id).email
            insist_few_failures(tx, email, network)
            failed(tx, email, network)
    if challenge is None:
        raise SecondStepOver
    return challenge


def finish_sign_in(
    tx: Session, *, challenge: Challenge, secret: str, code: str, device: str, network: str
) -> SignedIn:
    """Open the session, as the code is right too; WrongCode, SecondStepOver."""
    _take(tx, TwoSteps(tx).of(challenge.account_id), code)
    if not Challenges(tx).end(secret):
        raise SecondStepOver
    return open_session(
        tx,
        account_id=challenge.account_id,
        space=challenge.space,
        device=device,
        network=network,
    )


def count_try(database: Database, *, caller: Caller, network: str) -> None:
    """Count a code somebody who is signed in types, as a failure until it is right."""
    with database.transaction(EVERYTHING) as tx:
        email = Accounts(tx).by_id(person(caller)).email
        insist_few_failures(tx, email, network)
        failed(tx, email, network)


def enroll_two_step(tx: Session, *, caller: Caller) -> tuple[str, str]:
    """Return a secret for the caller's device, and what it scans; TwoStepIsOn."""
    account = Accounts(tx).by_id(person(caller))
    two_step = TwoSteps(tx).of(account.id)
    if two_step is None:
        two_step = TwoStep.propose(account.id)
    else:
        two_step.renew()
    TwoSteps(tx).keep(two_step)
    issuer = cast(AuthorizationSettings, settings_of(tx)).vendor_name
    return two_step.secret, two_step.uri(issuer=issuer, email=account.email)


def confirm_two_step(tx: Session, *, code: str, caller: Caller) -> list[str]:
    """Ask the caller for codes from now on; return the ones that replace the device once each.

    Refuses with WrongCode, TwoStepIsOn, or TwoStepIsOff if there is no secret to confirm.
    """
    account, two_step = _own(tx, caller)
    two_step.confirm(code)
    account.ask_two_steps(on=True)
    return _new_codes(tx, account)


def renew_recovery_codes(tx: Session, *, code: str, caller: Caller) -> list[str]:
    """Return new recovery codes; the earlier ones count no more. WrongCode, TwoStepIsOff."""
    account, two_step = _own(tx, caller)
    _take(tx, two_step, code)
    account.renew_recovery_codes()
    return _new_codes(tx, account)


def disable_two_step(tx: Session, *, code: str, caller: Caller) -> None:
    """Ask the caller for no codes any more; WrongCode, TwoStepIsOff, TwoStepIsRequired."""
    account, two_step = _own(tx, caller)
    _take(tx, two_step, code)
    if needs_two_steps(tx, account):
        raise TwoStepIsRequired
    end_two_step(tx, account)


def end_two_step(tx: Session, account: Account) -> None:
    """Forget the account's device: what could be done with it alone cannot be any more."""
    revoke_tokens(tx, subject=account.name)
    account.ask_two_steps(on=False)
    TwoSteps(tx).end(account.id)


def _own(tx: Session, caller: Caller) -> tuple[Account, TwoStep]:
    account = Accounts(tx).by_id(person(caller))
    two_step = TwoSteps(tx).of(account.id)
    if two_step is None:
        raise TwoStepIsOff
    Failures(tx, WINDOW).forgive(account.email)  # undone with everything else if the code is wrong
    return account, two_step


def _take(tx: Session, two_step: TwoStep | None, code: str) -> None:
    """Take a code of the device, or one that replaces it."""
    if two_step is None:
        raise WrongCode
    two_step.insist_on()
    if not is_recovery_code(code):
        two_step.take(code)
    elif not TwoSteps(tx).use(two_step.account_id, code):
        raise WrongCode


def _new_codes(tx: Session, account: Account) -> list[str]:
    codes = recovery_codes()
    TwoSteps(tx).give(account.id, codes)
    return codes
