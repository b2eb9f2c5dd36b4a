"""The order form: what the buyer fills in before an order is submitted (R57-R59)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from services.ordering.domain.errors import (
    DayNotToCome,
    FormIncomplete,
    NotACountry,
    NotAnInvoiceEmail,
)
from shared.clock import now
from shared.texts import TextTooLong


class InvoiceType(Enum):
    """The kind of invoice (A1)."""

    GENERAL_VAT = "GENERAL_VAT"
    SPECIAL_VAT = "SPECIAL_VAT"


NEEDED_FOR_INVOICE: dict[InvoiceType | None, tuple[str, ...]] = {
    None: ("type",),
    InvoiceType.GENERAL_VAT: ("title", "tax_id"),
    InvoiceType.SPECIAL_VAT: ("title", "tax_id", "address", "phone", "bank", "bank_account"),
}
"""What an invoice title needs, by its type (A1)."""

NEEDED = ("po_no", "customer_batch_no", "model_no", "material_model")
NEEDED_FOR_DELIVERY = ("recipient", "phone", "street", "city", "country_code")

LONGEST, LONGEST_REMARKS = 200, 4000
"""How many characters one line of a form has, and what the buyer remarks: both are printed."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """A postal address with somebody to call."""

    recipient: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country_code: str = ""
    """Two letters (ISO 3166-1)."""


@dataclass(frozen=True, kw_only=True)
class InvoiceTitle:
    """Whom and how to invoice (A1)."""

    type: InvoiceType | None = None
    title: str = ""
    tax_id: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    bank_account: str = ""
    email: str = ""
    """Where an electronic invoice is sent to; may be empty."""


@dataclass(frozen=True, kw_only=True)
class OrderForm:
    """What the buyer filled in so far; may have gaps until the order is submitted."""

    po_no: str = ""
    customer_batch_no: str = ""
    model_no: str = ""
    material_model: str = ""
    delivery_address: Address | None = field(default_factory=Address)
    """Where goods go to; None for licences, which are delivered as codes."""

    invoice_title: InvoiceTitle | None = None
    remarks: str = ""
    requested_delivery_date: str = ""
    """When the customer would like to have it, as `2026-05-31`; empty for as soon as possible."""

    def insist_complete(self, *, shipped: bool) -> None:
        """Refuse with FormIncomplete, which names every gap, NotACountry or NotAnInvoiceEmail.

        Only what is `shipped` needs an address.
        """
        if gaps := list(self._gaps(shipped)):
            raise FormIncomplete(fields=", ".join(gaps))
        if shipped and self.delivery_address:
            insist_country(self.delivery_address.country_code)
        if self.invoice_title:
            insist_email(self.invoice_title.email)

    def insist_short(self) -> None:
        """Refuse with TextTooLong what nobody reads, and no index of orders has room for."""
        insist_short(self, longest={"remarks": LONGEST_REMARKS})
        if self.delivery_address:
            insist_short(self.delivery_address, "delivery_address.")
        if self.invoice_title:
            insist_short(self.invoice_title, "invoice_title.")

    def insist_day(self) -> None:
        """Refuse with DayNotToCome a delivery date that cannot be asked for."""
        if day := self.requested_delivery_date:
            insist_to_come(day, field="requested_delivery_date")

    def again(self) -> "OrderForm":
        """Return the form of another order like this: its numbers and date are yet to come."""
        return replace(self, po_no="", customer_batch_no="", requested_delivery_date="")

    def without_delivery(self) -> "OrderForm":
        """Return the form of an order nothing is shipped for."""
        return replace(self, delivery_address=None)

    def _gaps(self, shipped: bool) -> Iterator[str]:
        yield from gaps_in(self, NEEDED)
        if shipped:
            place = self.delivery_address or Address()
            yield from gaps_in(place, NEEDED_FOR_DELIVERY, "delivery_address.")
        if title := self.invoice_title:
            yield from gaps_in(title, NEEDED_FOR_INVOICE[title.type], "invoice_title.")


def insist_to_come(text: str, *, field: str) -> None:
    """Refuse with DayNotToCome what is no day, or not one after today; `field` says it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    # Python reads the days of weeks, too; nobody else does.
    if day <= now().date() or day.isoformat() != text:
        raise DayNotToCome(text=text[:40], field=field)


def insist_short(
    part: OrderForm | Address | InvoiceTitle, path: str = "", *, longest: Mapping[str, int] = {}
) -> None:
    """Refuse with TextTooLong a text of `part` that is longer than its line."""
    for name, text in vars(part).items():
        most = longest.get(name, LONGEST)
        if isinstance(text, str) and len(text) > most:
            raise TextTooLong(field=path + name, most=most)


def insist_country(code: str) -> None:
    """Refuse with NotACountry what is no country code."""
    if not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        raise NotACountry(code=code[:20])


def insist_email(address: str) -> None:
    """Refuse with NotAnInvoiceEmail what no invoice can be sent to; nothing is no refusal."""
    who, _, where = address.partition("@")
    if address and not (who and "." in where.strip(".") and address.split() == [address]):
        raise NotAnInvoiceEmail


def gaps_in(part: object, names: tuple[str, ...], path: str = "") -> list[str]:
    """Return those of the fields `names` of `part` that are empty, with `path` before them."""
    values = [(name, getattr(part, name)) for name in names]
    return [
        path + name
        for name, value in values
        if not (value.strip() if isinstance(value, str) else value)
    ]
