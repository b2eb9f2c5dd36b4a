"""Rules that more than one thing here obeys: texts, addresses, what the caller last saw."""

import re
import unicodedata

from services.authorization.domain.errors import (
    BadEmail,
    BadPhone,
    BadText,
    ChangedSinceRead,
    NotAProductId,
)
from shared.domain import Aggregate

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_PRODUCT_ID = re.compile(r"[a-z0-9]{8,32}")
EMAIL_MOST = 254
TEXT_MOST = 200


def text(field: str, given: str, *, most: int = TEXT_MOST, optional: bool = False) -> str:
    """Return `given` without spaces around it; BadText if it is empty, too long or unprintable."""
    trimmed = given.strip()
    if optional and not trimmed:
        return ""
    if not 1 <= len(trimmed) <= most or any(unicodedata.category(c) == "Cc" for c in trimmed):
        raise BadText(field=field, most=most)
    return trimmed


def email_address(given: str) -> str:
    """Return an address in the one spelling it is kept in: lower case; BadEmail if it is none."""
    address = given.strip().lower()
    if len(address) > EMAIL_MOST or not address.isprintable() or not _EMAIL.fullmatch(address):
        raise BadEmail
    return address


def phone_number(given: str) -> str:
    """Return a number as +8657155550100, or nothing for nothing; BadPhone if it is none."""
    number = re.sub(r"[\s()./-]", "", given)
    if number and not _PHONE.fullmatch(number):
        raise BadPhone(phone=given[:40])
    return number


def product_id(given: str) -> str:
    """Return a PID in the one spelling it has, however it was typed; NotAProductId."""
    pid = unicodedata.normalize("NFKC", given).strip().lower()
    if not _PRODUCT_ID.fullmatch(pid):
        raise NotAProductId(field="product_association.product", product_id=given[:80])
    return pid


def expect(aggregate: Aggregate, etag: str) -> None:
    """Insist that `aggregate` still is as the caller saw it; no etag is no expectation."""
    if etag and etag != aggregate.etag:
        raise ChangedSinceRead(name=aggregate.name)
