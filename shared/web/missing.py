"""What is yet to be filled in, by the names forms give it, and with what: for people.

Services name fields as the contract does, `address_book_entry.label`; programs read that.
"""

from collections.abc import Mapping
from dataclasses import replace

from shared.web.formats import words
from shared.web.problem import Problem
from shared.web.text import _, gettext

REASONS = frozenset({"FIELDS_MISSING", "FORM_INCOMPLETE"})

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
    "display_name": _("Name"),
    "email": _("E-mail address"),
    "end_time": _("Until"),
    "file_name": _("File"),
    "from_quantity": _("From quantity"),
    "invoice_no": _("Invoice number"),
    "invoice_title.address": _("Registered address"),
    "invoice_title.type": _("Which invoice"),
    "kinds": _("What you do"),
    "licenses": _("What one code allows"),
    "model_no": _("Model no."),
    "module_id": _("Short name"),
    "phone": _("Telephone number"),
    "po_no": _("PO no."),
    "production_batch_no": _("Batch number"),
    "purposes": _("What for"),
    "reason": _("Why"),
    "registration_no": _("Registration number"),
    "reversal_no": _("Number of the credit note"),
    "roles": _("May do"),
    "signer_name": _("Your name, as you sign"),
    "sku": _("SKU"),
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


def told(problem: Problem) -> Problem:
    """Return a problem with what is missing named for its reader; any other as it is."""
    if problem.reason not in REASONS:
        return problem
    paths = (path.strip() for path in problem.facts.get("fields", "").split(","))
    named = dict.fromkeys(_named(path) for path in paths if path)
    if not named:
        return problem
    detail = _("Please fill in %(fields)s.", fields=_(", ").join(named))
    return replace(problem, detail=detail, fix=_("Then send it again."))


def _named(path: str) -> str:
    """Return `lines[2].quantity` as `“Quantity” (a whole number above zero)`."""
    *above, last = path.split(".")
    label = LABELS.get(".".join([*above[-1:], last])) or LABELS.get(last)
    called = _("“%(label)s”", label=gettext(label) if label else words(last))
    if last not in WITH:
        return called
    return _("%(field)s (%(what)s)", field=called, what=gettext(WITH[last]))
