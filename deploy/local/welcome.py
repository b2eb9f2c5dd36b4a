"""What the person at the keyboard is told once everything runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from deploy.local.signins import SignIn, SignIns
from deploy.local.state import State


def what_now(state: State, *, portal: str, console: str) -> list[str]:
    """Return where things are, who can sign in, what to look at first and how to stop."""
    sign_ins = state.sign_ins
    return [
        f"Portal    {portal}",
        f"API       {portal}/docs",
        f"Console   {console}",
        "",
        *(line for sign_in in SignIns(sign_ins) for line in _person(sign_in)),
        "",
        f"Sign-ins  {_short(sign_ins)}",
        f"Logs      {_short(state.logs)}",
        "Stop      Ctrl-C",
    ]


def _person(sign_in: SignIn) -> Iterator[str]:
    where = f"Portal, {sign_in.enterprise}" if sign_in.enterprise else "Console"
    yield f"{where}: {sign_in.display_name}, {_role(sign_in.role)}"
    yield f"    {sign_in.email}  {sign_in.password}"
    if sign_in.hint:
        yield f"    {sign_in.hint}"


def _role(role: str) -> str:
    """Return a role as people say it; whose finance it is stands before it."""
    return {"rnd": "R&D", "enterprise_finance": "finance"}.get(role, role.replace("_", " "))


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
