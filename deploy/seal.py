"""What contracts are sealed with, as a secret of a cluster.

`python -m deploy.seal | kubectl create -f -` makes a key and a certificate nobody else vouches for:
readers see that a contract is unaltered, and say that they do not know the vendor. With a
certificate somebody known vouches for, as PEM and with those behind it:

`kubectl create secret generic millrun-seal --from-file=seal.key --from-file=seal.crt`
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from services.contract.seal_keys import generate
from services.contract.seals import CERTIFICATE, KEY
from shared.vendor import Vendor

NAME = "millrun-seal"
"""The secret charts/millrun looks for."""


def secret(legal_name: str, name: str = NAME) -> dict[str, Any]:
    """Return a secret with a fresh seal for the vendor of that name."""
    with TemporaryDirectory() as folder:
        generate(Path(folder), legal_name)
        files = {file: (Path(folder) / file).read_text() for file in (KEY, CERTIFICATE)}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": files}


if __name__ == "__main__":
    json.dump(secret(Vendor().legal_name), sys.stdout)
