"""Every act is refused in every state the chart does not allow it in (requirements §4)."""

from collections.abc import Callable

import pytest

from services.ordering.domain import amending, draft, ending, life, review
from services.ordering.domain.chart import ALLOWED, STEPS, Act
from services.ordering.domain.errors import OrderCannotBe
from services.ordering.domain.order import Order
from services.ordering.domain.words import CLOSED, Party, State
from services.ordering.tests.builders import (
    BM,
    BUYER,
    CAPS,
    LAMP,
    PLUG,
    USUAL,
    an_assortment,
    an_offer,
    an_order,
    confirm_price,
    confirm_software,
    pay,
    submit,
)
from services.ordering.tests.changes import PERCENTAGES, amend, ask_to_cancel, propose, to_address

FAN = "enterprises/acme/products/fan3"


def _add(order: Order) -> None:
    offers = an_assortment(*map(an_offer, (PLUG, LAMP, FAN)))
    wanted = draft.Wanted(product=FAN, quantity=100)
    draft.add_line(order, wanted, assortment=offers, caps=CAPS)


def _change(order: Order) -> None:
    draft.change_line(order, line_no=1, quantity=200, assortment=an_assortment(), caps=CAPS)


def _expire(order: Order) -> None:
    assert order.expires_at
    life.expire(order, at=order.expires_at)


def _release(order: Order) -> None:
    life.hold(order, by=BM, reason="Wait.")
    life.release(order, reason="Go on.")


def _release_unheld(order: Order) -> None:
    life.release(order, reason="Go on.")


def _agree(order: Order) -> None:
    if Act.AMEND in ALLOWED[order.state]:
        propose(order, to_address(street="Nebenstrasse 2"))
    amending.agree(order, by=BUYER, party=Party.BUYER, validity=USUAL.validity)


def _decline_cancellation(order: Order) -> None:
    _ask_if_possible(order)
    ending.decline(order, reason="Too late.")


def _accept_cancellation(order: Order) -> None:
    _ask_if_possible(order)
    ending.accept(order, percentages=PERCENTAGES)


def _ask_if_possible(order: Order) -> None:
    if Act.REQUEST_CANCELLATION in ALLOWED[order.state]:
        _ask(order)


def _ask(order: Order) -> None:
    if order.state is State.CONFIRMED:
        pay(order)  # Else its buyer cancels it.
    ask_to_cancel(order)


DOING: dict[Act, tuple[Callable[[Order], object], ...]] = {
    Act.CHANGE: (_add, _change, lambda order: draft.remove_line(order, line_no=1)),
    Act.SUBMIT: (submit,),
    Act.CONFIRM_PRICE: (confirm_price,),
    Act.CONFIRM_SOFTWARE: (confirm_software,),
    Act.REJECT: (lambda order: review.reject(order, by=BM, reason="Not made any more."),),
    Act.REPLACE: (lambda order: life.replace(order, order_no="MR-2026-000124", buyer=BUYER),),
    Act.CANCEL: (lambda order: life.cancel(order, reason="A mistake."),),
    Act.HOLD: (lambda order: life.hold(order, by=BM, reason="Wait."),),
    Act.RELEASE: (_release,),
    Act.EXPIRE: (_expire,),
    Act.AMEND: (lambda order: amend(order, to_address(street="Nebenstrasse 2")), _agree),
    Act.REQUEST_CANCELLATION: (_ask,),
    Act.DECIDE_CANCELLATION: (_decline_cancellation, _accept_cancellation),
}
WRONG = [
    (act, doing, state)
    for act, doings in (DOING | {Act.RELEASE: (_release_unheld,)}).items()
    for doing in doings
    for state in State
    if act not in ALLOWED[state]
]
RIGHT = [
    (doing, state)
    for act, doings in DOING.items()
    for doing in doings
    for state in State
    if act in ALLOWED[state]
]


def _spoken(value: object) -> str:
    return value.name if isinstance(value, Act | State) else ""


@pytest.mark.parametrize(("act", "doing", "state"), WRONG, ids=_spoken)
def test_what_the_chart_does_not_allow_is_refused(
    act: Act, doing: Callable[[Order], object], state: State
) -> None:
    order = an_order(state)
    as_it_was = dict(vars(order))
    # Whatever else could be wrong, the state is what the refusal is about.
    if act is Act.EXPIRE:
        doing = lambda it: life.expire(it, at=it.updated_at)  # noqa: E731

    with pytest.raises(OrderCannotBe) as refused:
        doing(order)

    assert refused.value.reason == "ORDER_CANNOT_BE"
    assert refused.value.facts["state"] == state.value
    assert refused.value.facts["wanted"] == act.value
    assert vars(order) == as_it_was
    assert order.release_events() == []


@pytest.mark.parametrize(("doing", "state"), RIGHT, ids=_spoken)
def test_what_the_chart_allows_is_done(doing: Callable[[Order], object], state: State) -> None:
    doing(an_order(state))


def test_the_chart_knows_every_state_and_every_act() -> None:
    assert set(ALLOWED) == set(State)
    assert set().union(*ALLOWED.values()) == set(Act) == set(DOING)


def test_nothing_can_be_done_to_a_closed_order() -> None:
    assert {state for state, acts in ALLOWED.items() if not acts} == CLOSED


def test_the_way_of_an_order_is_the_order_of_its_states() -> None:
    states = list(State)
    way = [step for step, _ in STEPS]
    assert way == [state for state in states if state in way]
