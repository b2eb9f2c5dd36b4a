"""What stands on a transfer leads to its order."""

import pytest

from shared.numbering import numbered
from shared.references import creditor_reference, order_no_of


@pytest.mark.parametrize("position", [1, 999_999, 1_234_567])
@pytest.mark.parametrize("instalment", ["deposit", "balance", "full amount", "ending"])
def test_a_reference_names_its_order_as_banks_print_it(position: int, instalment: str) -> None:
    order_no = numbered("MR", position)
    reference = creditor_reference(order_no, instalment)
    assert order_no_of(reference) == order_no
    assert order_no_of(f" {reference[:4]} {reference[4:8]} {reference[8:].lower()} ") == order_no


@pytest.mark.parametrize("text", ["", "RF", "MR-2026-000123", "RF39MR2026000123D", "RF18 plug"])
def test_what_is_none_or_mistyped_names_no_order(text: str) -> None:
    assert order_no_of(text) is None
