"""The invoice titles of enterprises."""

import sqlalchemy as sa

from services.ordering.domain.form import InvoiceTitle
from services.ordering.domain.invoice_profile import (
    InvoiceProfile,
    InvoiceProfileNotFound,
    TooManyInvoiceProfiles,
)
from services.ordering.store.book import Book, book
from services.ordering.store.tables import Value, mapper

invoice_profiles = book(
    "invoice_profiles", sa.Column("invoice_title", Value(InvoiceTitle), nullable=False)
)

mapper.map_imperatively(InvoiceProfile, invoice_profiles, version_id_col=invoice_profiles.c.version)


class InvoiceProfiles(Book[InvoiceProfile]):
    """All entries the transaction may see."""

    entry = InvoiceProfile
    table = invoice_profiles
    missing = InvoiceProfileNotFound
    full = TooManyInvoiceProfiles
