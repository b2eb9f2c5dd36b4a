"""Reading an access token strictly: what our own never look like is not looked at any further.

A signature says who wrote a token, not that it can be read in one way only. So it is taken apart
here, before and after its signature is verified, and nothing in it chooses how that is done.
"""

import base64
import binascii
import json
import re
from typing import Any

from shared.caller import CUSTOMER_ROLES, STAFF_ROLES, Caller, Role

LARGEST = 8 * 1024
"""Characters of a token; ours have some six hundred."""

_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HEADER = {"alg", "kid", "typ"}
_PERSON = re.compile(r"accounts/[^/]+")
_ROLES = {role.value: role for role in Role}
SETS = ("deputy_of", "event_types", "products")
"""What else of a caller a token says, if there is any, in claims of the same names."""


def key_id_in(token: str, algorithm: str) -> str:
    """Return the id of the key a token names; ValueError if its form is not that of ours."""
    if len(token) > LARGEST or not _FORM.fullmatch(token):
        raise ValueError("form")
    header, claims, signature = map(_decoded, token.split("."))
    said = _object(header)
    _object(claims)
    if not said.keys() <= _HEADER or said.get("alg") != algorithm or said.get("typ") != "JWT":
        raise ValueError("header")
    if not isinstance(said.get("kid"), str) or len(signature) != 64:
        raise ValueError("header")
    return str(said["kid"])


def times_in(claims: dict[str, Any], *, longest: float) -> tuple[float, float]:
    """Return since when and until when a token is good; ValueError if it lives too long."""
    since, until = claims["iat"], claims["exp"]
    if type(since) is not int or type(until) is not int or not 0 < until - since <= longest:
        raise ValueError("times")
    return since, until


def caller_in(claims: dict[str, Any]) -> Caller:
    """Read the caller; a role of a later version is ignored. ValueError for what nobody can be."""
    account, name, enterprise = (claims.get(key, "") for key in ("sub", "name", "enterprise"))
    roles, sets = claims["roles"], {each: claims.get(each, []) for each in SETS}
    lists = [roles, *sets.values()]
    if not all(isinstance(each, list) for each in lists):
        raise ValueError("roles")
    texts = [account, name, enterprise, *(text for each in lists for text in each)]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("claims")
    caller = Caller(
        account=account,
        display_name=name,
        enterprise=enterprise,
        roles=frozenset(_ROLES[role] for role in roles if role in _ROLES),
        **{each: frozenset(texts) for each, texts in sets.items()},
    )
    if not _can_be(caller):
        raise ValueError("caller")
    return caller


def revocations_in(claims: dict[str, Any]) -> int:
    """Read how many revocations there were; none in a token of an earlier version."""
    said = claims.get("rev", 0)
    if type(said) is not int:
        raise ValueError("rev")
    return said


def _can_be(caller: Caller) -> bool:
    """Whether authorization would ever say so: customers in a space, staff in none, partners."""
    staff, customer = caller.roles & STAFF_ROLES, caller.roles & CUSTOMER_ROLES
    partner = Role.PARTNER in caller.roles
    if not _PERSON.fullmatch(caller.account) and (staff or customer):
        return False
    if caller.deputy_of and not staff:
        return False
    if (caller.event_types or caller.products) and not partner:
        return False
    return not (staff and (customer or partner or caller.enterprise)) and not (customer and partner)


def _decoded(part: str) -> bytes:
    """Decode base64url that is spelled in the one way it can be."""
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        raise ValueError("base64") from None
    if base64.urlsafe_b64encode(raw).rstrip(b"=") != part.encode():
        raise ValueError("base64")
    return raw


def _object(raw: bytes) -> dict[str, Any]:
    """Read a JSON object in which nothing is said twice."""
    found = json.loads(raw, object_pairs_hook=_once, parse_constant=_no_number)
    if not isinstance(found, dict):
        raise ValueError("object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("twice")
    return dict(pairs)


def _no_number(name: str) -> None:
    raise ValueError(name)
