"""Who can sign in on this machine: made at the first start, kept in `.state/sign-ins.json`."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from deploy.local.state import write_json
from shared.caller import Role
from shared.errors import Disallowed


class SignInsUnreadable(Disallowed):
    """{path} is damaged: it does not say who can sign in."""

    fix = (
        "Put a copy of it back, or move it away and start again: the vendor's people get new"
        " passwords, and whatever is stored stays."
    )


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """An account somebody may use to look around."""

    role: str
    """What it may do, as `business_manager`; for a customer's account possibly several words."""

    display_name: str
    email: str
    password: str
    enterprise: str = ""
    """Its enterprise's display name; empty for the vendor's own people."""

    hint: str = ""
    """What to look at first, as this person."""

    ready: bool = True
    """Whether the account exists; a password is written down before its account is made."""


STAFF = {
    Role.BUSINESS_MANAGER: "Wei Lin",
    Role.PROJECT_MANAGER: "Ana Duarte",
    Role.FINANCE: "Jonas Brandt",
    Role.PRODUCTION: "Mei Zhou",
    Role.CERTIFIER: "Sofia Rossi",
}
"""The vendor's people a working Millrun needs (requirements §3)."""


class SignIns:
    """The sign-ins of this machine, stored at every change, readable by their owner only.

    SignInsUnreadable if what is stored is none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._all: dict[str, SignIn] = {}
        if path.exists():
            self._all = {each.email: each for each in _stored(path)}

    def __iter__(self) -> Iterator[SignIn]:
        return iter(self._all.values())

    def of(self, role: Role) -> SignIn:
        """Return the vendor's account with `role`; LookupError if there is none."""
        for sign_in in self._all.values():
            if sign_in.role == role.value and not sign_in.enterprise:
                return sign_in
        raise LookupError(f"no sign-in for {role.value} in {self._path}")

    def add(self, *sign_ins: SignIn) -> None:
        """Remember these, in place of any with the same e-mail address."""
        self._all.update({sign_in.email: sign_in for sign_in in sign_ins})
        write_json(self._path, [asdict(sign_in) for sign_in in self._all.values()])

    def pending(self) -> list[SignIn]:
        """Return the vendor's accounts that are still to be made, each with a fresh password."""
        if not self._all:
            self.add(*(_invited(role, name) for role, name in STAFF.items()))
        return [sign_in for sign_in in self._all.values() if not sign_in.ready]

    def made(self, sign_in: SignIn) -> None:
        """Remember that the account exists now."""
        self.add(replace(sign_in, ready=True))


def _stored(path: Path) -> list[SignIn]:
    try:
        found = [SignIn(**raw) for raw in json.loads(path.read_text())]
    except (ValueError, TypeError):
        raise SignInsUnreadable(path=path) from None
    if not all(isinstance(each.email, str) and isinstance(each.password, str) for each in found):
        raise SignInsUnreadable(path=path)
    return found


def _invited(role: Role, display_name: str) -> SignIn:
    return SignIn(
        role=role.value,
        display_name=display_name,
        email=f"{role.value.replace('_', '.')}@millrun.example",
        password=secrets.token_urlsafe(12),
        ready=False,
    )
