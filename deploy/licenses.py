"""What licence codes are sealed with, as a secret of a cluster.

`python -m deploy.licenses | kubectl create -f -` makes the first key; `create` refuses where there
is one already.

The next key follows with `… next`, which is given the secret there is and keeps its keys: what they
sealed is to be opened.

    kubectl get secret millrun-licenses -o json | python -m deploy.licenses next | \\
        kubectl apply -f -
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from services.fulfillment.license_keys import FILES, generate

NAME = "millrun-licenses"
"""The secret charts/millrun looks for."""


def secret(before: dict[str, Any] | None = None, name: str = NAME) -> dict[str, Any]:
    """Return a secret with a fresh key, and the keys of the one `before`, if there was."""
    with TemporaryDirectory() as folder:
        for file in FILES if before else ():
            (Path(folder) / file).write_bytes(b64decode((before or {})["data"][file]))
        generate(Path(folder))
        files = {file: (Path(folder) / file).read_text() for file in FILES}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": files}


if __name__ == "__main__":
    json.dump(secret(json.load(sys.stdin) if sys.argv[1:] == ["next"] else None), sys.stdout)
