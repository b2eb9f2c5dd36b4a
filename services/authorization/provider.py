"""An OpenID Connect provider: sent to with a question, come back from with a code.

Authorization code flow with PKCE, state and nonce. What a provider says is believed only if it is
signed with one of its own keys, by an algorithm of ours, for us, now, and for this very question.
"""

import hashlib
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, TypeGuard
from urllib.parse import urlencode, urlsplit

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.authorization.domain.errors import (
    NoProvider,
    ProviderAway,
    ProviderMailNotVerified,
    ProviderRefused,
)
from services.authorization.domain.identity import Identity
from services.authorization.domain.rules import email_address
from services.authorization.settings import AuthorizationSettings
from shared.clock import now
from shared.errors import Malformed
from shared.texts import straight

log = structlog.get_logger()

ALGORITHMS = ["RS256", "PS256", "ES256", "Ed25519", "EdDSA"]
"""Public keys only: no shared secret can sign, and nothing goes unsigned."""

SCOPES = "openid email profile"
PATIENCE = 5.0
LEEWAY = 60
"""Seconds its clock may be off."""

KNOWN_FOR = 3600.0
"""Seconds for which its addresses and keys are kept; an unknown key is asked for at once."""

KEYS_AGAIN = 10.0
"""Seconds between two questions for a key nobody knows, whatever is sent to us."""

LARGEST = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a sign-in at the provider begins with, and is compared with when it ends."""

    redirect_uri: str
    state: str = field(repr=False, default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(repr=False, default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(repr=False, default_factory=lambda: secrets.token_urlsafe(48))


class Provider:
    """The provider in the settings."""

    def __init__(self, settings: AuthorizationSettings) -> None:
        """Refuse with NoProvider if the settings name none."""
        if not settings.provider_issuer:
            raise NoProvider
        self._settings = settings
        self._http = httpx.Client(timeout=PATIENCE, follow_redirects=False)
        self._lock = threading.Lock()
        self._places: dict[str, str] = {}
        self._keys: KeySet | None = None
        self._read_at = self._keys_at = float("-inf")

    def url(self, question: Question) -> str:
        """Return where the browser has to go; ProviderAway."""
        challenge = urlsafe_b64encode(hashlib.sha256(question.verifier.encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": self._settings.provider_client_id,
            "redirect_uri": question.redirect_uri,
            "scope": SCOPES,
            "state": question.state,
            "nonce": question.nonce,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        place = self._place("authorization_endpoint")
        return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(asked)}"

    def identity(self, question: Question, code: str) -> Identity:
        """Return who came back with `code`.

        Refuses with ProviderAway, ProviderRefused or ProviderMailNotVerified.
        """
        claims = self._claims(self._id_token(question, code), question.nonce)
        settings = self._settings
        verified = claims.get("email_verified")
        if verified is not True and not (verified is None and settings.provider_verifies_mail):
            raise ProviderMailNotVerified
        try:
            email = email_address(str(claims.get("email", "")))
        except Malformed:
            raise ProviderMailNotVerified from None
        groups = claims.get(settings.provider_groups_claim)
        return Identity(
            issuer=settings.provider_issuer,
            subject=str(claims["sub"]),
            email=email,
            display_name=straight(str(claims.get("name") or ""))[:200] or email.partition("@")[0],
            groups=frozenset(filter(_is_text, groups if isinstance(groups, list) else ())),
        )

    def _id_token(self, question: Question, code: str) -> str:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": question.redirect_uri,
            "code_verifier": question.verifier,
        }
        who = (self._settings.provider_client_id, self._settings.provider_secret)
        place = self._place("token_endpoint")
        answer = self._ask("POST", place, data=sent, auth=httpx.BasicAuth(*who))
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise self._refused("no id token")
        return token

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """Return what a token says; ProviderRefused unless all of it can be believed."""
        for again in (False, True):
            try:
                claims = jwt.decode(token, self._key_set(again=again), ALGORITHMS).claims
                break
            except (JoseError, ValueError, TypeError, KeyError) as error:
                # It may be signed with a key that is newer than what we know.
                if again:
                    raise self._refused(type(error).__name__) from None
        if wrong := _wrong(claims, self._settings, nonce):
            raise self._refused(wrong)
        return claims

    def _place(self, name: str) -> str:
        with self._lock:
            if time.monotonic() - self._read_at > KNOWN_FOR:
                issuer = self._settings.provider_issuer
                found = self._ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != issuer:
                    raise self._away("another issuer")
                self._places = {key: str(value) for key, value in found.items()}
                self._read_at = time.monotonic()
            place = self._places.get(name, "")
        if not _is_safe(place):
            raise self._away(f"no {name}")
        return place

    def _key_set(self, *, again: bool) -> KeySet:
        """Return its keys; `again` asks for them anew, though not all the time."""
        place = self._place("jwks_uri")
        with self._lock:
            old = time.monotonic() - self._keys_at
            if self._keys is None or old > KNOWN_FOR or (again and old > KEYS_AGAIN):
                self._keys = KeySet.import_key_set(self._ask("GET", place))  # type: ignore[arg-type]
                self._keys_at = time.monotonic()
            return self._keys

    def _ask(self, method: str, place: str, **sent: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, place, **sent)
            found = answer.json() if len(answer.content) <= LARGEST else None
        except (httpx.HTTPError, ValueError) as error:
            raise self._away(type(error).__name__) from None
        if answer.status_code in (400, 401, 403):
            raise self._refused(f"answered {answer.status_code}")
        if answer.status_code != 200 or not isinstance(found, dict):
            raise self._away(f"answered {answer.status_code}")
        return found

    def _refused(self, why: str) -> ProviderRefused:
        log.warning("provider not believed", why=why)
        return ProviderRefused(provider=self._settings.provider_name)

    def _away(self, why: str) -> ProviderAway:
        log.warning("provider away", why=why)
        return ProviderAway(provider=self._settings.provider_name)


def _wrong(claims: dict[str, Any], settings: AuthorizationSettings, nonce: str) -> str:
    """Return which claim is wrong, if any is (OpenID Connect Core 3.1.3.7)."""
    us, at = settings.provider_client_id, now().timestamp()
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    since, until = claims.get("iat"), claims.get("exp")
    checks = {
        "iss": claims.get("iss") == settings.provider_issuer,
        "aud": us in audiences and (len(audiences) == 1 or claims.get("azp") == us),
        "azp": claims.get("azp", us) == us,
        "exp": _is_number(until) and until > at - LEEWAY,
        "iat": _is_number(since) and since <= at + LEEWAY,
        "nbf": "nbf" not in claims or (_is_number(claims["nbf"]) and claims["nbf"] <= at + LEEWAY),
        "nonce": _is_text(claims.get("nonce")) and secrets.compare_digest(claims["nonce"], nonce),
        "sub": _is_text(claims.get("sub")) and 0 < len(claims["sub"]) <= 255,
    }
    return next((name for name, right in checks.items() if not right), "")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _is_safe(place: str) -> bool:
    """Whether nobody on the way can read along: https, or this very machine."""
    parts = urlsplit(place)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    )
