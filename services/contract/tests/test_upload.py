"""Whether an uploaded copy is the contract to be signed: right one, right version, unaltered."""

import json
from dataclasses import replace

import pytest

from services.contract.domain import alteration, errors
from services.contract.domain.alteration import Alteration
from services.contract.domain.amending import amend
from services.contract.domain.signature import Method
from services.contract.domain.upload import Copy, Found, Kind, Signed, code_of, judge, recognised
from services.contract.tests.builders import DIGEST, a_contract, agreed

SOUND, BROKEN = Signed(subject="B. Uyer", sound=True), Signed(subject="B. Uyer", sound=False)


def codes(contract, number=1):
    edition = contract.numbered(number)
    return [(code_of(edition, contract.contract_no, last=last),) for last in (False, True)]


def a_scan(pages, kind=Kind.SCAN):
    return Copy(Found(kind=kind, media_type="image/png", pages=len(pages), codes=tuple(pages)))


def sealed_copy(*signed, changed=(), number=1):
    found = Found(
        kind=Kind.PDF,
        media_type="application/pdf",
        pages=2,
        codes=((), ()),
        signed=signed,
        changed=changed,
    )
    return Copy(found, number)


def amended():
    contract = a_contract()
    amend(contract, agreed(quantity=1200), addendum_suffices=False)
    contract.attach_document(DIGEST)
    return contract


def test_a_scan_of_all_pages_is_taken_and_so_is_the_last_page_alone():
    contract = a_contract()

    assert judge(contract, a_scan(codes(contract))) == (Method.SCAN, "")
    assert judge(contract, a_scan([*codes(contract), ()])) == (Method.SCAN, "")
    assert judge(contract, a_scan(codes(contract)[1:])) == (Method.SCAN, "")


def test_pages_are_counted_by_what_could_be_recognised():
    contract = a_contract()
    scan = a_scan([*codes(contract), (), ("https://example.com",)])

    assert recognised(scan.found) == 2


def test_a_scan_without_the_page_with_the_signatures_is_refused():
    contract = a_contract()

    with pytest.raises(errors.SignaturePageMissing):
        judge(contract, a_scan(codes(contract)[:1]))


@pytest.mark.parametrize("pages", [[()], [("https://example.com",)], [("MILLRUN:x",)]])
def test_a_scan_without_our_code_is_refused(pages):
    with pytest.raises(errors.NoCodeFound):
        judge(a_contract(), a_scan(pages))


def test_a_page_of_another_contract_is_refused():
    other = a_contract()
    other.contract_no = "MC-2026-000999"
    contract = a_contract()

    with pytest.raises(errors.AnotherContract, match="MC-2026-000999, and not of MC-2026-000001"):
        judge(contract, a_scan([*codes(contract), *codes(other)[:1]]))


@pytest.mark.parametrize("forged", ["digest", "number"])
def test_a_code_that_is_not_ours_is_refused(forged):
    contract = a_contract()
    (code,) = codes(contract)[1]
    one, other = ("/1/", "/7/") if forged == "number" else (code[-66:-2], "F" * 64)

    with pytest.raises(errors.CodeForged):
        judge(contract, a_scan([(code.replace(one, other),)]))


def test_a_stale_scan_is_refused_and_says_what_changed():
    contract = amended()

    with pytest.raises(errors.StaleCopy) as refused:
        judge(contract, a_scan(codes(contract, 1)))
    assert "This is version 1, but contract MC-2026-000001 is version 2" in str(refused.value)
    assert "goods, line 1, quantity: 1,000 → 1,200" in str(refused.value)
    rows = json.loads(refused.value.facts["differences"])
    quantity = {"clause": "goods", "line_no": 1, "field": "quantity"}
    assert {**quantity, "before": "1,000", "after": "1,200"} in rows
    assert int(refused.value.facts["differences_count"]) >= len(rows)


def test_a_stale_digital_copy_is_refused_like_a_scan():
    with pytest.raises(errors.StaleCopy, match="1,000 → 1,200"):
        judge(amended(), sealed_copy(SOUND, number=1))


def test_the_sealed_document_with_a_signature_is_taken_and_names_its_certificate():
    assert judge(a_contract(), sealed_copy(SOUND)) == (Method.DIGITAL, "B. Uyer")


def test_the_sealed_document_without_a_signature_is_refused():
    with pytest.raises(errors.NotSigned):
        judge(a_contract(), sealed_copy())


def test_a_broken_signature_is_refused():
    with pytest.raises(errors.SignatureBroken, match=r"B\. Uyer"):
        judge(a_contract(), sealed_copy(SOUND, BROKEN))


def test_whatever_else_was_added_to_the_sealed_document_is_refused():
    added = tuple(Alteration(alteration.Kind.PAGE_ADDED, page) for page in range(3, 11))
    with pytest.raises(
        errors.ChangedAfterSealing, match=r"page 3 was added; .*; and 4 more"
    ) as why:
        judge(a_contract(), sealed_copy(SOUND, changed=added))
    told = json.loads(why.value.facts["alterations"])
    assert (told[0]["kind"], told[0]["page"]) == ("PAGE_ADDED", 3)
    assert (len(told), why.value.facts["alterations_count"]) == (4, "8")


def test_a_pdf_that_was_made_anew_is_refused_even_with_the_right_codes():
    contract = a_contract()

    anew = a_scan(codes(contract), kind=Kind.PDF)
    found = replace(anew.found, changed=(Alteration(alteration.Kind.SAVED_ANEW),))
    with pytest.raises(errors.NotTheSealedDocument, match="saved it anew") as why:
        judge(contract, Copy(found))
    assert json.loads(why.value.facts["alterations"])[0]["kind"] == "SAVED_ANEW"
