"""Which firmware may be burnt for what an order is for (requirements §2).

This only spares a reader a refusal; ordering decides, and is asked all the same.
"""

from collections.abc import Mapping

from millrun.catalog.v1.module_pb2 import Firmware
from millrun.ordering.v1.order_pb2 import Order, Purpose

_TRUSTED = frozenset({Firmware.BETA, Firmware.RELEASED})

BURNABLE: "Mapping[Purpose.ValueType, frozenset[Firmware.State.ValueType]]" = {
    Purpose.DEBUGGING: _TRUSTED,
    Purpose.RND_SAMPLE: _TRUSTED,
    Purpose.TRIAL_PRODUCTION: _TRUSTED,
    Purpose.MASS_PRODUCTION: frozenset({Firmware.RELEASED}),
}
"""By purpose; nothing is burnt for one that is not in it."""


def may_be_burnt(order: Order, firmware: Firmware) -> bool:
    """Whether an order may be made with a firmware as far as that is trusted now."""
    return firmware.state in BURNABLE.get(order.purpose, ())
