"""An address as it is filled in, on whichever page, and the countries there are to choose from."""

from unicodedata import combining, normalize

from babel import Locale
from millrun.ordering.v1.order_pb2 import Address

from shared.web.form import Form
from shared.web.text import language

FIELDS = ("recipient", "street", "city", "region", "postal_code", "country_code")
"""All but the telephone number: forms with two of these call each otherwise."""


NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
"""What the names of territories know besides: unions, parts of countries, and none at all."""


def address_in(form: Form, phone: str = "phone") -> Address:
    """Return the address that was filled in; `phone` is what its telephone number is called."""
    return Address(**{field: form[field] for field in FIELDS}, phone=form[phone])


def countries() -> list[tuple[str, str]]:
    """Return the countries by code, under their names in the reader's language."""
    named = Locale(language.get()).territories
    found = [(code, name) for code, name in named.items() if _is_country(code)]
    return sorted(found, key=lambda country: _as_sorted(country[1]))


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES


def _as_sorted(name: str) -> bytes:
    """Return what a name is sorted by: accents count for nothing, Chinese signs as in pinyin."""
    plain = "".join(sign for sign in normalize("NFD", name) if not combining(sign))
    return plain.casefold().encode("gb18030")  # Usual signs stand there as they are spoken.
