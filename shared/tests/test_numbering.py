"""Numbers people know things by sort as text in the order they were given."""

from hypothesis import example, given
from hypothesis import strategies as st

from shared.numbering import LETTERS, MILLION, in_order, numbered

positions = st.integers(1, 200 * MILLION)


@given(positions, positions)
@example(999_999, MILLION)
@example(len(LETTERS) * MILLION + MILLION - 1, len(LETTERS) * MILLION + MILLION)
def test_numbers_sort_as_text_however_many_there_are(one: int, other: int) -> None:
    assert (in_order(one) < in_order(other)) == (one < other)


def test_a_number_says_its_kind_and_year() -> None:
    kind, year, number = numbered("MR", 123).split("-")
    assert (kind, len(year), number) == ("MR", 4, "000123")
