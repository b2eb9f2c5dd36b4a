"""What a bank's statement says of a transfer, as it is taken down."""

from datetime import date, timedelta

import pytest

from services.payment.domain import bank
from services.payment.domain.errors import NoValueDate, ValueDateAhead
from shared.clock import now
from shared.texts import TextTooLong


@pytest.mark.parametrize("days", [-4000, -1, 0, bank.MOST_AHEAD])
def test_money_counts_from_a_day_that_is_over_or_near(days: int) -> None:
    day = now().date() + timedelta(days=days)
    assert bank.value_date(day) == day


def test_a_day_far_ahead_is_taken_for_a_typo() -> None:
    with pytest.raises(ValueDateAhead, match="2999-01-01 is more than 10 days ahead") as refused:
        bank.value_date(date(2999, 1, 1))
    assert refused.value.facts["field"] == "value_date"
    with pytest.raises(ValueDateAhead):
        bank.value_date(now().date() + timedelta(days=bank.MOST_AHEAD + 1))


def test_a_booking_without_a_day_is_refused() -> None:
    with pytest.raises(NoValueDate):
        bank.value_date(None)


@pytest.mark.parametrize("typed", ["BK 7", " BK 7\n", "BK \t 7", "\u3000BK\u00a07"])
def test_a_reference_is_shown_without_the_blanks_around_it_and_with_one_within(typed: str) -> None:
    assert bank.reference(typed) == "BK 7"


def test_a_reference_longer_than_any_bank_gives_is_refused() -> None:
    assert bank.reference(" " + "x" * 140) == "x" * 140
    with pytest.raises(TextTooLong, match="bank_reference takes at most 140"):
        bank.reference("x" * 141)
