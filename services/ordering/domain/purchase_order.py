"""What was ordered, frozen: as other services get it, and as it is hashed (R14, I2)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from services.ordering.domain.attachment import Attachment
from services.ordering.domain.form import OrderForm
from services.ordering.domain.words import Family, Purpose
from shared.money import Money
from shared.proto_json import of_moment, of_money


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the business manager agreed to."""

    deposit_percent: int
    """How much of the total is due before production, in hundredths."""

    lead_time_days: int
    valid_until: datetime


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderLineService:
    """A value-added service as it was ordered; no prices where production reads it."""

    service: str
    display_name: str
    description: str
    minimum_quantity: int
    added_lead_time_days: int
    list_unit_price: Money | None = None
    list_price_per_order: Money | None = None
    list_setup_fee: Money | None = None
    unit_price: Money | None = None
    price_per_order: Money | None = None
    setup_fee: Money | None = None
    price_reason: str = ""
    amount: Money | None = None
    setup_order_no: str = ""


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderLine:
    """A line as it was ordered; no prices where production reads it."""

    line_no: int
    product: str
    quantity: int
    pid: str
    display_name: str
    model: str
    module: str
    module_display_name: str
    firmware: str
    firmware_version: str
    firmware_digest: str
    list_unit_price: Money | None
    unit_price: Money | None
    amount: Money | None
    services: tuple[PurchaseOrderLineService, ...] = ()
    license_type: str = ""
    """Which codes are ordered for the product; empty for hardware modules."""

    license_type_display_name: str = ""


@dataclass(frozen=True, kw_only=True)
class PurchaseOrder:
    """An order as it was submitted; the fields are those of the proto."""

    order: str
    order_no: str
    enterprise: str
    enterprise_legal_name: str
    owner: str
    purpose: Purpose
    family: Family
    buyer: str
    business_manager: str
    project_manager: str
    form: OrderForm
    lines: tuple[PurchaseOrderLine, ...]
    total: Money | None
    snapshot_digest: str = ""
    """Empty inside what is hashed."""

    terms: Terms | None = None
    revision: int = 0
    """How often it was changed since it was submitted: no two revisions have one digest (I2)."""
    no_contract: bool = False
    """Whether nothing is signed: such an order is due as soon as it is confirmed."""

    attachments: tuple[Attachment, ...] = ()
    """The files it was submitted with."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """The bytes a digest stands for; written once, never changed (R14, I2)."""

    enterprise: str
    order_id: UUID
    revision: int
    digest: str
    """`sha256:` and 64 hexadecimal digits."""

    content: bytes
    reason: str = ""
    """Why it was frozen anew; empty for what was submitted."""

    by: str = ""
    """Who submitted it or asked for the change: `accounts/…`."""


def canonical(order: PurchaseOrder) -> bytes:
    """Return the purchase order as canonical JSON (RFC 8785).

    It is the proto3 JSON of the message that OrderSubmitted carries, less the digest: whoever has
    that event can make these bytes again without asking us.
    """
    # What RFC 8785 adds to sorted, compact JSON is how to sort names that are not ASCII and how to
    # write fractions. Here are none; a test compares. The general way is many times slower.
    whole = json.dumps(
        _proto_json(order), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return whole.encode()


def digest_of(content: bytes) -> str:
    """Return what `content` is known by: `sha256:…`."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _proto_json(value: Any) -> Any:
    """Return `value` as proto3 JSON writes it: camel case, defaults left out."""
    kind: Any = type(value)
    return _writer(kind)(value)


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """Return what writes values of one kind, found out once for all of them."""
    if kind in _WRITERS:
        return _WRITERS[kind]
    if is_dataclass(kind):
        return _written(tuple((each.name, _camel(each.name)) for each in fields(kind)))
    return _name if issubclass(kind, Enum) else _itself


def _written(names: tuple[tuple[str, str], ...]) -> Callable[[Any], dict[str, Any]]:
    def write(value: Any) -> dict[str, Any]:
        written = {}
        for name, key in names:
            item = getattr(value, name)
            kind: Any = type(item)
            if kind is str or kind is int:
                if item:
                    written[key] = item
            elif item not in _DEFAULTS:
                written[key] = _writer(kind)(item)
        return written

    return write


def _name(value: Enum) -> str:
    return value.name


def _itself(value: Any) -> Any:
    return value


def _listed(values: tuple[Any, ...]) -> list[Any]:
    return [_proto_json(each) for each in values]


_DEFAULTS = ("", 0, (), None)
_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    Money: of_money,
    datetime: of_moment,
    tuple: _listed,
}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))
