"""The firmware of modules over gRPC."""

from millrun.catalog.v1 import catalog_pb2 as pb
from sqlalchemy.orm import Session

from services.catalog.api.roles import PROJECT_MANAGER
from services.catalog.commands import firmware as commands
from services.catalog.domain.firmware import Firmware
from services.catalog.queries import firmware as queries
from services.catalog.store import FirmwareVersions
from services.catalog.wire.firmware import firmware_message, firmwares_message
from services.catalog.wire.masks import changes
from shared.caller import Caller
from shared.paging import Page
from shared.rpc import SIGNED_IN, Servicer, command, query


class FirmwareRpcs(Servicer):
    """Which firmware there is, and how far it is trusted."""

    @query(answer=firmwares_message, allow=SIGNED_IN)
    def ListFirmware(
        self, request: pb.ListFirmwareRequest, tx: Session, caller: Caller
    ) -> Page[Firmware]:
        return queries.list_firmware(
            tx, parent=request.parent, size=request.page_size, token=request.page_token
        )

    @query(answer=firmware_message, allow=SIGNED_IN)
    def GetFirmware(self, request: pb.GetFirmwareRequest, tx: Session, caller: Caller) -> Firmware:
        return FirmwareVersions(tx).get(request.name)

    @command(answer=firmware_message, allow=PROJECT_MANAGER)
    def CreateFirmware(
        self, request: pb.CreateFirmwareRequest, tx: Session, caller: Caller
    ) -> Firmware:
        return commands.create_firmware(
            tx,
            parent=request.parent,
            version=request.firmware.version,
            digest=request.firmware.digest,
            release_notes=request.firmware.release_notes,
        )

    @command(answer=firmware_message, allow=PROJECT_MANAGER)
    def UpdateFirmware(
        self, request: pb.UpdateFirmwareRequest, tx: Session, caller: Caller
    ) -> Firmware:
        wanted = request.firmware
        return commands.update_firmware(
            tx,
            name=wanted.name,
            etag=wanted.etag,
            **changes(wanted, request.update_mask, "release_notes"),
        )

    @command(answer=firmware_message, allow=PROJECT_MANAGER)
    def ReleaseFirmware(
        self, request: pb.ReleaseFirmwareRequest, tx: Session, caller: Caller
    ) -> Firmware:
        return commands.release_firmware(tx, name=request.name, caller=caller, etag=request.etag)

    @command(answer=firmware_message, allow=PROJECT_MANAGER)
    def RetireFirmware(
        self, request: pb.RetireFirmwareRequest, tx: Session, caller: Caller
    ) -> Firmware:
        return commands.retire_firmware(tx, name=request.name, caller=caller, etag=request.etag)
