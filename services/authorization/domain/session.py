"""The session: what stays of a sign-in until it is over, and the secrets that open it in turn."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from services.authorization.domain.errors import SessionOver
from shared.clock import now
from shared.ids import new_id

SECRET_BYTES = 32
DEVICE_MOST = 200

PARALLEL = timedelta(seconds=10)
"""So long after its exchange a secret still opens its session: one browser asks several things at
once, and the answer with the next secret has not reached it yet."""


def new_secret() -> str:
    """Return 256 random bits as text: shown once, kept only as `hash_of`."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret. It is random, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(secret.encode()).digest()


class Standing(Enum):
    """What a secret that is shown means for its session."""

    NEXT = "next"
    """It has its turn: it is exchanged for the next one."""

    PARALLEL = "parallel"
    """It was exchanged a moment ago; nothing new is given for it."""

    STOLEN = "stolen"
    """It was exchanged before, and whoever got the next one used that: two hold this session."""


class SessionSecret:
    """One of the secrets of a session; each is exchanged once, for the one after it."""

    secret_hash: bytes
    session_id: UUID
    before: bytes | None
    """The hash of the secret it was given for; none for the first."""

    made_at: datetime
    spent_at: datetime | None
    """When it was exchanged, or took its leave because its answer was lost."""

    @classmethod
    def make(
        cls, session: SignInSession, secret: str, *, before: SessionSecret | None = None
    ) -> SessionSecret:
        """Give a session its first secret, or the one after `before`."""
        made = cls()
        made.session_id, made.secret_hash = session.id, hash_of(secret)
        made.before = before.secret_hash if before else None
        made.made_at, made.spent_at = now(), None
        return made

    def standing(self, *, unused_next: bool) -> Standing:
        """Say what it means that somebody shows it.

        With `unused_next` nobody has shown the one after it yet: that answer may have been lost,
        so this one has its turn again. Should the other turn up after all, it counts as stolen.
        """
        if self.spent_at is None:
            return Standing.NEXT
        if now() - self.spent_at < PARALLEL:
            return Standing.PARALLEL
        return Standing.NEXT if unused_next else Standing.STOLEN


class SignInSession:
    """A signed-in account in the space it acted in last."""

    PATTERN = "accounts/*/sessions/*"

    id: UUID
    account_id: UUID
    space: str
    """The enterprise acted in last, as `acme`; empty for the vendor's people and for none."""

    device: str
    """What the browser or program said it is; may be empty."""

    network: str
    """The address it was last used from; may be empty."""

    opened_at: datetime
    used_at: datetime

    @classmethod
    def open(
        cls, *, account_id: UUID, space: str, device: str = "", network: str = ""
    ) -> SignInSession:
        """Somebody proved who they are."""
        session = cls()
        session.id = new_id()
        session.account_id = account_id
        session.device = _printable(device)
        session.use(space=space, network=network)
        session.opened_at = session.used_at
        return session

    @property
    def name(self) -> str:
        return f"accounts/{self.account_id}/sessions/{self.id}"

    def insist_open(self, *, idle: timedelta, lifetime: timedelta) -> None:
        """Refuse with SessionOver if it rested for `idle` or is older than `lifetime`."""
        at = now()
        if at - self.used_at >= idle or at - self.opened_at >= lifetime:
            raise SessionOver

    def use(self, *, space: str, network: str = "") -> None:
        """The account acts in `space` from now on."""
        self.space = space
        self.network = network
        self.used_at = now()


def _printable(device: str) -> str:
    return "".join(filter(str.isprintable, device))[:DEVICE_MOST]
