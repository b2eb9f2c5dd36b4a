"""Ending access tokens before their time."""

from sqlalchemy.orm import Session

from services.authorization.store import Revocations


def revoke_tokens(tx: Session, *, subject: str, enterprise: str = "") -> None:
    """Have the access tokens `subject` holds refused everywhere within a second of the commit.

    `subject` is `accounts/…` or a partner client's name; only tokens for the space `enterprise`
    (as `acme`) end, or those for every space if it is empty. Sessions stay: whoever has one left
    exchanges it for a token with the rights of now. Belongs into the transaction that takes
    something away, before it locks sessions.
    """
    tx.flush()
    Revocations(tx).add(subject, enterprise)
