"""Filling and submitting an order."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy.orm import Session

from services.ordering.domain import draft
from services.ordering.domain.draft import Wanted
from services.ordering.domain.duplicates import insist_meant
from services.ordering.domain.errors import NotYourSpace
from services.ordering.domain.form import OrderForm
from services.ordering.domain.offer import Assortment
from services.ordering.domain.order import Order
from services.ordering.domain.words import Family, Purpose
from services.ordering.settings import ours
from services.ordering.store import Orders, duplicates_of, insist_none_alike, knowing
from shared.caller import Caller
from shared.money import Money
from shared.names import parse
from shared.storage import is_begun_again


def create_order(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    purpose: Purpose,
    family: Family,
    form: OrderForm,
    wanted: Iterable[Wanted],
    assortment: Assortment,
) -> Order:
    """Begin an order in the caller's own space (transition 1)."""
    (enterprise,) = parse("enterprises/*", parent)
    if enterprise != caller.enterprise:
        raise NotYourSpace(enterprise=enterprise)
    order = draft.create(
        enterprise=enterprise,
        order_no=Orders(tx).next_number(),
        purpose=purpose,
        family=family,
        buyer=caller.account,
        form=form,
        wanted=wanted,
        assortment=knowing(tx, assortment, enterprise),
        caps=ours(tx).caps,
        license_contract=ours(tx).license_contract,
    )
    Orders(tx).add(order)
    return order


def add_order_line(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    wanted: Wanted,
    etag: str,
    assortment: Assortment,
) -> Order:
    """Add a product, with services on top, or licences for one (transition 2)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    known = knowing(tx, assortment, order.enterprise)
    draft.add_line(order, wanted, assortment=known, caps=ours(tx).caps)
    return order


def change_order_line(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    line_no: int,
    quantity: int,
    etag: str,
    assortment: Assortment,
) -> Order:
    """Change how many of a product are ordered (transition 2)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    known = knowing(tx, assortment, order.enterprise)
    draft.change_line(
        order, line_no=line_no, quantity=quantity, assortment=known, caps=ours(tx).caps
    )
    return order


def change_order_line_services(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    line_no: int,
    services: Sequence[str],
    etag: str,
    assortment: Assortment,
) -> Order:
    """Say which services a line has on top (transition 2)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    known = knowing(tx, assortment, order.enterprise)
    draft.change_services(
        order, line_no=line_no, services=services, assortment=known, caps=ours(tx).caps
    )
    return order


def remove_order_line(tx: Session, *, name: str, caller: Caller, line_no: int, etag: str) -> Order:
    """Take a product out (transition 2)."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    draft.remove_line(order, line_no=line_no)
    return order


def save_order_form(tx: Session, *, name: str, caller: Caller, form: OrderForm, etag: str) -> Order:
    """Keep what was filled in so far."""
    order = Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    draft.save_form(order, form)
    return order


def submit_order(
    tx: Session,
    *,
    name: str,
    caller: Caller,
    seen: Order | None,
    form: OrderForm | None,
    etag: str,
    acknowledged: Collection[str] = (),
    expected: Money | None = None,
    assortment: Assortment,
) -> Order:
    """Make it a purchase intention and freeze what was ordered (transition 3).

    `seen` is the order as it was when the other services were asked: nothing is read twice.
    """
    settings = ours(tx)
    order = Orders(tx).resume(seen, caller) if seen else Orders(tx).of(name, caller)
    order.insist_unchanged(etag)
    snapshot = draft.submit(
        order,
        form=form,
        buyer=caller.account,
        assortment=knowing(tx, assortment, order.enterprise),
        caps=settings.caps,
        patience=settings.patience,
        expected=expected,
    )
    if is_begun_again(tx):
        alike = duplicates_of(tx, order, order.form, settings.likeness)
        insist_meant(order.order_no, alike, acknowledged)
    insist_none_alike(tx, order, order.form, settings.likeness, acknowledged)
    Orders(tx).freeze(snapshot)
    return order
