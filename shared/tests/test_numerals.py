"""Numbers are read as people write them, and never as another one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.numerals import plain


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_number_reads_the_same_however_its_thousands_are_set_apart(amount: Decimal) -> None:
    for written in (f"{amount}", f"{amount:,}", f"{amount:,}".replace(",", "\u00a0")):
        assert Decimal(plain(written)) == amount


@pytest.mark.parametrize(
    ("written", "read"), [("７００", "700"), ("１，２００．５", "1200.5"), (" 12 000 ", "12000")]
)
def test_wide_digits_and_blanks_are_read(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize("written", ["9,99", "1,00", "1,2,3", "1.000,50", "1,000 000", "12,0000"])
def test_a_comma_that_groups_no_thousands_is_not_left_out(written: str) -> None:
    assert "," in plain(written)
