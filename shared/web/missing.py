"""Fields, by the names forms give them, and what is to be filled in: for people.

Services name fields as the contract does, `address_book_entry.label`; programs read that.
"""

from collections.abc import Mapping

from shared.web.formats import words
from shared.web.text import _, gettext

LABELS: Mapping[str, str] = {
    "amount": _("Amount the bank credited"),
    "answer": _("Your answer"),
    "bank_reference": _("The bank's own reference"),
    "changes": _("What is to be different"),
    "content": _("File"),
    "country_code": _("Country"),
    "current_password": _("Present password"),
    "customer_batch_no": _("Customer batch no."),
    "deputy": _("Who does their work"),
    "digest": _("Digest of the image"),
    "display_name": _("Name"),
    "email": _("E-mail address"),
    "end_time": _("Until"),
    "expire_time": _("Last day"),
    "file_name": _("File"),
    "from_quantity": _("From quantity"),
    "invoice_no": _("Invoice number"),
    "invoice_profile": _("Another of your invoice titles"),
    "invoice_title.address": _("Registered address"),
    "invoice_title.type": _("Which invoice"),
    "kinds": _("What you do"),
    "label": _("Label"),
    "licenses": _("What one code allows"),
    "model_no": _("Model no."),
    "module_id": _("Short name"),
    "packing_unit": _("Packed in"),
    "phone": _("Telephone number"),
    "pid": _("PID"),
    "po_no": _("PO no."),
    "product_id": _("Product id (PID)"),
    "production_batch_no": _("Batch number"),
    "purposes": _("What for"),
    "quantity_cap": _("At most"),
    "reason": _("Why"),
    "registration_no": _("Registration number"),
    "reversal_no": _("Number of the credit note"),
    "roles": _("May do"),
    "signer_name": _("Your name, as you sign"),
    "signed_copy": _("File"),
    "sku": _("SKU"),
    "start_time": _("Valid from"),
    "street": _("Street, number, building"),
    "tax_id": _("Tax id"),
    "text": _("What would help you"),
    "tracking_no": _("Tracking number"),
    "units": _("Results"),
    "value_added_service_id": _("Short name"),
}
"""How forms label a field, where that is not simply its name; by its last part, or the last two."""

WITH: Mapping[str, str] = {
    "amount": _("an amount such as 1,200.00"),
    "email": _("an address such as name@example.com"),
    "end_time": _("a day such as 2026-05-31"),
    "from_quantity": _("a whole number above zero"),
    "quantity": _("a whole number above zero"),
    "unit_price": _("an amount such as 1,200.00"),
    "value_date": _("a day such as 2026-05-31"),
}
"""What to fill in, where the label alone does not say it."""


def asked_for(paths: str) -> list[str]:
    """Return fields, with commas between them, each once, as `“Quantity” (a whole number …)`."""
    given = (path.strip() for path in paths.split(","))
    return list(dict.fromkeys(_with_what(path) for path in given if path))


def labelled(path: str) -> str:
    """Return `lines[2].quantity` as `“Quantity”`."""
    *above, last = path.split(".")
    label = LABELS.get(".".join([*above[-1:], last])) or LABELS.get(last)
    return _("“%(label)s”", label=gettext(label) if label else words(last))


def _with_what(path: str) -> str:
    last = path.rpartition(".")[2]
    if last not in WITH:
        return labelled(path)
    return _("%(field)s (%(what)s)", field=labelled(path), what=gettext(WITH[last]))
