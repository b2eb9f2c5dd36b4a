"""Secrets that have to be read again, kept so that a copy of the database gives none away.

A folder, or a mounted secret, holds the keys, the newest first; it is read again when it changes. A
new key is used when every process had time to learn it, as with the keys of access tokens. The ones
before stay for good: what was encrypted with one may be in a backup.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from shared.clock import now
from shared.errors import Unavailable
from shared.ids import new_id
from shared.keys import Watched, write

FILE = "encryption.jwk"
ALGORITHMS = ["dir", "A256GCM"]


class NoEncryptionKey(Unavailable):
    """Secrets cannot be kept or read for now: their key is missing."""

    fix = "Mount the folder of the keys with the file encryption.jwk in it."


class NotDecrypted(Exception):
    """A secret was not encrypted by us, or for something else."""


class EncryptionKeys(Watched[OctKey]):
    """What secrets are encrypted with."""

    kind = OctKey

    @classmethod
    def ensure(cls, folder: Path) -> None:
        """Have a key in `folder`."""
        if not (folder / FILE).exists():
            cls.rotate(folder)

    @classmethod
    def rotate(cls, folder: Path) -> None:
        """Put a new key in `folder`; it is used in five minutes, or at once if it is the first."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / FILE
        before = json.loads(path.read_text())["keys"] if path.exists() else []
        about: Any = {"kid": new_id().hex, "use": "enc", "iat": int(now().timestamp())}
        key = OctKey.generate_key(256, about).as_dict(private=True)
        write(path, {"keys": [key, *before]}, mode=0o600)

    @property
    def id(self) -> str:
        """The id of the key that encrypts now; NoEncryptionKey."""
        return str(self._current().kid)

    def encrypt(self, text: str, *, of: str) -> str:
        """Return `text` so that only who has the keys reads it, and only as a secret of `of`."""
        key = self._current()
        header = {"alg": "dir", "enc": "A256GCM", "kid": str(key.kid)}
        kept = json.dumps({"of": of, "text": text}).encode()
        return jwe.encrypt_compact(header, kept, key, algorithms=ALGORITHMS)

    def decrypt(self, token: str, *, of: str) -> str:
        """Return what was encrypted as a secret of `of`; NotDecrypted, NoEncryptionKey."""
        self._current()
        try:
            opened = jwe.decrypt_compact(token, self._named, algorithms=ALGORITHMS)
            kept: dict[str, str] = json.loads(opened.plaintext or b"{}")
        except (JoseError, ValueError, KeyError):
            raise NotDecrypted from None
        if kept.get("of") != of:
            raise NotDecrypted
        return kept["text"]

    def _named(self, token: Any) -> OctKey:
        return self.keys()[token.headers()["kid"]]

    def _current(self) -> OctKey:
        try:
            return self.current()
        except FileNotFoundError:
            raise NoEncryptionKey from None


@cache
def encryption_keys(folder: Path) -> EncryptionKeys:
    """Return the keys in `folder`, to be used by everything in this process."""
    return EncryptionKeys(folder / FILE)
