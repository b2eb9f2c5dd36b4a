"""An address as it is filled in, on whichever page, and the countries there are to choose from."""

from babel import Locale
from millrun.ordering.v1.order_pb2 import Address

from shared.web.form import Form
from shared.web.text import language

FIELDS = ("recipient", "street", "city", "region", "postal_code", "country_code")
"""All but the telephone number: forms with two of these call each otherwise."""


def address_in(form: Form, phone: str = "phone") -> Address:
    """Return the address that was filled in; `phone` is what its telephone number is called."""
    return Address(**{field: form[field] for field in FIELDS}, phone=form[phone])


def countries() -> list[tuple[str, str]]:
    """Return the countries by code, under their names in the reader's language."""
    named = Locale(language.get()).territories
    found = [(code, name) for code, name in named.items() if len(code) == 2 and code.isalpha()]
    return sorted(found, key=lambda country: country[1])
