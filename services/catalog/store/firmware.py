"""Where firmware is kept."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.domain.errors import firmware as errors
from services.catalog.domain.firmware import Firmware, State
from services.catalog.store.columns import counted, mapper, moment, text, unless_taken, uuid
from services.catalog.store.modules import modules
from shared.names import parse

FIRMWARE = "modules/*/firmware/*"

firmware = sa.Table(
    "firmware",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *counted(),
    sa.Column("module_id", sa.ForeignKey(modules.c.module_id), nullable=False),
    text("version_name"),
    text("digest"),
    sa.Column("state", sa.Enum(State, native_enum=False, length=20), nullable=False),
    text("release_notes"),
    text("released_by"),
    text("released_by_name"),
    moment("released_at", optional=True),
    text("retired_by"),
    text("retired_by_name"),
    moment("retired_at", optional=True),
    moment("created_at"),
    sa.UniqueConstraint("module_id", "version_name", name="firmware_version_key"),
    sa.Index("firmware_by_module", "module_id", "id"),
)


mapper.map_imperatively(Firmware, firmware, version_id_col=firmware.c.version)


class FirmwareVersions:
    """All firmware there is."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, new: Firmware) -> None:
        """Keep a new version; VersionTaken if its module has one of that name."""
        self._tx.add(new)
        taken = errors.VersionTaken(module=new.module, version=new.version_name)
        with unless_taken("firmware_version_key", taken):
            self._tx.flush()

    def get(self, name: str) -> Firmware:
        """Return what is called `modules/{module}/firmware/{firmware}`; FirmwareNotFound."""
        module_id, id_ = parse(FIRMWARE, name)
        found = self._tx.get(Firmware, key) if (key := uuid(id_)) else None
        if found is None or found.module_id != module_id:
            raise errors.FirmwareNotFound(firmware=name)
        return found

    def of_versions(self, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Firmware]:
        """Return those there are of `(module id, version)`, by these."""
        key = sa.tuple_(firmware.c.module_id, firmware.c.version_name)
        found = self._tx.scalars(sa.select(Firmware).where(key.in_(sorted({*asked}))))
        return {(each.module_id, each.version_name): each for each in found}
