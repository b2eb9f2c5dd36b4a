"""Two-step sign-in: a code from the person's own device after the password (RFC 6238)."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from uuid import UUID

import pyotp

from services.authorization.domain.errors import TwoStepIsOff, TwoStepIsOn, WrongCode
from shared.clock import now

STEP = 30
"""Seconds a code is shown."""

APART = 1
"""So many steps the device's clock may be off, either way."""

RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What cannot be mistaken for something else on paper."""


class TwoStep:
    """What an account's device and authorization both know."""

    account_id: UUID
    secret: str
    """Base32, 160 bits; kept only as `sealed`."""

    sealed: str
    sealed_by: str
    """The id of the key it is encrypted with; empty for one kept before there was a key."""

    asked_at: datetime
    confirmed_at: datetime | None
    """Since when it is asked for at a sign-in; not before the device showed a right code."""

    last_step: int
    """The step of the last code that was taken: no code is taken twice, nor one before it."""

    @classmethod
    def propose(cls, account_id: UUID) -> TwoStep:
        """Make a secret for a device; nothing is asked for until it is confirmed."""
        proposed = cls()
        proposed.account_id, proposed.confirmed_at = account_id, None
        proposed.renew()
        return proposed

    @property
    def is_on(self) -> bool:
        """Whether a code is asked for at a sign-in."""
        return self.confirmed_at is not None

    def renew(self) -> None:
        """Take another secret, for another try to set it up; TwoStepIsOn once it is."""
        if self.is_on:
            raise TwoStepIsOn
        self.secret, self.asked_at, self.last_step = pyotp.random_base32(), now(), 0

    def uri(self, *, issuer: str, email: str) -> str:
        """Return what the device scans."""
        return pyotp.TOTP(self.secret).provisioning_uri(name=email, issuer_name=issuer)

    def confirm(self, code: str) -> None:
        """Ask for codes from now on; TwoStepIsOn, or WrongCode if the device shows another one."""
        if self.is_on:
            raise TwoStepIsOn
        self.take(code)
        self.confirmed_at = now()

    def insist_on(self) -> None:
        """Refuse with TwoStepIsOff if there is nothing to be asked for."""
        if not self.is_on:
            raise TwoStepIsOff

    def take(self, code: str) -> None:
        """Take a code of now, once; WrongCode."""
        digits, totp = "".join(code.split()), pyotp.TOTP(self.secret)
        here = int(now().timestamp()) // STEP
        for step in range(max(here - APART, self.last_step + 1), here + APART + 1):
            if hmac.compare_digest(totp.at(step * STEP).encode(), digits.encode()):
                self.last_step = step
                return
        raise WrongCode


def recovery_codes() -> list[str]:
    """Return new codes that replace the device once each: fifty random bits, easy to copy."""
    return ["-".join((_letters(), _letters())) for _ in range(RECOVERY_CODES)]


def is_recovery_code(code: str) -> bool:
    """Whether a code looks like one of those, and not like a device's."""
    return not spelled(code).isdigit()


def spelled(code: str) -> str:
    """Return a recovery code in the one spelling it is kept in."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _letters() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))
