"""What can be asked of firmware."""

from sqlalchemy.orm import Session

from services.catalog.domain.firmware import Firmware
from services.catalog.store import FirmwareVersions, Modules


def create_firmware(tx: Session, *, parent: str, version: str, digest: str) -> Firmware:
    """Enter a firmware version of a module; ModuleNotFound, VersionTaken."""
    module = Modules(tx).get(parent)
    firmware = Firmware.enter(module_id=module.module_id, version=version, digest=digest)
    FirmwareVersions(tx).add(firmware)
    return firmware


def release_firmware(tx: Session, *, name: str, etag: str = "") -> Firmware:
    """Open a firmware version for every purpose; FirmwareCannotBecome."""
    firmware = FirmwareVersions(tx).get(name)
    firmware.expect(etag)
    firmware.release()
    return firmware


def retire_firmware(tx: Session, *, name: str, etag: str = "") -> Firmware:
    """Close a firmware version for new orders; FirmwareCannotBecome."""
    firmware = FirmwareVersions(tx).get(name)
    firmware.expect(etag)
    firmware.retire()
    return firmware
