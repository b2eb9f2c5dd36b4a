"""Changing an order after it was submitted: asked for by one side, agreed to by the other.

One way for all of it: the buyer amends, the business manager asks for another quantity, the project
manager for another firmware. What `agreeing.TABLE` leaves free happens at once. The order keeps its
number; what was ordered is frozen anew, as the next revision (I2).
"""

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from services.ordering.domain import errors
from services.ordering.domain.agreeing import (
    OF_LINES,
    PROPOSED_BY,
    TABLE,
    can_change,
    who_agrees,
)
from services.ordering.domain.amendment import (
    Change,
    Changed,
    Effect,
    Field,
    Meaning,
    Proposal,
    changed_form,
    changed_lines,
    differences,
)
from services.ordering.domain.chart import Act
from services.ordering.domain.events import (
    OrderAmended,
    OrderAmendmentDeclined,
    OrderAmendmentProposed,
    OrderRevised,
    OrderShippingStopped,
)
from services.ordering.domain.form import InvoiceType, insist_to_come
from services.ordering.domain.gates import Gate
from services.ordering.domain.line import OrderLine
from services.ordering.domain.line_service import ServicePrice
from services.ordering.domain.order import Order
from services.ordering.domain.profiles import profile_of
from services.ordering.domain.purchase_order import Snapshot
from services.ordering.domain.rules import MOST_UNITS, Caps
from services.ordering.domain.service_offer import insist_enough
from services.ordering.domain.words import Party, State
from shared.clock import now
from shared.money import Money


class Outcome(NamedTuple):
    """What a change meant, and what is ordered now if it happened."""

    meaning: Meaning
    snapshot: Snapshot | None


PRICED = frozenset({Field.QUANTITY, Field.SERVICES})
"""What other prices may be agreed on for."""

ADDRESS = "form.delivery_address"
"""How differences call where goods go."""

SIGNED_ALREADY = frozenset(State) - {State.DRAFT, State.INTENTION, State.CONFIRMED}


def propose(
    order: Order,
    *,
    by: str,
    party: Party,
    changes: Iterable[Change],
    service_prices: Iterable[ServicePrice] = (),
    reason: str,
    validity: timedelta,
    caps: Caps | None = None,
) -> Outcome:
    """Ask for `changes`; what needs nobody else's word happens at once.

    A line takes no more units than `caps` allow one when it is ordered.
    """
    order.insist(Act.AMEND)
    _insist_nothing_proposed(order)
    priced = _services_priced(order, tuple(changes), party, service_prices)
    proposal = Proposal(
        by=by, party=party, reason=reason, since=now(), changes=priced, agreed=(party,)
    )
    allowed = PROPOSED_BY.get(party, frozenset(Field))
    for change in proposal.changes:
        if change.field not in allowed:
            raise errors.NotYoursToPropose(field=change.field.value, party=party.value)
    if not proposal.changes:
        raise errors.NothingToChange
    most = (caps or {}).get(order.purpose, MOST_UNITS)
    _insist_sensible(order, proposal.changes, most)
    return _settle(order, proposal, validity=validity)


def agree(
    order: Order,
    *,
    by: str,
    party: Party,
    prices: Mapping[int, tuple[Money, str]] | None = None,
    service_prices: Iterable[ServicePrice] = (),
    validity: timedelta,
) -> Outcome:
    """Agree for `party`; the last who has to makes it happen. `prices` by line, with a reason."""
    order.insist(Act.AMEND)
    proposal = _proposed(order)
    for change in proposal.changes:
        _insist_allowed(order, change.field)
    if party not in awaited(order, proposal):
        raise errors.NotYoursToAgree(order=order.order_no, party=party.value)
    changes = _priced(order, proposal.changes, party, prices or {})
    changes = _services_priced(order, changes, party, service_prices)
    if party is Party.BUSINESS_MANAGER and order.price_confirmed_by:
        order.price_confirmed_by = by
    agreed = (*proposal.agreed, party)
    return _settle(order, replace(proposal, changes=changes, agreed=agreed), validity=validity)


def decline(order: Order, *, party: Party, reason: str) -> None:
    """Take it back or turn it down: the order stays as it was."""
    order.insist(Act.AMEND)
    proposal = _proposed(order)
    waiting = awaited(order, proposal)
    if waiting and party not in {proposal.party, *waiting, *proposal.agreed}:
        raise errors.NotYoursToAgree(order=order.order_no, party=party.value)
    order.proposal = None
    order.record(OrderAmendmentDeclined(order=order.name, order_no=order.order_no, reason=reason))
    order.advance()


def awaited(order: Order, proposal: Proposal) -> list[Party]:
    """Return who has yet to agree, in the order they are asked."""
    rules = [TABLE[each.field].get(order.state) for each in proposal.changes]
    needed = who_agrees([rule for rule in rules if rule], proposal.party)
    return [party for party in Party if party in needed and party not in proposal.agreed]


def effect(order: Order, changes: Collection[Change]) -> Effect:
    """Return what `changes` do to money; nothing is changed by asking."""
    before, settled = order.total, order.settled
    assert before is not None
    assert settled is not None
    zero = Money(order.currency, Decimal(0))
    lines = changed_lines(order.lines, changes)
    after = Money.total([zero, *(line.total for line in lines)])
    percent = order.terms.deposit_percent if order.terms else 0
    return Effect(
        total_before=before,
        total_after=after,
        deposit_before=before.percent(percent) if percent else None,
        deposit_after=after.percent(percent) if percent else None,
        settled=settled,
    )


def meaning(order: Order, proposal: Proposal) -> Meaning:
    """Return what a change means for the order as it is; nothing is changed by asking."""
    rules = [TABLE[each.field].get(order.state) for each in proposal.changes]
    lines = changed_lines(order.lines, proposal.changes)
    priced = {each.line_no for each in proposal.changes if each.field in PRICED}
    return Meaning(
        proposal=proposal,
        changes=differences(order, lines, changed_form(order.form, proposal.changes)),
        awaits=tuple(awaited(order, proposal)),
        effect=effect(order, proposal.changes),
        addendum=all(rule.addendum for rule in rules if rule),
        to_be_signed=order.state is not State.INTENTION and profile_of(order).has_contract,
        lines=tuple(line for line in lines if line.line_no in priced),
    )


def _settle(order: Order, proposal: Proposal, *, validity: timedelta) -> Outcome:
    """Have the change happen if all agreed, else ask who did not."""
    for change in proposal.changes:
        _insist_allowed(order, change.field)
    meant = meaning(order, proposal)
    _insist_possible(order, proposal.changes, meant)
    order.proposal = proposal
    if meant.awaits:
        order.record(
            OrderAmendmentProposed(
                order=order.name,
                order_no=order.order_no,
                awaits=meant.awaits,
                changes=meant.changes,
                reason=proposal.reason,
            )
        )
        order.advance()
        return Outcome(meant, None)
    return Outcome(meant, _apply(order, meant, validity))


def _apply(order: Order, meant: Meaning, validity: timedelta) -> Snapshot:
    proposal, found = meant.proposal, meant.changes
    order.proposal = None
    lines = changed_lines(order.lines, proposal.changes)
    _take_longer(order, lines)
    order.lines = lines
    order.form = changed_form(order.form, proposal.changes)
    order.settle_total()
    if not order.production_cleared:
        order.count_money()
    if order.form.invoice_title and order.gates.invoice is Gate.NOT_REQUIRED:
        order.gates = order.gates.wanting_invoice()
    order.revision += 1
    fields = {change.field for change in proposal.changes}
    if order.state is State.INTENTION:
        _review_again(order, fields)
        snapshot = order.freeze(by=proposal.by, reason=proposal.reason)
        order.record(_told(OrderRevised, order, found, proposal.reason))
    else:
        _sign_again(order, addendum=meant.addendum, validity=validity)
        snapshot = order.freeze(by=proposal.by, reason=proposal.reason)
        order.record(
            _told(
                OrderAmended,
                order,
                found,
                proposal.reason,
                amendment=order.amendment,
                price_confirmed_by=order.price_confirmed_by,
                addendum_suffices=meant.addendum,
            )
        )
    if any(each.field == ADDRESS for each in found):
        _stop_shipping(order)
    order.advance()
    return snapshot


def _stop_shipping(order: Order) -> None:
    """What may leave for one address may not for another: that is cleared anew."""
    if order.shipping_cleared:
        order.shipping_cleared = False
        order.record(OrderShippingStopped(order=order.name, order_no=order.order_no))


def _take_longer(order: Order, lines: Iterable[OrderLine]) -> None:
    """Production has the days more, or fewer, that services take which came, or went."""
    before, after = (_added_days(each) for each in (order.lines, lines))
    if order.terms and before != after:
        days = order.terms.lead_time_days + after - before
        order.terms = replace(order.terms, lead_time_days=max(days, 0))


def _added_days(lines: Iterable[OrderLine]) -> int:
    return max((line.lead_time - line.lead_time_days for line in lines), default=0)


def _told(
    kind: type[OrderRevised], order: Order, found: tuple[Changed, ...], reason: str, **more: Any
) -> OrderRevised:
    return kind(
        order=order.name,
        order_no=order.order_no,
        changes=found,
        purchase_order=order.purchase_order(),
        reason=reason,
        **more,
    )


def _review_again(order: Order, fields: Set[Field]) -> None:
    """What somebody confirmed before it changed, they confirm again."""
    if not fields.isdisjoint({*PRICED, Field.LINE_REMOVED}):
        order.gates = order.gates.again("price")
    if Field.FIRMWARE in fields:
        order.gates = order.gates.again("software")


def _sign_again(order: Order, *, addendum: bool, validity: timedelta) -> None:
    """What is signed follows, with new time to sign."""
    order.amendment += 1
    if profile_of(order).has_contract:
        _renew_contract(order, addendum=addendum, validity=validity)


def _renew_contract(order: Order, *, addendum: bool, validity: timedelta) -> None:
    assert order.terms is not None
    until = max(order.terms.valid_until, now() + validity)
    order.terms = replace(order.terms, valid_until=until)
    order.buyer_signed = False
    if order.state in SIGNED_ALREADY and addendum:
        order.addendum_open = True
    else:
        order.addendum_open = False
        order.gates = order.gates.again("contract")
        order.expires_at = None if order.settled_amount else until


def _insist_allowed(order: Order, field: Field) -> None:
    if not can_change(field, order.state, cleared=order.production_cleared):
        raise errors.CannotBeAmended(
            order=order.order_no,
            state=profile_of(order).called(order.state),
            field=field.value,
            possible=profile_of(order).named(TABLE[field]),
        )


def _insist_possible(order: Order, changes: Collection[Change], meant: Meaning) -> None:
    if not meant.changes:
        raise errors.NothingChanges(order=order.order_no)
    lines = changed_lines(order.lines, changes)
    if not lines:
        raise errors.NothingWouldBeLeft(order=order.order_no)
    _insist_not_made(order, changes)
    for line in lines:
        for service in line.services:
            insist_enough(line, service)
    change = meant.effect
    if change.total_after.amount < change.settled.amount:
        raise errors.PaidMoreThanThat(
            order=order.order_no, settled=change.settled, total=change.total_after
        )
    _insist_not_invoiced(order, change)
    if Field.INVOICE_TITLE in {each.field for each in changes}:
        if order.invoice_requested or order.gates.invoice is Gate.PASSED:
            raise errors.InvoiceUnderWay(order=order.order_no)
        title = changed_form(order.form, changes).invoice_title
        was = order.form.invoice_title
        special = title is not None and title.type is InvoiceType.SPECIAL_VAT
        was_special = was is not None and was.type is InvoiceType.SPECIAL_VAT
        if special and not was_special and order.settled_amount:
            raise errors.InvoiceTypeIsFixed(order=order.order_no, settled=order.settled)


def _insist_not_invoiced(order: Order, change: Effect) -> None:
    """Refuse another sum than an invoice was issued over: what is signed is what is invoiced (I5).

    One that is only asked for follows the order.
    """
    if order.gates.invoice is Gate.PASSED and change.total_after != change.total_before:
        raise errors.InvoicedAlready(
            order=order.order_no, invoiced=change.total_before, total=change.total_after
        )


def _insist_not_made(order: Order, changes: Collection[Change]) -> None:
    """Refuse less than there is already (I6); facts may be heard before those they follow from."""
    for change in changes:
        if change.field in {Field.QUANTITY, Field.LINE_REMOVED}:
            line = order.line(change.line_no)
            units = max(line.finished_quantity, line.shipped_quantity)
            if change.quantity < units:
                raise errors.MadeAlready(order=order.order_no, line_no=line.line_no, units=units)


def _insist_sensible(order: Order, changes: Collection[Change], most: int) -> None:
    """Refuse what could never be, whatever the state; a line takes `most` units."""
    touched = [(change.field, change.line_no) for change in changes]
    if len(set(touched)) < len(touched):
        raise errors.ChangedTwice(order=order.order_no)
    for change in changes:
        if change.field in OF_LINES:
            line = order.line(change.line_no)
            _insist_quantity(order, line, change, most)
        if change.price is not None:
            price = Money(order.currency, change.price)
            line.insist_price(price, change.price_reason, listed=change.list_price)
        if change.field is Field.DELIVERY_DATE:
            insist_to_come(change.delivery_date, field="delivery_date")
        if change.field is Field.DELIVERY_ADDRESS and not profile_of(order).is_shipped:
            raise errors.NothingIsShipped(order=order.order_no)
    form = changed_form(order.form, changes)
    form.insist_short()
    form.insist_complete(shipped=profile_of(order).is_shipped)


def _insist_quantity(order: Order, line: OrderLine, change: Change, most: int) -> None:
    if change.field is not Field.QUANTITY:
        return
    facts = {"pid": line.pid, "quantity": change.quantity}
    if not 1 <= change.quantity <= MOST_UNITS:
        raise errors.BadQuantity(**facts)
    if change.quantity > max(most, line.quantity):
        raise errors.QuantityAboveLimit(**facts, limit=most, purpose=order.purpose.value)


def _priced(
    order: Order,
    changes: tuple[Change, ...],
    party: Party,
    prices: Mapping[int, tuple[Money, str]],
) -> tuple[Change, ...]:
    """Return the changes with the prices the business manager agrees to."""
    _insist_theirs_to_price(party, prices)
    wanted = {each.line_no: each for each in changes if each.field is Field.QUANTITY}
    for line_no, (price, reason) in prices.items():
        if line_no not in wanted:
            raise errors.LineNotAmended(order=order.order_no, line_no=line_no)
        order.line(line_no).insist_price(price, reason, listed=wanted[line_no].list_price)
    return tuple(
        replace(each, price=prices[each.line_no][0].amount, price_reason=prices[each.line_no][1])
        if each.field is Field.QUANTITY and each.line_no in prices
        else each
        for each in changes
    )


def _services_priced(
    order: Order, changes: tuple[Change, ...], party: Party, prices: Iterable[ServicePrice]
) -> tuple[Change, ...]:
    """Return the changes with the prices of services the business manager wants."""
    prices = tuple(prices)
    _insist_theirs_to_price(party, prices)
    by_line: dict[int, list[ServicePrice]] = {}
    for price in prices:
        by_line.setdefault(price.line_no, []).append(price)
    found = []
    for each in changes:
        agreed = tuple(by_line.pop(each.line_no, ())) if each.field in PRICED else ()
        found.append(replace(each, service_prices=agreed) if agreed else each)
    for line_no in by_line:
        raise errors.LineNotAmended(order=order.order_no, line_no=line_no)
    return tuple(found)


def _insist_theirs_to_price(party: Party, prices: Collection[object]) -> None:
    if prices and party is not Party.BUSINESS_MANAGER:
        raise errors.NotYoursToPropose(field="the price", party=party.value)


def _proposed(order: Order) -> Proposal:
    if order.proposal is None:
        raise errors.NothingProposed(order=order.order_no)
    return order.proposal


def _insist_nothing_proposed(order: Order) -> None:
    if order.proposal is not None:
        raise errors.ProposedAlready(order=order.order_no)
