"""A process that asks other services and starts programs, which is to fork (see `shared`)."""

import os
import subprocess
import sys

import pytest

from deploy.local.house import edges

ENTRIES = ("deploy.local.embedded", "shared.server", *(f"services.{name}.app" for name in edges()))
SEEN = """
import importlib, os, sys

class Watch:
    def find_spec(self, name, path, target=None):
        if name == "grpc":
            print(os.environ.get("GRPC_ENABLE_FORK_SUPPORT", "nothing"))

sys.meta_path.insert(0, Watch())
importlib.import_module(sys.argv[1])
"""
"""Says what gRPC is told when it is imported."""


@pytest.mark.parametrize("entry", ENTRIES)
def test_grpc_is_told_to_stay_out_of_forks_before_it_is_imported(entry: str) -> None:
    # This process was told already, and would hand it on.
    fresh = {name: value for name, value in os.environ.items() if not name.startswith("GRPC_")}
    seen = subprocess.run(
        [sys.executable, "-c", SEEN, entry], env=fresh, check=True, capture_output=True, text=True
    )
    assert seen.stdout == "0\n"
