"""What order passports are signed with, and the public keys that prove them.

`python -m services.ordering.passport_keys FOLDER` makes the first key; the same with `next` after
it puts a new one in its place. A key that signed once stays published for good: what it signed is
to be proved for as long as somebody keeps it. Files are read again when they changed, without a
restart.
"""

import json
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from shared.clock import now
from shared.errors import Unavailable
from shared.ids import new_id
from shared.passport import ALGORITHM, Signer

PUBLIC, PRIVATE = "passports.json", "passport.jwk"


class NoPassportKey(Unavailable):
    """Orders cannot be submitted for now: there is nothing to sign their passports with."""

    fix = "Mount a folder made by `python -m services.ordering.passport_keys` as passport_keys."


def generate(folder: Path) -> None:
    """Make a key in `folder`; it signs from now on, and those before it stay published."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    about: Any = {"kid": new_id().hex, "use": "sig", "iat": int(now().timestamp())}
    key = OKPKey.generate_key("Ed25519", about, private=True)
    public = {"alg": ALGORITHM} | key.as_dict(private=False)
    published = public_keys(folder) if (folder / PUBLIC).exists() else []
    # First everybody can prove with a key, then it signs.
    _write(folder / PUBLIC, {"keys": [public, *published]}, mode=0o644)
    _write(folder / PRIVATE, key.as_dict(private=True), mode=0o600)


def signer(folder: Path) -> Signer:
    """Return what signs passports now; NoPassportKey if there is no key."""
    path = folder / PRIVATE
    return _signer(path, _version(path))


def public_keys(folder: Path) -> list[dict[str, Any]]:
    """Return every key that ever signed, the newest first, as JSON Web Keys."""
    path = folder / PUBLIC
    return _public_keys(path, _version(path))


@lru_cache(maxsize=4)
def _signer(path: Path, version: tuple[int, int]) -> Signer:
    return Signer(OKPKey.import_key(json.loads(path.read_text())))


@lru_cache(maxsize=4)
def _public_keys(path: Path, version: tuple[int, int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())["keys"]
    return found


def _version(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        raise NoPassportKey from None
    return stat.st_mtime_ns, stat.st_ino


def _write(path: Path, content: dict[str, Any], *, mode: int) -> None:
    """Replace a file in one step, so that nobody reads half of it."""
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        json.dump(content, file)
    fresh.replace(path)


if __name__ == "__main__":
    folder, *more = sys.argv[1:]
    if (Path(folder) / PRIVATE).exists() and more != ["next"]:
        sys.exit(f"There is a key in {folder} already; say `next` to put another in its place.")
    generate(Path(folder))
