"""What can be known about firmware."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.catalog.domain.firmware import Firmware
from services.catalog.store import Modules, firmware
from shared.paging import Page, page


def list_firmware(tx: Session, *, parent: str, size: int, token: str) -> Page[Firmware]:
    """Return some firmware of a module, newest first; ModuleNotFound."""
    module = Modules(tx).get(parent)
    select = sa.select(Firmware).where(firmware.c.module_id == module.module_id)
    return page(tx, select, key=firmware.c.id, size=size, token=token)
