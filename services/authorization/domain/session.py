"""The session: what stays of a sign-in until it is over."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from services.authorization.domain.errors import SessionOver
from shared.clock import now

SECRET_BYTES = 32


def new_secret() -> str:
    """Return 256 random bits as text: shown once, kept only as `hash_of`."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret. It is random, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(secret.encode()).digest()


class SignInSession:
    """A signed-in account in the space it acted in last."""

    secret_hash: bytes
    account_id: UUID
    space: str
    """The enterprise acted in last, as `acme`; empty for the vendor's people and for none."""

    opened_at: datetime
    used_at: datetime

    @classmethod
    def open(cls, *, secret: str, account_id: UUID, space: str) -> SignInSession:
        """Somebody proved who they are."""
        session = cls()
        session.secret_hash = hash_of(secret)
        session.account_id = account_id
        session.opened_at = now()
        session.use(space=space)
        return session

    def insist_open(self, *, idle: timedelta, lifetime: timedelta) -> None:
        """Refuse with SessionOver if it rested for `idle` or is older than `lifetime`."""
        at = now()
        if at - self.used_at >= idle or at - self.opened_at >= lifetime:
            raise SessionOver

    def use(self, *, space: str) -> None:
        """The account acts in `space` from now on."""
        self.space = space
        self.used_at = now()
