"""From the name of a resource to what is stored of it."""

from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from services.authorization.domain.account import Account
from services.authorization.domain.errors import AccountNotFound, NotAPerson
from shared.caller import Caller, Role
from shared.errors import NotFound
from shared.names import parse

OWN_ACCOUNT = "accounts/me"


class Owned(Protocol):
    """Something under an enterprise, with a name that ends in its id."""

    PATTERN: str


T = TypeVar("T", bound=Owned)


def find(tx: Session, kind: type[T], name: str, missing: NotFound) -> T:
    """Return what is called `name`, if the transaction may see it; else refuse with `missing`."""
    enterprise, id_ = parse(kind.PATTERN, name)
    found = tx.get(kind, (enterprise, id_from(id_, missing)))
    if found is None:
        raise missing
    return found


def own_or_other(account: str, caller: Caller) -> str:
    """Return the name of an account, which the caller may call `accounts/me` if it is their own."""
    return caller.account if account == OWN_ACCOUNT else account


def account_id(account: str) -> UUID:
    """Return the id in `accounts/…`; else AccountNotFound."""
    (id_,) = parse(Account.PATTERN, account)
    return id_from(id_, AccountNotFound(account=account))


def person(caller: Caller) -> UUID:
    """Return the id of the caller's account; NotAPerson for a partner system."""
    if caller.has(Role.PARTNER):
        raise NotAPerson(account=caller.account)
    return account_id(caller.account)


def id_from(text: str, missing: NotFound) -> UUID:
    """Return the id that `text` spells; nothing has one that is no UUID, so that is `missing`."""
    try:
        return UUID(text)
    except ValueError:
        raise missing from None
