"""Access tokens: short-lived, signed by authorization, verified by everybody who is asked.

Ed25519 (EdDSA) JSON Web Tokens. Whoever verifies has only the public keys, from a mounted
`jwks.json`; only authorization also has `signing.jwk`. Nothing in a token chooses how it is
verified: the algorithm is fixed and the key must be one of ours.
"""

import json
import os
import threading
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import GuestProtocol, KeySet, OKPKey

from shared.caller import Caller, Role
from shared.clock import now
from shared.errors import Unauthenticated
from shared.ids import new_id
from shared.revoked import Revocations

ALGORITHM = "Ed25519"
ISSUER, AUDIENCE = "authorization.millrun", "millrun"
LIFETIME = 300.0
"""How long a token is good for, in seconds."""

LEEWAY = 5
"""How far the clocks of two machines may be apart, in seconds."""

PUBLIC, PRIVATE = "jwks.json", "signing.jwk"
KEPT_KEYS = 3
"""How many public keys stay known: the one in use and the ones tokens may still be signed with."""


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


class NoKeys(Exception):
    """There are no public keys at {path}: tokens cannot be verified without them."""

    def __init__(self, path: Path) -> None:
        super().__init__((self.__doc__ or "").format(path=path))


class Keys:
    """The private key tokens are signed with; only authorization has it."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key
        self.id: str = str(key.as_dict(private=False)["kid"])

    @classmethod
    def generate(cls, folder: Path) -> "Keys":
        """Make a new key in `folder`; tokens signed with the ones before it stay good."""
        key = OKPKey.generate_key("Ed25519", {"kid": new_id().hex, "use": "sig"}, private=True)
        folder.mkdir(parents=True, exist_ok=True)
        earlier = _read_public(folder)["keys"] if (folder / PUBLIC).exists() else []
        known = [key.as_dict(private=False), *earlier][:KEPT_KEYS]
        # First everybody learns the new key, then it is used.
        _write(folder / PUBLIC, {"keys": known}, mode=0o644)
        _write(folder / PRIVATE, key.as_dict(private=True), mode=0o600)
        return cls(key)

    @classmethod
    def load(cls, folder: Path) -> "Keys":
        """Read the key from `folder`; FileNotFoundError if it was never made."""
        return cls(OKPKey.import_key(json.loads((folder / PRIVATE).read_text())))

    def sign(self, claims: dict[str, Any]) -> str:
        """Return the claims as a signed token that names this key."""
        return jwt.encode({"alg": ALGORITHM, "kid": self.id}, claims, self._key, [ALGORITHM])


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
    if caller.deputy_of:
        claims["deputy_of"] = sorted(caller.deputy_of)
    return key.sign(claims)


class Verifier:
    """Tells who a token stands for.

    A verified token is remembered until it expires, so that a caller who asks ten things costs one
    signature check. Keys that appear in the file later are found when a token names them.
    """

    REMEMBERED = 10_000

    def __init__(self, jwks: Path) -> None:
        """`jwks` is the public key set, or the folder it is mounted in; NoKeys if it is not."""
        self._path = jwks / PUBLIC if jwks.is_dir() else jwks
        if not self._path.is_file():
            raise NoKeys(self._path)
        self.revocations = Revocations()
        self._known: dict[str, tuple[float, Caller, int]] = {}
        self._lock = threading.Lock()
        self._read_at = 0
        self._keys: dict[str, OKPKey] = {}
        self._read_keys()

    def caller(self, token: str) -> Caller:
        """Return who `token` stands for.

        Refuses with NotSignedIn, TokenExpired, TokenRevoked or BadToken.
        """
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
            # The header names the key; it has no say in the algorithm.
            claims = jwt.decode(token, self._key_named, [ALGORITHM]).claims
            _claims.validate(claims)
            return claims["exp"] + LEEWAY, _caller_of(claims), _revocations_in(claims)
        except ExpiredTokenError:
            raise TokenExpired from None
        except (JoseError, ValueError, TypeError, KeyError):
            raise BadToken from None

    def _key_named(self, signed: GuestProtocol) -> OKPKey:
        kid = signed.headers()["kid"]
        if kid not in self._keys:
            self._read_keys()
        return self._keys[kid]

    def _read_keys(self) -> None:
        """Read the key set again if its file changed; a mounted secret is replaced in place."""
        changed_at = self._path.stat().st_mtime_ns
        if changed_at != self._read_at:
            keys = KeySet.import_key_set(json.loads(self._path.read_text())).keys
            self._keys = {str(key.kid): key for key in keys if isinstance(key, OKPKey)}
            self._read_at = changed_at

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


def _caller_of(claims: dict[str, Any]) -> Caller:
    """Read the caller; a role of a later version is ignored, anything but text is a TypeError."""
    account, name, enterprise = (claims.get(key, "") for key in ("sub", "name", "enterprise"))
    roles, absent = claims["roles"], claims.get("deputy_of", [])
    texts = [account, name, enterprise, *roles, *absent]
    lists = isinstance(roles, list) and isinstance(absent, list)
    if not lists or not all(isinstance(text, str) for text in texts):
        raise TypeError("claims")
    return Caller(
        account=account,
        display_name=name,
        enterprise=enterprise,
        roles=frozenset(_ROLES[role] for role in roles if role in _ROLES),
        deputy_of=frozenset(absent),
    )


def _revocations_in(claims: dict[str, Any]) -> int:
    """Read how many revocations there were; none in a token of an earlier version."""
    said = claims.get("rev", 0)
    if type(said) is not int:
        raise TypeError("rev")
    return said


_ROLES = {role.value: role for role in Role}


def _read_public(folder: Path) -> dict[str, Any]:
    keys: dict[str, Any] = json.loads((folder / PUBLIC).read_text())
    return keys


def _write(path: Path, content: dict[str, Any], *, mode: int) -> None:
    """Replace a file in one step, so that nobody reads half of it."""
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        json.dump(content, file)
    fresh.replace(path)
