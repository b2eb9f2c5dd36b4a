"""What a version of the contract says, clause by clause: what both sides agree to, no more.

The digest printed on the document is that of its terms as canonical JSON (RFC 8785): the PDF's own
digest could not stand in it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import rfc8785

from shared.money import Money
from shared.references import creditor_reference

Terms = Mapping[str, Any]
"""By clause; only texts, whole numbers, lists and mappings."""


class Clause(Enum):
    """A part of the document."""

    PARTIES = "parties"
    GOODS = "goods"
    PAYMENT = "payment"
    DELIVERY = "delivery"
    INVOICE = "invoice"
    PASSPORT = "passport"
    VALIDITY = "validity"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that differs between two versions."""

    clause: Clause
    line_no: int = 0
    field: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        line = f"line {self.line_no}, " if self.line_no else ""
        field = self.field.replace("_", " ").replace(".", " ")
        return f"{self.clause.value}, {line}{field}: {_short(self.before)} → {_short(self.after)}"


def _short(value: str) -> str:
    """Return a value as people read it: of a digest as much as is printed on papers."""
    return value[:19] if value.startswith("sha256:") else value or "–"


def terms_of(order: Mapping[str, Any], vendor: Mapping[str, str], deposit: Money) -> Terms:
    """Return what is agreed when `order`, a purchase order as events carry it, is signed."""
    form, agreed, total = order.get("form", {}), order.get("terms", {}), money_of(order["total"])
    return {
        "parties": {
            "seller": {name: vendor[name] for name in _SELLER},
            "buyer": order.get("enterpriseLegalName", ""),
            "po_no": form.get("poNo", ""),
            "customer_batch_no": form.get("customerBatchNo", ""),
        },
        "goods": {
            "purpose": order.get("purpose", ""),
            "family": order.get("family", ""),
            "model_no": form.get("modelNo", ""),
            "material_model": form.get("materialModel", ""),
            "lines": [_line(line) for line in order.get("lines", [])],
            "total": str(total),
        },
        "payment": {
            "deposit_percent": agreed.get("depositPercent", 0),
            "deposit": str(deposit),
            "balance": str(total - deposit),
            "account": {name: vendor[name] for name in _ACCOUNT},
            "references": {
                kind: creditor_reference(order["orderNo"], kind)
                for kind in ("deposit", "balance", "full")
            },
        },
        "delivery": {
            "address": {_snake(name): text for name, text in _address(form).items()},
            "lead_time_days": agreed.get("leadTimeDays", 0),
            "remarks": form.get("remarks", ""),
            **_wish(form),
        },
        "invoice": {_snake(name): text for name, text in form.get("invoiceTitle", {}).items()},
        "passport": {"digest": order.get("snapshotDigest", "")},
        "validity": {"until": agreed.get("validUntil", "")},
    }


def digest_of(document: Mapping[str, Any]) -> str:
    """Return what these terms are known by: `sha256:…` of their canonical JSON (RFC 8785)."""
    return f"sha256:{hashlib.sha256(rfc8785.dumps(dict(document))).hexdigest()}"


def differences(before: Terms, after: Terms) -> list[Difference]:
    """Return all that differs, in the order of the clauses."""
    return [
        difference
        for clause in Clause
        for difference in _within(clause, before.get(clause.value, {}), after.get(clause.value, {}))
    ]


def in_words(found: list[Difference], most: int = 6) -> str:
    """Return differences as one text, the first `most` of them."""
    said = "; ".join(str(each) for each in found[:most])
    return f"{said}; and {len(found) - most} more" if len(found) > most else said


def as_fact(found: list[Difference], most: int = 6) -> str:
    """Return the same for programs, and for pages in other languages: JSON, the first `most`."""
    rows = [{**asdict(each), "clause": each.clause.value} for each in found[:most]]
    return json.dumps(rows, ensure_ascii=False)


def money_of(sent: Mapping[str, Any]) -> Money:
    """Read google.type.Money as proto3 JSON has it."""
    amount = Decimal(sent.get("units", 0)) + Decimal(sent.get("nanos", 0)).scaleb(-9)
    return Money(sent["currencyCode"], amount)


_SELLER = ("legal_name", "address", "registration_no", "hotline")
_ACCOUNT = ("bank_holder", "bank_name", "bank_account", "bank_bic")


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "line_no": line.get("lineNo", 0),
        "product": line.get("displayName", ""),
        "pid": line.get("pid", ""),
        "model": line.get("model", ""),
        "module": line.get("moduleDisplayName", ""),
        "firmware": line.get("firmwareVersion", ""),
        "firmware_digest": line.get("firmwareDigest", ""),
        "quantity": f"{line.get('quantity', 0):,}",
        "unit_price": str(money_of(line["unitPrice"])),
        "amount": str(money_of(line["amount"])),
        **_licensed(line),
        **_on_top(line),
    }


def _licensed(line: Mapping[str, Any]) -> dict[str, str]:
    """Return which licence is ordered for the product; nothing for the product itself."""
    sku = line.get("licenseType", "").rpartition("/")[2]
    return {"license": line.get("licenseTypeDisplayName", "") or sku} if sku else {}


def _on_top(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value-added services on a line, each under its own id; nothing without any."""
    services = {
        each["service"].rpartition("/")[2]: _service(each, line.get("quantity", 0))
        for each in line.get("services", [])
    }
    return {"services": services} if services else {}


def _service(service: Mapping[str, Any], quantity: int) -> dict[str, Any]:
    """Return what is done and what it costs, in positions that add up."""
    given = {"name": service.get("displayName", ""), "description": service.get("description", "")}
    if "unitPrice" in service:
        each = money_of(service["unitPrice"])
        given |= {"unit_price": str(each), "units": str((each * quantity).rounded())}
    fees = {"price_per_order": "pricePerOrder", "setup_fee": "setupFee"}
    given |= {name: str(money_of(service[sent])) for name, sent in fees.items() if sent in service}
    return {name: text for name, text in given.items() if text}


def _address(form: Mapping[str, Any]) -> Mapping[str, str]:
    address: Mapping[str, str] = form.get("deliveryAddress", {})
    return address


def _wish(form: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the day the buyer asked for; nothing if none: what is agreed is the lead time."""
    day = form.get("requestedDeliveryDate", "")
    return {"requested_delivery_date": day} if day else {}


def _snake(name: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)


def _within(clause: Clause, before: Terms, after: Terms) -> Iterator[Difference]:
    lines = _by_line(before), _by_line(after)
    yield from _fields(clause, 0, _flat(before), _flat(after))
    for number in sorted(lines[0] | lines[1]):
        old, new = (_flat(each.get(number, {})) for each in lines)
        yield from _fields(clause, number, old, new)


def _fields(
    clause: Clause, line_no: int, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Difference]:
    for field in dict.fromkeys([*before, *after]):
        old, new = before.get(field, ""), after.get(field, "")
        if old != new:
            yield Difference(clause=clause, line_no=line_no, field=field, before=old, after=new)


def _by_line(clause: Terms) -> dict[int, Terms]:
    return {line["line_no"]: line for line in clause.get("lines", [])}


def _flat(terms: Terms, path: str = "") -> dict[str, str]:
    """Return every value by where it stands: `{"address.city": "Berlin"}`; lines stand apart."""
    found: dict[str, str] = {}
    for name, value in terms.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{path}{name}.")
        elif name not in ("lines", "line_no"):
            found[path + name] = str(value)
    return found
