"""What is remembered of the catalogue's firmware."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.ordering.store.tables import retired_firmware


def retired_among(tx: Session, firmware: Iterable[str]) -> frozenset[str]:
    """Return those of `firmware` the catalogue retired."""
    column = retired_firmware.c.firmware
    return frozenset(tx.scalars(sa.select(column).where(column.in_(set(firmware)))))


def retire(tx: Session, firmware: str) -> None:
    """Remember that the catalogue retired `firmware`."""
    tx.execute(insert(retired_firmware).values(firmware=firmware).on_conflict_do_nothing())
