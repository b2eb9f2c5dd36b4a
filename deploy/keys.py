"""Keys for access tokens, as a secret of a cluster.

`python -m deploy.keys | kubectl create -f -` makes the first; `create` refuses where they are
already, as new ones would end every session.

`kubectl get secret millrun-keys -o json | python -m deploy.keys next | kubectl apply -f -`
publishes the next key beside it: it signs by itself five minutes later, when every pod has it. Run
it now and then; nothing has to be restarted and no request fails.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shared.tokens import PRIVATE, PUBLIC, Keys

NAME = "millrun-keys"
"""The secret charts/millrun looks for."""


def secret(name: str = NAME) -> dict[str, Any]:
    """Return a secret with a fresh key pair: the private key, and the public ones for everybody."""
    with TemporaryDirectory() as folder:
        Keys.generate(Path(folder))
        return _secret(name, Path(folder))


def following(before: dict[str, Any]) -> dict[str, Any]:
    """Return a secret of the cluster with the next key published in it; KeyError if it has none."""
    with TemporaryDirectory() as folder:
        for file in (PUBLIC, PRIVATE):
            (Path(folder) / file).write_bytes(b64decode(before["data"][file]))
        Keys.rotate(Path(folder))
        return _secret(before["metadata"]["name"], Path(folder))


def _secret(name: str, folder: Path) -> dict[str, Any]:
    files = {file: (folder / file).read_text() for file in (PUBLIC, PRIVATE)}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": files}


if __name__ == "__main__":
    json.dump(following(json.load(sys.stdin)) if sys.argv[1:] == ["next"] else secret(), sys.stdout)
