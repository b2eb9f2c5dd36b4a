"""Keeping invoice titles to be invoiced under again."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from services.ordering.domain.book import NothingOfTheEntry
from services.ordering.domain.errors import NotYourSpace
from services.ordering.domain.form import InvoiceTitle
from services.ordering.domain.invoice_profile import InvoiceProfile
from services.ordering.store import InvoiceProfiles
from shared.caller import Caller
from shared.names import parse

CHANGEABLE = ("label", "invoice_title", "default")


def create_invoice_profile(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    label: str,
    invoice_title: InvoiceTitle,
    is_default: bool,
) -> InvoiceProfile:
    """Keep a title in the caller's own space; TooManyInvoiceProfiles, LabelTaken."""
    (enterprise,) = parse("enterprises/*", parent)
    if enterprise != caller.enterprise:
        raise NotYourSpace(enterprise=enterprise)
    entry = InvoiceProfile.keep(
        enterprise=enterprise, label=label, invoice_title=invoice_title, is_default=is_default
    )
    InvoiceProfiles(tx).add(entry)
    return entry


def update_invoice_profile(
    tx: Session,
    *,
    name: str,
    etag: str,
    fields: Collection[str],
    label: str,
    invoice_title: InvoiceTitle,
    is_default: bool,
) -> InvoiceProfile:
    """Set what `fields` name, all of it if they name nothing; LabelTaken, NothingOfTheEntry."""
    if not set(fields) <= set(CHANGEABLE):
        raise NothingOfTheEntry(changeable=", ".join(CHANGEABLE))
    entry = InvoiceProfiles(tx).get(name)
    entry.insist_unchanged(etag)
    named = set(fields or CHANGEABLE)
    label = label if "label" in named else entry.label
    default = is_default if "default" in named else entry.is_default
    InvoiceProfiles(tx).make_way(entry.enterprise, label=label, is_default=default, but=entry.id)
    title = invoice_title if "invoice_title" in named else entry.invoice_title
    entry.change(label=label, invoice_title=title, is_default=default)
    return entry


def delete_invoice_profile(tx: Session, *, name: str, etag: str) -> None:
    """Forget a title; orders keep what they were placed with."""
    entry = InvoiceProfiles(tx).get(name)
    entry.insist_unchanged(etag)
    InvoiceProfiles(tx).delete(entry)
