"""One-time codes: what somebody who reads an address's mail can prove it with."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import Enum

from services.authorization.domain.errors import TooManyCodes, WrongCode
from shared.clock import now

DIGITS = 8
GOOD_FOR = timedelta(minutes=15)
TRIES = 5
MOST, WINDOW = 5, timedelta(hours=1)
"""So many codes an address is sent in so long a time."""


class Purpose(Enum):
    """What a code is for; it is good for nothing else."""

    VERIFY_ADDRESS = "verify_address"
    RESET_PASSWORD = "reset_password"  # noqa: S105  the word, not one


class OneTimeCode:
    """A code asked for with an address, whether somebody registered with it or not."""

    email: str
    purpose: Purpose
    asked: int
    """How many were asked for since `since`."""

    since: datetime
    due_at: datetime | None
    """When one is to be made and sent; None when that is done."""

    code_hash: str
    """Empty before one is made, and where there is nobody to send one to."""

    made_at: datetime
    tries: int

    @classmethod
    def first(cls, email: str, purpose: Purpose) -> OneTimeCode:
        """The first ever asked for with an address."""
        code = cls()
        code.email, code.purpose = email, purpose
        code.asked, code.since, code.tries = 0, now(), 0
        code.code_hash, code.made_at, code.due_at = "", now(), None
        return code

    def ask(self) -> None:
        """Have another one made, in place of the one before; TooManyCodes."""
        at = now()
        if at - self.since >= WINDOW:
            self.asked, self.since = 0, at
        if self.asked >= MOST:
            raise TooManyCodes(minutes=int(WINDOW.total_seconds()) // 60)
        self.asked, self.due_at = self.asked + 1, at

    def made(self, code_hash: str) -> None:
        """A code was made; an empty hash if there is nobody for it."""
        self.code_hash, self.made_at, self.tries = code_hash, now(), 0

    def sent(self) -> None:
        """It is on its way, or will never be."""
        self.due_at = None

    def insist_usable(self) -> str:
        """Return the hash to compare with; WrongCode if it is over or was guessed at too often."""
        if not self.code_hash or self.tries >= TRIES or now() - self.made_at >= GOOD_FOR:
            raise WrongCode
        return self.code_hash

    def use_up(self) -> None:
        """It was used: never again."""
        self.code_hash = ""


def new_code() -> str:
    """Return a code as it is sent."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def typed(code: str) -> str:
    """Return a code without what people put between its digits."""
    return "".join(letter for letter in code if letter.isalnum())
