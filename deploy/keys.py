"""`python -m deploy.keys | kubectl create -f -`: keys for access tokens, as a secret of a cluster.

`create` refuses where they are already: new ones would end every session.
"""

from __future__ import annotations

import json
import sys
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
        files = {file: (Path(folder) / file).read_text() for file in (PUBLIC, PRIVATE)}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": files}


if __name__ == "__main__":
    json.dump(secret(), sys.stdout)
