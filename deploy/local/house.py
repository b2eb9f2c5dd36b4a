"""Which services and edges there are: what the tree under `services/` says."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from shared.service import Service

ROOT = Path(__file__).parents[2]
"""The folder of the project."""

EDGES = ("gateway", "console")
"""What people and partners talk to; they keep nothing."""


def services() -> list[str]:
    """Return the names of the services: those that have a manifest."""
    found = (ROOT / "services").glob("*/service.py")
    return sorted(path.parent.name for path in found if path.parent.name not in EDGES)


def edges() -> list[str]:
    """Return the names of the edges, the portal's first."""
    return [name for name in EDGES if (ROOT / "services" / name / "__main__.py").exists()]


def manifest(service: str) -> Service:
    """Import and return the manifest of `service`."""
    found: Service = import_module(f"services.{service}.service").service
    return found
