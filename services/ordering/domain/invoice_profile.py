"""The invoice titles of an enterprise: whom and how to invoice, kept to be chosen again."""

from __future__ import annotations

from services.ordering.domain.book import Entry
from services.ordering.domain.form import (
    NEEDED_FOR_INVOICE,
    InvoiceTitle,
    gaps_in,
    insist_email,
    insist_short,
)
from shared.errors import Disallowed, Malformed, NotFound, Outdated


class InvoiceProfileNotFound(NotFound):
    """There is no invoice title {entry}."""

    fix = "Take its name from the list of invoice titles."


class InvoiceProfileChanged(Outdated):
    """Invoice title {label} changed since you read it."""


class TooManyInvoiceProfiles(Disallowed):
    """There are {most} invoice titles already, and room for no more."""

    fix = "Delete one that is not used any more."


class InvoiceTitleIncomplete(Malformed):
    """The invoice title is not complete; not filled in: {fields}."""

    fix = "Fill in {fields} and send it again; a special VAT invoice needs all six fields."


class InvoiceProfile(Entry):
    """An invoice title under a label."""

    COLLECTION = "invoiceProfiles"

    invoice_title: InvoiceTitle

    @classmethod
    def keep(
        cls, *, enterprise: str, label: str, invoice_title: InvoiceTitle, is_default: bool
    ) -> InvoiceProfile:
        """Return a new entry; BadLabel, InvoiceTitleIncomplete, NotAnInvoiceEmail."""
        entry = cls.blank(enterprise)
        entry.change(label=label, invoice_title=invoice_title, is_default=is_default)
        return entry

    def insist_unchanged(self, etag: str) -> None:
        """Refuse with InvoiceProfileChanged if the caller saw another version."""
        if etag and etag != self.etag:
            raise InvoiceProfileChanged(label=self.label)

    def change(self, *, label: str, invoice_title: InvoiceTitle, is_default: bool) -> None:
        """Make it say something else; BadLabel, InvoiceTitleIncomplete, NotAnInvoiceEmail (A1)."""
        self.call(label, is_default=is_default)
        needed = NEEDED_FOR_INVOICE[invoice_title.type]
        if gaps := gaps_in(invoice_title, needed, "invoice_title."):
            raise InvoiceTitleIncomplete(fields=", ".join(gaps))
        insist_short(invoice_title, "invoice_title.")
        insist_email(invoice_title.email)
        self.invoice_title = invoice_title
