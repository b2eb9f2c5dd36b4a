"""The contract as a document: the same contract always gives the same bytes."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from services.contract.domain.contract import Contract
from shared.money import Money
from shared.vendor import Vendor

TEMPLATES = Path(__file__).parent / "templates"


def render(contract: Contract, vendor: Vendor) -> bytes:
    """Return the contract as a PDF; takes some 80 ms, most of it to find the fonts."""
    content = facts(contract, vendor)
    pdf = typst.compile(
        str(TEMPLATES / "contract.typ"),
        root=str(TEMPLATES),
        sys_inputs={"contract": json.dumps(content, ensure_ascii=False)},
        timestamp=int(contract.created_at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf


def facts(contract: Contract, vendor: Vendor) -> dict[str, Any]:
    """Return what the template shows, amounts and dates already in words."""
    ordered = contract.purchase_order
    form, terms = ordered.get("form", {}), ordered.get("terms", {})
    return {
        "contract_no": contract.contract_no,
        "order_no": contract.order_no,
        "date": f"{contract.created_at:%Y-%m-%d}",
        "valid_until": f"{contract.valid_until:%Y-%m-%d %H:%M} UTC",
        "vendor": vendor.model_dump(),
        "buyer": {"legal_name": contract.enterprise_legal_name},
        "form": form,
        "address": _address(form.get("deliveryAddress", {})),
        "invoice": _invoice(form.get("invoiceTitle")),
        "lines": [_line(line) for line in ordered.get("lines", [])],
        "purpose": str(ordered.get("purpose", "")).replace("_", " ").capitalize(),
        "total": str(contract.total),
        "deposit": str(contract.deposit),
        "balance": str(contract.total - contract.deposit),
        "deposit_percent": terms.get("depositPercent", 0),
        "lead_time_days": terms.get("leadTimeDays", 0),
        "snapshot_digest": ordered.get("snapshotDigest", ""),
    }


def _line(line: Mapping[str, Any]) -> dict[str, str]:
    return {
        "line_no": str(line.get("lineNo", "")),
        "product": line.get("displayName", ""),
        "pid": line.get("pid", ""),
        "model": line.get("model", ""),
        "module": line.get("moduleDisplayName", ""),
        "firmware": line.get("firmwareVersion", ""),
        "digest": line.get("firmwareDigest", "")[:19],
        "quantity": f"{line.get('quantity', 0):,}",
        "unit_price": str(_money(line["unitPrice"])),
        "amount": str(_money(line["amount"])),
    }


def _money(sent: Mapping[str, Any]) -> Money:
    amount = Decimal(sent.get("units", 0)) + Decimal(sent.get("nanos", 0)).scaleb(-9)
    return Money(sent["currencyCode"], amount)


def _address(sent: Mapping[str, str]) -> list[str]:
    city = " ".join(filter(None, [sent.get("postalCode"), sent.get("city"), sent.get("region")]))
    lines = [sent.get("recipient"), sent.get("phone"), sent.get("street"), city]
    return [line for line in [*lines, sent.get("countryCode")] if line]


def _invoice(sent: Mapping[str, str] | None) -> list[list[str]]:
    if not sent:
        return []
    kind = "Special VAT invoice" if sent.get("type") == "SPECIAL_VAT" else "General VAT invoice"
    rows = {
        "Type": kind,
        "Title": sent.get("title"),
        "Tax id": sent.get("taxId"),
        "Address": sent.get("address"),
        "Telephone": sent.get("phone"),
        "Bank": sent.get("bank"),
        "Account": sent.get("bankAccount"),
    }
    return [[label, value] for label, value in rows.items() if value]
