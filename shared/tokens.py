"""Access tokens: short-lived, signed by authorization, verified by everybody who is asked.

Ed25519 (EdDSA) JSON Web Tokens. Whoever verifies has only the public keys; only authorization also
has the private ones (`shared.keys`). Nothing in a token chooses how it is verified: the algorithm
is fixed, the key must be one of ours, and the form is read strictly (`shared.claims`).
"""

import threading
import time
from datetime import timedelta
from functools import cache
from pathlib import Path

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OKPKey

from shared.caller import Caller
from shared.claims import SETS, caller_in, key_id_in, revocations_in, times_in
from shared.clock import now
from shared.errors import Unauthenticated
from shared.keys import ALGORITHM, PRIVATE, PUBLIC, Keys, NoKeys, PublicKeys
from shared.revoked import Revocations

__all__ = [
    "LEEWAY",
    "LIFETIME",
    "PRIVATE",
    "PUBLIC",
    "BadToken",
    "Keys",
    "NoKeys",
    "NotSignedIn",
    "TokenExpired",
    "TokenRevoked",
    "Verifier",
    "mint",
    "verifier",
]

ISSUER, AUDIENCE = "authorization.millrun", "millrun"
LIFETIME = 300.0
"""How long a token is good for, in seconds."""

LEEWAY = 5
"""How far the clocks of two machines may be apart, in seconds."""

KEYS_EVERY = 2.0
"""Seconds between two looks at the file with the public keys."""


class NotSignedIn(Unauthenticated):
    """Nobody is signed in."""

    fix = "Sign in, and send the access token with the request."


class TokenExpired(Unauthenticated):
    """The sign-in is over."""


class TokenRevoked(Unauthenticated):
    """The access token has ended: a session was ended, or a right was taken back."""

    fix = "Exchange your session for a fresh access token; sign in again if that is over."


class BadToken(Unauthenticated):
    """The access token is not one this system gave out."""


_claims = jwt.JWTClaimsRegistry(
    now=lambda: int(now().timestamp()),
    leeway=LEEWAY,
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    iat={"essential": True},
    exp={"essential": True},
    sub={"essential": True},
    roles={"essential": True, "allow_blank": True},
)


def mint(caller: Caller, *, key: Keys, lifetime: float = LIFETIME, revocations: int = 0) -> str:
    """Return a token that says who `caller` is, good for `lifetime` seconds.

    `revocations` is how many there were when it was made; a later one of `caller` ends it.
    """
    at = now()
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": int(at.timestamp()),
        "exp": int((at + timedelta(seconds=lifetime)).timestamp()),
        "sub": caller.account,
        "name": caller.display_name,
        "enterprise": caller.enterprise,
        "roles": sorted(role.value for role in caller.roles),
        "rev": revocations,
    }
    claims |= {name: sorted(some) for name in SETS if (some := getattr(caller, name))}
    return key.sign(claims)


class Verifier:
    """Tells who a token stands for.

    A verified token is remembered until it expires, so that a caller who asks ten things costs one
    signature check.
    """

    REMEMBERED = 10_000

    def __init__(self, jwks: Path) -> None:
        """`jwks` is the public key set, or the folder it is mounted in; NoKeys if it is not."""
        self.revocations = Revocations()
        self._public = PublicKeys(jwks)
        self._keys = self._public.keys()
        self._look_at = 0.0
        self._known: dict[str, tuple[float, Caller, int]] = {}
        self._lock = threading.Lock()

    def caller(self, token: str) -> Caller:
        """Return who `token` stands for.

        Refuses with NotSignedIn, TokenExpired, TokenRevoked or BadToken.
        """
        if time.monotonic() > self._look_at:
            self._read_keys()
        known = self._known.get(token)
        if not known or known[0] <= now().timestamp():
            known = self._verified(token)
            with self._lock:
                if len(self._known) >= self.REMEMBERED:
                    self._forget()
                self._known[token] = known
        _, caller, said = known
        if self.revocations.ended(caller.account, caller.enterprise, said):
            raise TokenRevoked
        return caller

    def _verified(self, token: str) -> tuple[float, Caller, int]:
        if not token:
            raise NotSignedIn
        try:
            key = self._key(key_id_in(token, ALGORITHM))
            # The header named the key; it has no say in the algorithm.
            claims = jwt.decode(token, key, [ALGORITHM]).claims
            _claims.validate(claims)
            _, until = times_in(claims, longest=LIFETIME)
            return until + LEEWAY, caller_in(claims), revocations_in(claims)
        except ExpiredTokenError:
            raise TokenExpired from None
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise BadToken from None

    def _key(self, key_id: str) -> OKPKey:
        if key_id not in self._keys:
            self._read_keys()
        return self._keys[key_id]

    def _read_keys(self) -> None:
        """Look whether other keys are published; tokens of one that is gone are forgotten."""
        self._look_at = time.monotonic() + KEYS_EVERY
        try:
            keys = self._public.keys()
        except (OSError, ValueError, KeyError, JoseError):
            return  # it is being replaced: what was known a moment ago still is
        with self._lock:
            if self._keys.keys() - keys.keys():
                self._known = {}
            self._keys = keys

    def _forget(self) -> None:
        """Drop what expired, and if that is not enough, everything."""
        at = now().timestamp()
        self._known = {token: known for token, known in self._known.items() if known[0] > at}
        if len(self._known) >= self.REMEMBERED:
            self._known = {}


@cache
def verifier(jwks: Path) -> Verifier:
    """Return the one verifier of this process for a key set."""
    return Verifier(jwks)
