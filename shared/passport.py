"""A passport: content that was signed once, and anybody can prove with the public keys alone.

    python -m shared.passport PASSPORT KEYS

`PASSPORT` is a file with what `GET …/orders/{order}/passport` answers, `KEYS` one with what
`GET /v1/passportKeys` answers; both can be kept for as long as one likes. No network is needed, and
nothing of Millrun but this file, which stands on `joserfc`.

What stands beside the content in the file (order, revision, digest, key) is not signed itself: it
has to be what the signed content and the signature say. What these do not say, as when it was
signed, is named as not proved.

The signature is a JWS with detached content (RFC 7515, appendix F) by an Ed25519 key (RFC 9864), so
that other libraries prove it as well. A key signs nothing but passports.
"""

import hashlib
import json
import sys
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

ALGORITHM, TYPE = "Ed25519", "millrun-passport"

SIGNED = {"content", "signature"}
"""The fields of a passport that are proved by themselves."""


class NotGenuine(Exception):
    """What is wrong with a passport, as a sentence."""


class Signer:
    """Signs content with one key; made once, as reading a key costs more than signing."""

    def __init__(self, key: OKPKey) -> None:
        self.key_id = str(key.kid)
        header = {"alg": ALGORITHM, "kid": self.key_id, "typ": TYPE}
        self._header = _text(json.dumps(header, separators=(",", ":")).encode())
        self._private: Any = key.private_key

    def sign(self, content: bytes) -> str:
        """Return the signature of `content`."""
        signed = self._private.sign(f"{self._header}.{_text(content)}".encode())
        return f"{self._header}..{_text(signed)}"


def digest_of(content: bytes) -> str:
    """Return what `content` is known by: `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def prove(content: bytes, signature: str, keys: Mapping[str, Any]) -> str:
    """Return the id of the key `content` was signed with; NotGenuine says why it was not.

    `keys` is a JSON Web Key Set (RFC 7517).
    """
    try:
        header, nothing, signed = signature.split(".")
    except ValueError:
        raise NotGenuine("This is not a signature of a passport.") from None
    if nothing:
        raise NotGenuine("The signature brings content of its own; a passport's does not.")
    try:
        known = KeySet.import_key_set({"keys": list(keys.get("keys", ()))})
        whole = f"{header}.{_text(content)}.{signed}"
        found = jws.deserialize_compact(whole, known, algorithms=[ALGORITHM])
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise NotGenuine("The content is not what was signed with any of these keys.") from None
    if found.headers().get("typ") != TYPE:
        raise NotGenuine("This was signed as something else than a passport.")
    return str(found.headers().get("kid", ""))


def prove_file(passport: Mapping[str, Any], keys: Mapping[str, Any]) -> str:
    """Return what a genuine `passport` is about, as a sentence; NotGenuine says why it is not."""
    try:
        content = b64decode(passport["content"], validate=True)
        key_id = prove(content, passport["signature"], keys)
    except (KeyError, NotBase64, TypeError):
        raise NotGenuine("The file is not a passport as Millrun hands it out.") from None
    ordered = json.loads(content)
    signed = {
        "order": ordered.get("order"),
        "revision": ordered.get("revision", 0),
        "digest": digest_of(content),
        "keyId": key_id,
    }
    # As JSON of protobuf has it: a number that is not there is 0, and a text is not said.
    said = {"revision": 0} | {field: value for field, value in passport.items() if value}
    for field in signed.keys() & said.keys():
        if said[field] != signed[field]:
            wrong = f"{field} {said[field]!r}, but what was signed says {signed[field]!r}"
            raise NotGenuine(f"The file says {wrong}.")
    return "\n".join(_proved(ordered, digest_of(content), key_id, said.keys() - signed.keys()))


def _proved(ordered: Mapping[str, Any], digest: str, key_id: str, more: Set[str]) -> Iterator[str]:
    """Yield what was proved, and what was not."""
    of = f"order {ordered.get('orderNo')}, revision {ordered.get('revision', 0)}"
    yield f"genuine: {of}, {digest}, key {key_id}"
    if more - SIGNED:
        yield f"in the file, but not signed and so not proved: {', '.join(sorted(more - SIGNED))}"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of a file in which nothing is said twice: readers differ in what counts."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotGenuine(f"The file says {name} twice: nobody can know which of them holds.")
        found[name] = value
    return found


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def main(arguments: list[str]) -> int:
    """Prove the file named first with the keys in the second; 0 if it is genuine."""
    if len(arguments) != 2:
        print("usage: python -m shared.passport PASSPORT KEYS", file=sys.stderr)  # noqa: T201
        return 2
    try:
        passport, keys = (
            json.loads(Path(each).read_text(), object_pairs_hook=_once) for each in arguments
        )
        print(prove_file(passport, keys))  # noqa: T201
    except (OSError, json.JSONDecodeError) as error:
        print(f"cannot read it: {error}", file=sys.stderr)  # noqa: T201
        return 2
    except NotGenuine as refused:
        print(f"NOT GENUINE: {refused}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
