"""What was ordered, frozen: as other services get it, and as it is hashed (R14, I2)."""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from services.ordering.domain.attachment import Attachment
from services.ordering.domain.form import OrderForm
from services.ordering.domain.words import Family, Purpose
from shared.money import Money


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
    """Return `value` as proto3 JSON writes it: camel case, defaults left out, 64 bits as text."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if kind is Money:
        return _money(value)
    if kind is datetime:
        return _moment(value)
    if kind is tuple:
        return [_proto_json(item) for item in value]
    if is_dataclass(kind):
        named = ((key, getattr(value, name)) for name, key in _keys(kind))
        return {key: _proto_json(item) for key, item in named if item not in _DEFAULTS}
    return value.name if isinstance(value, Enum) else value


def _moment(at: datetime) -> str:
    """Return a moment in UTC, with as many digits as it needs, in threes."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    if at.microsecond and at.microsecond % 1000 == 0:
        text = text[:-3]
    return f"{text}Z"


_DEFAULTS = ("", 0, (), None)


def _money(value: Money) -> dict[str, Any]:
    units, rest = divmod(abs(value.amount), 1)
    sign = -1 if value.amount < 0 else 1
    parts = {
        "currencyCode": value.currency,
        "units": str(sign * int(units)) if units else "",
        "nanos": sign * int(rest * 10**9),
    }
    return {name: part for name, part in parts.items() if part}


@cache
def _keys(kind: type) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, _camel(field.name)) for field in fields(kind))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))
