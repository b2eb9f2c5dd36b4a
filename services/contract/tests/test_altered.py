"""What a buyer uploads is the contract as it was sealed, and a signature: nothing else (§6.3)."""

import inspect
import re

import pytest
from millrun.contract.v1 import signing_pb2 as signing
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel
from pyhanko.sign.diff_analysis.rules import (
    file_structure_rules,
    form_field_rules,
    metadata_rules,
)

from services.contract.domain.alteration import Alteration, Kind, reworded
from services.contract.tests import altering
from services.contract.tests.papers import signed_digitally, signer
from shared.errors import Malformed
from shared.web import altered

NOT_OURS = "the vendor's seal was taken off"

ALTERED = {
    "drawn over": (altering.drawn_over, "page 1 shows something else than was sealed"),
    "twice": (
        lambda pdf: altering.with_a_page(altering.annotated(pdf)),
        "a note, a mark or a field .* stands on page 1; page 3 was added",
    ),
    "a page taken out": (altering.without_a_page, "page 1 of the sealed document is missing"),
    "drawn anew": (altering.drawn_anew, "page 1 shows something else than .*; page 2 shows"),
    "renamed": (altering.titled, "something that no page shows was changed or added"),
}
AFTERWARDS = ("drawn over", "twice")


@pytest.fixture
def ready(office):
    office.generate()
    return office


@pytest.fixture
def who(tmp_path):
    return signer(tmp_path / "b", "B. Uyer")


def insist_refused(office, copy, why):
    with pytest.raises(Malformed, match=why):
        office.upload(copy)
    assert office.contract().state == signing.Contract.GENERATED


@pytest.mark.parametrize(("alter", "what"), ALTERED.values(), ids=ALTERED)
def test_what_was_altered_before_it_was_signed_is_refused(ready, who, alter, what):
    copy = signed_digitally(alter(ready.document()), who)

    insist_refused(ready, copy, f"was changed in more than a signature: {what}")


@pytest.mark.parametrize("how", AFTERWARDS)
def test_what_was_altered_after_it_was_signed_is_refused(ready, who, how):
    alter, what = ALTERED[how]
    copy = alter(signed_digitally(ready.document(), who))

    insist_refused(ready, copy, f"was changed in more than a signature: {what}")


def test_what_was_rewritten_and_saved_anew_is_told_word_by_word(ready):
    cheaper = altering.rewritten(ready.document(), "12,250.00 CNY", "1.00 CNY")

    insist_refused(
        ready,
        cheaper,
        "nor the document of contract .* as it was sealed: page 1 reads “[^”]*” where “[^”]*12,250"
        ".00 CNY” was sealed; page 1 reads “1.00 CNY”, which was not sealed",
    )


def test_a_program_that_saves_it_anew_loses_the_seal_and_the_refusal_says_so(ready, who):
    anew = altering.saved_anew(ready.document())

    insist_refused(ready, anew, "it reads the same, but a program saved it anew")
    insist_refused(ready, signed_digitally(anew, who), "a program saved it anew")


def test_a_page_more_in_what_was_saved_anew_is_told_by_what_it_says():
    told = reworded((), [["a", "b"], ["c"]], [["a", "b"], ["new"], ["c"]])
    assert told == (Alteration(Kind.TEXT_ADDED, 2, after="new"),)
    told = reworded((), [["a", "b"], ["c"]], [["a", "b"]])
    assert told == (Alteration(Kind.TEXT_REMOVED, 2, before="c"),)


def test_what_reads_otherwise_is_told_instead_of_that_it_looks_otherwise():
    looks = [Alteration(Kind.PAGE_CHANGED, 1), Alteration(Kind.PAGE_CHANGED, 2)]
    told = reworded(looks, [["a", "12.25"], ["c"]], [["a", "1.00"], ["c"]])
    assert told == (
        Alteration(Kind.TEXT_CHANGED, 1, "12.25", "1.00"),
        Alteration(Kind.PAGE_CHANGED, 2),
    )


def test_another_document_is_not_told_line_by_line():
    told = reworded((), [[str(number) for number in range(20)]], [["Dear Sir", "1"]])
    assert told == (Alteration(Kind.ANOTHER_DOCUMENT),)
    assert reworded((), [["x" * 200, "b", "c"]], [["y" * 200, "b", "c"]])[0].after == "y" * 29 + "…"


def test_whatever_can_be_done_to_it_has_its_words_on_pages():
    assert set(altered.DONE) == {each.name for each in Kind}


def test_a_byte_changed_in_what_the_buyer_signed_is_refused(ready, who):
    document = ready.document()
    changed = altering.with_a_byte_changed(signed_digitally(document, who), len(document) + 200)

    insist_refused(ready, changed, r"signature of Common Name: B\. Uyer")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_byte_changed_in_what_the_vendor_sealed_is_refused(ready, who, share):
    document = ready.document()
    signed = signed_digitally(document, who)
    changed = altering.with_a_byte_changed(signed, int(len(document) * share))

    insist_refused(ready, changed, "This PDF is no scan, nor the document of contract|damaged")


def test_a_seal_that_was_taken_off_protects_nothing_and_is_missed(ready, who):
    document = ready.document()
    for copy in (
        altering.without_its_seal(altering.drawn_over(document)),
        altering.with_its_seal_renamed(altering.drawn_over(document)),
        altering.sealed_anew(altering.drawn_over(document), who),
    ):
        insist_refused(ready, signed_digitally(copy, who), NOT_OURS)


def test_the_vendors_seal_under_another_name_is_no_signature_of_the_buyers(ready):
    renamed = altering.with_its_seal_renamed(altering.drawn_over(ready.document()))

    insist_refused(ready, renamed, NOT_OURS)


def test_a_seal_that_says_it_ends_where_the_vendors_does_is_not_believed(ready, who):
    document = ready.document()
    forged = altering.pretending(altering.drawn_over(document), who, document)

    insist_refused(ready, forged, NOT_OURS)


def test_the_buyers_own_signature_is_accepted_and_so_is_a_second_one(ready, who, tmp_path):
    signed = signed_digitally(ready.document(), who)
    colleague = signer(tmp_path / "c", "C. Olleague")
    both = signed_digitally(signed, colleague, "Seller")

    done = ready.upload(both, validate_only=True)
    assert done.buyer_signature.certificate_subject == (
        "Common Name: B. Uyer; Common Name: C. Olleague"
    )
    done = ready.upload(signed)
    assert done.state == signing.Contract.BUYER_SIGNED
    assert done.buyer_signature.method == signing.DIGITAL
    assert done.buyer_signature.certificate_subject == "Common Name: B. Uyer"


def test_what_pyhanko_lets_pass_is_never_more_than_a_field_that_is_filled_in():
    """Why nobody looks at the level of a change: it has no rule that would allow annotations."""
    named = [
        level
        for module in (file_structure_rules, form_field_rules, metadata_rules)
        for level in re.findall(r"ModificationLevel\.([A-Z_]+)", inspect.getsource(module))
    ]
    assert {"LTA_UPDATES", "FORM_FILLING"} == {*named}
    policy = DEFAULT_DIFF_POLICY
    assert policy.form_rule
    rules = [getattr(each, "rule", each) for each in policy.global_rules]
    package = file_structure_rules.__name__.rpartition(".")[0]
    for each in (*rules, *policy.form_rule.field_rules):
        assert type(each).__module__.startswith(package), each
    for each in policy.global_rules:
        most = ModificationLevel.FORM_FILLING
        assert getattr(each, "level", most) <= most, each
