"""Passwords: argon2id, so that a stolen table is of little use.

19 MiB, two passes, one lane (OWASP): about 20 ms, and sixteen at once still fit a small process.
"""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from services.authorization.domain.account import insist_on_good_password

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str, *, email: str) -> str:
    """Return what is kept of a password; BadPassword or PasswordIsTheAddress if it is too weak."""
    insist_on_good_password(password, email=email)
    return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether `password` is the one of which `kept` was kept.

    For nobody's (None) it takes as long as for somebody's, so that time tells no addresses.
    """
    try:
        return _hasher.verify(kept or _nobodys(), password) and kept is not None
    except VerificationError:
        return False


def outdated(kept: str) -> bool:
    """Whether a password was kept in an earlier way, and should be kept anew when it is typed."""
    return _hasher.check_needs_rehash(kept)


def kept_anew(password: str) -> str:
    """Return what is kept of a password that was good enough when it was set."""
    return _hasher.hash(password)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
