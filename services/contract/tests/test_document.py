from services.contract.document import facts, render
from services.contract.tests.builders import a_contract
from shared.vendor import Vendor


def test_the_same_contract_always_gives_the_same_bytes():
    first, again = (render(a_contract(), Vendor()) for _ in range(2))

    assert first.startswith(b"%PDF")
    assert first == again


def test_another_price_gives_another_document():
    contract = a_contract()
    dearer = a_contract()
    dearer.total += dearer.deposit

    assert render(contract, Vendor()) != render(dearer, Vendor())


def test_the_document_says_what_is_due_and_what_is_built():
    shown = facts(a_contract(), Vendor())

    assert (shown["deposit"], shown["balance"]) == ("3,675.00 CNY", "8,575.00 CNY")
    assert shown["lines"][0]["unit_price"] == "12.25 CNY"
    assert shown["lines"][0]["firmware"] == "2.4.1"
