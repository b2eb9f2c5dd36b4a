"""Firmware: a version that can be burnt into a module, and how far it is trusted."""

from __future__ import annotations

import re
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.catalog.domain.errors.firmware import (
    DigestMalformed,
    FirmwareCannotBecome,
    FirmwareChanged,
    VersionMalformed,
)
from services.catalog.domain.events import FirmwareReleased, FirmwareRetired
from services.catalog.domain.text import PROSE, kept
from shared.caller import Caller
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

VERSION = re.compile(r"[A-Za-z0-9._+-]{1,40}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class State(Enum):
    """How far a firmware version is trusted."""

    BETA = "beta"
    RELEASED = "released"
    RETIRED = "retired"


BECOMES = {
    State.BETA: {State.RELEASED, State.RETIRED},
    State.RELEASED: {State.RETIRED},
    State.RETIRED: set[State](),
}
"""The state chart: trust is won once and lost once."""


class Firmware(Aggregate):
    """A firmware version of one module; like that it belongs to the vendor."""

    enterprise = ""
    id: UUID
    module_id: str
    version_name: str
    """What people know it by, such as `2.4.1`; `version` counts its changes."""

    digest: str
    """The SHA-256 of the image."""

    state: State
    release_notes: str
    released_by: str
    """The account, and empty before; so are the name it had then and the moment."""

    released_by_name: str
    released_at: datetime | None
    retired_by: str
    retired_by_name: str
    retired_at: datetime | None
    created_at: datetime

    @classmethod
    def enter(
        cls, *, module_id: str, version: str, digest: str, release_notes: str = ""
    ) -> Firmware:
        """Enter a firmware version of a module; its digest is that of the image to be burnt."""
        if not VERSION.fullmatch(version):
            raise VersionMalformed(field="version", version=version[:80])
        if not DIGEST.fullmatch(digest.lower()):
            raise DigestMalformed(field="digest", digest=digest[:80])
        firmware = cls()
        firmware.id, firmware.module_id = new_id(), module_id
        firmware.version_name, firmware.digest = version, digest.lower()
        firmware.state = State.BETA
        firmware.annotate(release_notes)
        firmware.released_by = firmware.released_by_name = ""
        firmware.retired_by = firmware.retired_by_name = ""
        firmware.released_at = firmware.retired_at = None
        firmware.created_at = now()
        return firmware

    @property
    def name(self) -> str:
        """`modules/{module}/firmware/{firmware}`."""
        return f"{self.module}/firmware/{self.id}"

    @property
    def module(self) -> str:
        """The name of its module."""
        return f"modules/{self.module_id}"

    def annotate(self, release_notes: str) -> None:
        """Say what is new in it and what to heed."""
        self.release_notes = kept(release_notes, "release_notes", most=PROSE)

    def release(self, *, by: Caller) -> None:
        """Open it for every purpose."""
        self._become(State.RELEASED)
        self.released_by, self.released_by_name = by.account, by.display_name
        self.released_at = now()
        self.record(FirmwareReleased(**self._facts(), released_by=by.account))

    def retire(self, *, by: Caller) -> None:
        """Close it for new orders."""
        self._become(State.RETIRED)
        self.retired_by, self.retired_by_name = by.account, by.display_name
        self.retired_at = now()
        self.record(FirmwareRetired(**self._facts(), retired_by=by.account))

    def expect(self, etag: str) -> None:
        """Insist that it is still as the caller saw it."""
        if etag and etag != self.etag:
            raise FirmwareChanged(version=self.version_name)

    def _become(self, state: State) -> None:
        if state not in BECOMES[self.state]:
            raise FirmwareCannotBecome(
                version=self.version_name, state=self.state.value, wanted=state.value
            )
        self.state = state

    def _facts(self) -> dict[str, str]:
        return {"firmware": self.name, "version": self.version_name, "digest": self.digest}
