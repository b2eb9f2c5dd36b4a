"""Firmware in and out of protobuf."""

from millrun.catalog.v1 import catalog_pb2 as service_pb
from millrun.catalog.v1 import module_pb2

from services.catalog.domain.firmware import Firmware
from shared.paging import Page
from shared.wire import time_message


def firmware_message(firmware: Firmware) -> module_pb2.Firmware:
    """Return a firmware version as it is answered."""
    return module_pb2.Firmware(
        name=firmware.name,
        version=firmware.version_name,
        digest=firmware.digest,
        state=trust(firmware),
        create_time=time_message(firmware.created_at),
        etag=firmware.etag,
        release_notes=firmware.release_notes,
        released_by=firmware.released_by,
        released_by_display_name=firmware.released_by_name,
        release_time=time_message(firmware.released_at),
        retired_by=firmware.retired_by,
        retired_by_display_name=firmware.retired_by_name,
        retire_time=time_message(firmware.retired_at),
    )


def firmwares_message(page: Page[Firmware]) -> service_pb.ListFirmwareResponse:
    """Return a page of firmware."""
    return service_pb.ListFirmwareResponse(
        firmware=map(firmware_message, page.items), next_page_token=page.next_token
    )


def trust(firmware: Firmware | None) -> "module_pb2.Firmware.State.ValueType":
    if firmware is None:
        return module_pb2.Firmware.STATE_UNSPECIFIED
    return module_pb2.Firmware.State.Value(firmware.state.name)
