"""An event of an order as partner systems and timelines see it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.caller import Caller, Role


@dataclass(frozen=True, kw_only=True)
class OrderEvent:
    """Something that happened to an order."""

    id: UUID
    type: str
    """What happened: `ordering.order.submitted`."""

    order: str
    order_no: str
    sequence: int
    """1, 2, 3 … without a gap, per order (I9)."""

    time: datetime
    actor: str
    actor_display_name: str
    """What they were called then."""

    data: Mapping[str, Any]
    """The event's own fields, in proto3 JSON."""

    def seen_by(self, caller: Caller) -> "OrderEvent":
        """Return it as `caller` may see it: partner systems see no people, production no prices."""
        if caller.has(Role.PARTNER):
            return replace(self, actor="", actor_display_name="")
        if caller.roles == {Role.PRODUCTION}:
            return replace(self, data=_without_money(self.data))
        return self


def _without_money(value: Any) -> Any:
    match value:
        case Mapping():
            kept = {name: each for name, each in value.items() if not _is_money(each)}
            return {name: _without_money(each) for name, each in kept.items()}
        case list():
            return [_without_money(each) for each in value if not _is_money(each)]
        case _:
            return value


def _is_money(value: object) -> bool:
    return isinstance(value, Mapping) and "currencyCode" in value
