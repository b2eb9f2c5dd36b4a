"""A process that asks other services and starts programs, which is to fork (see `shared`)."""

import os
import subprocess
import sys

import pytest

from deploy.local.house import edges

ENTRIES = ("deploy.local.embedded", "shared.server", *(f"services.{name}.app" for name in edges()))
FORK_SUPPORT = """
import importlib, sys
importlib.import_module(sys.argv[1])
from grpc._cython import cygrpc
sys.exit(cygrpc.is_fork_support_enabled())
"""


@pytest.mark.parametrize("entry", ENTRIES)
def test_grpc_is_told_to_stay_out_of_forks_before_it_is_imported(entry: str) -> None:
    # This process was told already, and would hand it on.
    fresh = {name: value for name, value in os.environ.items() if not name.startswith("GRPC_")}
    told = subprocess.run([sys.executable, "-c", FORK_SUPPORT, entry], env=fresh)
    assert told.returncode == 0
