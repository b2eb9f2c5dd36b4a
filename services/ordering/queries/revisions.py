"""What was ordered, revision by revision, and the passports of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.ordering.domain.amendment import Changed
from services.ordering.domain.errors import NotYourOrder, OrderNotFound
from services.ordering.domain.order import Order
from services.ordering.passport_keys import public_keys
from services.ordering.queries.differing import amount, differ
from services.ordering.settings import ours
from services.ordering.store import Orders, key_of
from services.ordering.store.snapshots import Frozen, all_frozen, frozen, frozen_as
from shared.caller import Caller
from shared.money import Money
from shared.names import parse
from shared.passport import NotGenuine, digest_of, prove

PASSPORT = "enterprises/*/orders/*/passport"
UNKNOWN = "No passport with this digest was ever signed here."
ANOTHER_DIGEST = "The digest that was sent is not that of the content."
SAYS_OTHERWISE = "The {field} that was sent is not that of what was signed."
KIND = "sha256:"
NOTHING_SENT = "Nothing was sent to be verified: send content and signature, or a digest."


@dataclass(frozen=True, kw_only=True)
class Revised:
    """A revision, and what is different from the one before it."""

    frozen: Frozen
    by: str
    """Who submitted it or asked for the change: `accounts/…`."""

    changes: tuple[Changed, ...]
    total: Money
    deposit: Money | None
    """What was due before production; None while no deposit was agreed on."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """What there is to say about a passport."""

    digest: str = ""
    reason: str = ""
    """Why it is not genuine; empty if it is."""

    key_id: str = ""
    latest: bool = False
    signed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What a passport says beside what was signed; what is empty is not said."""

    order: str = ""
    """`enterprises/…/orders/…`."""

    revision: int | None = None
    key_id: str = ""
    signed_at: datetime | None = None

    def wrong(self, signed: Frozen) -> str:
        """Return the first field that says something else than `signed`; empty if none does."""
        order = f"enterprises/{signed.enterprise}/orders/{signed.order_id}"
        told = {
            "order": self.order in ("", order),
            "revision": self.revision in (None, signed.revision),
            "key_id": self.key_id in ("", signed.key_id),
            "sign_time": self.signed_at in (None, signed.frozen_at),
        }
        return next((field for field, holds in told.items() if not holds), "")


def get_passport(tx: Session, *, name: str, caller: Caller, revision: int | None) -> Frozen:
    """Return a revision of what was ordered, signed; the latest if none is named."""
    parse(PASSPORT, name)
    order = _priced(tx, name.removesuffix("/passport"), caller)
    return frozen(tx, (order.enterprise, order.id), revision, order=order.order_no)


def list_revisions(tx: Session, *, name: str, caller: Caller) -> list[Revised]:
    """Return all revisions of an order, the first one first."""
    order = _priced(tx, name, caller)
    found = all_frozen(tx, (order.enterprise, order.id))
    before = [None, *found]
    return [_revised(earlier, each) for earlier, each in zip(before, found, strict=False)]


def compare_revisions(
    tx: Session, *, name: str, caller: Caller, before: int, after: int
) -> Sequence[Changed]:
    """Return what differs between two revisions of an order."""
    order = _priced(tx, name, caller)
    key = (order.enterprise, order.id)
    first, second = (frozen(tx, key, each, order=order.order_no) for each in (before, after))
    return list(differ(first.content, second.content))


def list_keys(tx: Session) -> list[dict[str, Any]]:
    """Return the public keys passports are proved with."""
    return public_keys(ours(tx).passport_keys)


def verify(
    tx: Session, *, content: bytes, signature: str, digest: str, beside: Beside = Beside()
) -> Issued:
    """Say whether a passport, or what is known by a digest, was signed here.

    What stands `beside` it in the file is not signed itself, and has to be true as well.
    """
    digest = _in_full(digest)
    if not content and not digest:
        return Issued(reason=NOTHING_SENT)
    known = digest_of(content) if content else digest
    if content:
        try:
            prove(content, signature, {"keys": list_keys(tx)})
        except NotGenuine as refused:
            return Issued(digest=known, reason=str(refused))
        if digest not in {"", known}:
            return Issued(digest=known, reason=ANOTHER_DIGEST)
    found = frozen_as(tx, known)
    if found is None:
        return Issued(digest=known, reason=UNKNOWN)
    signed, latest = found
    if wrong := beside.wrong(signed):
        return Issued(digest=known, reason=SAYS_OTHERWISE.format(field=wrong))
    return Issued(digest=known, key_id=signed.key_id, latest=latest, signed_at=signed.frozen_at)


def _in_full(digest: str) -> str:
    """Return a digest as it is kept: people type it as it is printed, or without its kind."""
    typed = digest.strip().lower()
    return f"{KIND}{typed.removeprefix(KIND)}" if typed else ""


def _priced(tx: Session, name: str, caller: Caller) -> Order:
    """Return an order whose prices `caller` may see: a passport has them all."""
    key_of(name)
    order = Orders(tx).read(name)
    if not caller.may_see(order.enterprise):
        raise NotYourOrder(order=order.order_no)
    if order.submitted_at is None:
        raise OrderNotFound(order=name)
    return order


def _revised(earlier: Frozen | None, frozen: Frozen) -> Revised:
    ordered = json.loads(frozen.content)
    total = amount(ordered["total"])
    percent = ordered.get("terms", {}).get("depositPercent", 0)
    return Revised(
        frozen=frozen,
        by=frozen.frozen_by or (ordered["buyer"] if not frozen.revision else ""),
        changes=tuple(differ(earlier.content, frozen.content)) if earlier else (),
        total=total,
        deposit=total.percent(percent) if percent else None,
    )
