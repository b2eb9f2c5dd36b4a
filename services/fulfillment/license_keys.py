"""What licence codes are sealed with, so that the database alone tells no code.

A folder, or a mounted secret, with the keys codes are encrypted with (`shared.encryption`) and one
that tells codes apart without telling them, which never changes. `python -m
services.fulfillment.license_keys FOLDER` makes them; the same with `next` after it has new codes
sealed with another key five minutes later, and those before still open what they sealed.
"""

import hashlib
import hmac
import os
import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from services.fulfillment.domain.license_errors import NoLicenseKey
from shared.encryption import FILE, EncryptionKeys, NoEncryptionKey, encryption_keys

FINGERPRINTS = "fingerprints.key"
FILES = (FILE, FINGERPRINTS)


@dataclass(frozen=True)
class Vault:
    """Seals codes and opens them."""

    keys: EncryptionKeys
    fingerprints: bytes

    def seal(self, code: str, *, place: str) -> str:
        """Return the code, sealed: it opens only as that of its `place`."""
        return self.keys.encrypt(code, of=place)

    def open(self, sealed: str, *, place: str) -> str:
        """Return the code that was sealed for `place`; NotDecrypted if it was not."""
        return self.keys.decrypt(sealed, of=place)

    def fingerprint(self, code: str) -> bytes:
        """Return what a code is told apart from others by, without telling it."""
        return hmac.digest(self.fingerprints, code.encode(), "sha256")


def digest_of(fingerprints: Iterable[bytes]) -> str:
    """Return what a set of codes is known by: `sha256:…`, whatever their order."""
    return f"sha256:{hashlib.sha256(b''.join(sorted(fingerprints))).hexdigest()}"


def generate(folder: Path) -> None:
    """Make a key in `folder`; those that are there stay, for what they sealed."""
    EncryptionKeys.rotate(folder)
    if not (folder / FINGERPRINTS).exists():
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(folder / FINGERPRINTS, flags, 0o600), "w") as file:
            file.write(secrets.token_hex(32))


def ensure(folder: Path) -> None:
    """Have keys in `folder`."""
    if not (folder / FINGERPRINTS).exists():
        generate(folder)


def vault(folder: Path) -> Vault:
    """Return what codes are sealed with now; NoLicenseKey if there is no key."""
    try:
        found = Vault(
            encryption_keys(folder), bytes.fromhex((folder / FINGERPRINTS).read_text().strip())
        )
        assert found.keys.id
    except (FileNotFoundError, NoEncryptionKey):
        raise NoLicenseKey from None
    return found


if __name__ == "__main__":
    folder, *more = sys.argv[1:]
    if (Path(folder) / FINGERPRINTS).exists() and more != ["next"]:
        sys.exit(f"There is a key in {folder} already; say `next` to put another in its place.")
    generate(Path(folder))
