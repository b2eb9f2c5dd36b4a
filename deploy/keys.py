"""Keys for access tokens, and for secrets authorization keeps, as a secret of a cluster.

`python -m deploy.keys | kubectl create -f -` makes the first; `create` refuses where they are
already, as new ones would end every session.

`kubectl get secret millrun-keys -o json | python -m deploy.keys next | kubectl apply -f -`
publishes the next keys beside them: they are used by themselves five minutes later, when every pod
has them. Run it now and then; nothing has to be restarted and no request fails.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shared.encryption import FILE, EncryptionKeys
from shared.tokens import PRIVATE, PUBLIC, Keys

NAME = "millrun-keys"
"""The secret charts/millrun looks for."""


def secret(name: str = NAME) -> dict[str, Any]:
    """Return a secret with a fresh keys: the private ones, and the public one for everybody."""
    with TemporaryDirectory() as folder:
        Keys.generate(Path(folder))
        EncryptionKeys.ensure(Path(folder))
        return _secret(name, Path(folder))


def following(before: dict[str, Any]) -> dict[str, Any]:
    """Return a secret of the cluster with the next key published in it; KeyError if it has none."""
    with TemporaryDirectory() as folder:
        for file in (PUBLIC, PRIVATE, FILE):
            # One made before secrets were encrypted has no key for them.
            if file != FILE or file in before["data"]:
                (Path(folder) / file).write_bytes(b64decode(before["data"][file]))
        Keys.rotate(Path(folder))
        EncryptionKeys.rotate(Path(folder))
        return _secret(before["metadata"]["name"], Path(folder))


def _secret(name: str, folder: Path) -> dict[str, Any]:
    files = {file: (folder / file).read_text() for file in (PUBLIC, PRIVATE, FILE)}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": files}


if __name__ == "__main__":
    json.dump(following(json.load(sys.stdin)) if sys.argv[1:] == ["next"] else secret(), sys.stdout)
