"""What can be asked of firmware."""

from sqlalchemy.orm import Session

from services.catalog.domain.firmware import Firmware
from services.catalog.store import FirmwareVersions, Modules
from shared.caller import Caller


def create_firmware(
    tx: Session, *, parent: str, version: str, digest: str, release_notes: str = ""
) -> Firmware:
    """Enter a firmware version of a module; ModuleNotFound, VersionTaken."""
    module = Modules(tx).get(parent)
    firmware = Firmware.enter(
        module_id=module.module_id, version=version, digest=digest, release_notes=release_notes
    )
    FirmwareVersions(tx).add(firmware)
    return firmware


def update_firmware(tx: Session, *, name: str, release_notes: str, etag: str = "") -> Firmware:
    """Change the release notes of a firmware version; FirmwareChanged."""
    firmware = FirmwareVersions(tx).get(name)
    firmware.expect(etag)
    firmware.annotate(release_notes)
    return firmware


def release_firmware(tx: Session, *, name: str, caller: Caller, etag: str = "") -> Firmware:
    """Open a firmware version for every purpose; FirmwareCannotBecome."""
    firmware = FirmwareVersions(tx).get(name)
    firmware.expect(etag)
    firmware.release(by=caller)
    return firmware


def retire_firmware(tx: Session, *, name: str, caller: Caller, etag: str = "") -> Firmware:
    """Close a firmware version for new orders; FirmwareCannotBecome."""
    firmware = FirmwareVersions(tx).get(name)
    firmware.expect(etag)
    firmware.retire(by=caller)
    return firmware
