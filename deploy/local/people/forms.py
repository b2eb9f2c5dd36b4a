"""What customers fill in."""

from __future__ import annotations

from typing import Any

ADDRESS = {
    "recipient": "Goods receipt",
    "phone": "+86 571 5555 0100",
    "street": "18 Binsheng Road",
    "city": "Hangzhou",
    "region": "Zhejiang",
    "postalCode": "310051",
    "countryCode": "CN",
}

REGISTRATION_NO = "91330100MA27X0TK1B"
"""Of whoever gives none of their own; in China it is the tax id as well."""

GENERAL_INVOICE = {"type": "GENERAL_VAT", "taxId": REGISTRATION_NO}
SPECIAL_INVOICE = {
    **GENERAL_INVOICE,
    "type": "SPECIAL_VAT",
    "address": "18 Binsheng Road, Hangzhou",
    "phone": "+86 571 5555 0100",
    "bank": "Qiantang Bank, Binjiang branch",
    "bankAccount": "6222021202041701",
}


def order_form(
    *,
    po_no: str,
    title: str = "",
    tax_id: str = REGISTRATION_NO,
    special: bool = False,
    **other: Any,
) -> Any:
    """Return an order form, complete (R57-R59); invoiced to `title`, or not at all."""
    form = {
        "poNo": po_no,
        "customerBatchNo": f"B-{po_no}",
        "modelNo": "SP-100",
        "materialModel": "10-4711-A",
        "deliveryAddress": ADDRESS,
        **other,
    }
    if title:
        form["invoiceTitle"] = {
            **(SPECIAL_INVOICE if special else GENERAL_INVOICE),
            "title": title,
            "taxId": tax_id,
        }
    return form
