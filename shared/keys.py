"""The keys access tokens are signed with and verified by, and how one follows another.

A folder, or a mounted secret, holds the public keys for everybody and the private ones for
authorization alone. Both files are read again when they change, without a restart. A new key is
published first and used only when everybody had time to learn it; the one before stays until the
last token it signed is over. So keys change without a failed request, and a key that is taken out
of the public file by hand stops counting within seconds.
"""

import json
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared.clock import now
from shared.ids import new_id
from shared.starting import CannotStart

K = TypeVar("K", OKPKey, OctKey)

ALGORITHM = "Ed25519"
PUBLIC, PRIVATE = "jwks.json", "signing.jwk"

PUBLISHED_BEFORE = timedelta(minutes=5)
"""So long a key is published before it signs; a cluster takes two to bring a changed secret to
every pod."""

KEPT_AFTER = timedelta(minutes=10)
"""So long a key stays published after the one that follows it began to sign: longer than a token
lives."""


class NoKeys(CannotStart):
    """There are no public keys at {path}: tokens cannot be verified without them."""

    def __init__(self, path: Path) -> None:
        super().__init__((self.__doc__ or "").format(path=path))


class Watched(Generic[K]):
    """A file with a key set, read again when it was replaced."""

    kind: type[K]

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[int, int] = (0, 0)
        self._keys: dict[str, K] = {}
        self._lock = threading.Lock()

    def keys(self) -> dict[str, K]:
        """Return the keys by their ids, the newest first; FileNotFoundError if there is no file.

        The same dictionary is returned until the file changes.
        """
        stat = self.path.stat()
        as_read = (stat.st_mtime_ns, stat.st_ino)
        with self._lock:
            if as_read != self._read:
                found = _in(json.loads(self.path.read_text()), self.kind)
                self._keys = {str(key.kid): key for key in found}
                self._read = as_read
            return self._keys

    def current(self) -> K:
        """Return the newest key everybody knows by now; the oldest if there is none like that."""
        known_since = now() - PUBLISHED_BEFORE
        keys = list(self.keys().values())
        return next((key for key in keys if made_at(key) <= known_since), keys[-1])


class PublicKeys(Watched[OKPKey]):
    """What tokens are verified by."""

    kind = OKPKey

    def __init__(self, place: Path) -> None:
        """`place` is the key set, or the folder it is mounted in; NoKeys if it is not."""
        super().__init__(place / PUBLIC if place.is_dir() else place)
        if not self.path.is_file():
            raise NoKeys(self.path)
        self.keys()


class Keys(Watched[OKPKey]):
    """What tokens are signed with; only authorization has it."""

    kind = OKPKey

    @classmethod
    def generate(cls, folder: Path) -> "Keys":
        """Make the first key in `folder`; it signs at once."""
        folder.mkdir(parents=True, exist_ok=True)
        _publish(folder, [_new()])
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> "Keys":
        """Return the keys in `folder`; FileNotFoundError if none was ever made."""
        found = cls(folder / PRIVATE)
        found.keys()
        return found

    @classmethod
    def rotate(cls, folder: Path) -> "Keys":
        """Publish the next key in `folder`: it signs by itself in five minutes.

        A key that nothing valid can be signed with any more is thrown away.
        """
        before = list(cls(folder / PRIVATE).keys().values())
        since = [made_at(each) + PUBLISHED_BEFORE for each in before]
        # Each was followed by the one before it in the list; the newest by nothing yet.
        followed = [None, *since]
        over = now() - KEPT_AFTER
        kept = [key for key, at in zip(before, followed, strict=False) if at is None or at > over]
        _publish(folder, [_new(), *kept])
        return cls.load(folder)

    @property
    def id(self) -> str:
        """The id of the key that signs now."""
        return str(self.current().kid)

    def sign(self, claims: dict[str, Any]) -> str:
        """Return the claims as a signed token that names its key."""
        key = self.current()
        return jwt.encode({"alg": ALGORITHM, "kid": str(key.kid)}, claims, key, [ALGORITHM])


def made_at(key: OKPKey | OctKey) -> datetime:
    """Return when a key was made: long ago if it does not say."""
    return datetime.fromtimestamp(int(str(key.as_dict(private=False).get("iat", 0))), UTC)


def _new() -> OKPKey:
    about: Any = {"kid": new_id().hex, "use": "sig", "iat": int(now().timestamp())}
    return OKPKey.generate_key("Ed25519", about, private=True)


def _in(content: dict[str, Any], kind: type[K]) -> list[K]:
    """Return the keys of a set, or the one that stands there alone, the newest first."""
    keys = content.get("keys", [content])
    found = [kind.import_key(key) for key in keys if key["kty"] == kind.key_type]
    return sorted(found, key=made_at, reverse=True)


def _publish(folder: Path, keys: list[OKPKey]) -> None:
    # First everybody learns a key, then it can be used.
    public = [key.as_dict(private=False) for key in keys]
    write(folder / PUBLIC, {"keys": public}, mode=0o644)
    private = [key.as_dict(private=True) for key in keys]
    write(folder / PRIVATE, {"keys": private}, mode=0o600)


def write(path: Path, content: dict[str, Any], *, mode: int) -> None:
    """Replace a file in one step, so that nobody reads half of it."""
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        json.dump(content, file)
    fresh.replace(path)
