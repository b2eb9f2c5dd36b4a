"""Codes: made, checked, read from a file, masked, sealed."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from services.fulfillment.domain import codes
from services.fulfillment.domain import license_errors as errors
from services.fulfillment.license_keys import FILES, digest_of, generate, vault
from shared.clock import now
from shared.encryption import NotDecrypted

PLACE = "enterprises/acme/licenseIssues/i1/1"


def test_codes_made_here_are_unlike_each_other_and_check_themselves():
    made = [codes.generate() for _ in range(500)]

    assert len(set(made)) == 500
    assert all(codes.is_genuine(code) and len(code) == 29 for code in made)
    assert codes.is_genuine(made[0].lower().replace("-", ""))


@given(st.integers(0, 23), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_noticed(place, other):
    whole = codes.generate().replace("-", "")
    wrong = whole[:place] + other + whole[place + 1 :]
    assert codes.is_genuine(wrong) == (wrong == whole)


@pytest.mark.parametrize("text", ["", "ABCD", "I" * 24, "0" * 25, "ÄÖÜ0" * 6])
def test_what_was_not_made_here_is_told_apart(text):
    assert not codes.is_genuine(text)


def test_a_masked_code_shows_its_last_four_characters():
    assert codes.masked("ABCD-EFGH-1234") == "…1234"


@pytest.mark.parametrize(
    "content",
    [
        b"KEY-0000-0001\nKEY-0000-0002\n",
        b"\xef\xbb\xbfserial;Code\n1;KEY-0000-0001\n\n2;KEY-0000-0002\n",
        "授权码,备注\nKEY-0000-0001,a\nKEY-0000-0002,b\n".encode(),
    ],
)
def test_codes_are_read_from_whatever_csv_a_tool_writes(content):
    assert [code for _, code in codes.read(content)] == ["KEY-0000-0001", "KEY-0000-0002"]


@pytest.mark.parametrize(
    ("content", "refusal", "says"),
    [
        (b"KEY-0000-0001\nshort\n", errors.CodeUnusable, "Row 2"),
        (b"KEY-0000-0001\nKEY 0000 0002\n", errors.CodeUnusable, "Row 2"),
        (b"=CMD()-0000-0002\n", errors.CodeUnusable, "Row 1"),
        (b"code,n\n,1\n", errors.CodeUnusable, "Row 2"),
        (b"KEY-0000-0001\nKEY-0000-0002\nKEY-0000-0001\n", errors.CodeRepeated, "row 3"),
        (b"\xff\xfe\x00", errors.CodesUnreadable, "UTF-8"),
    ],
)
def test_a_wrong_row_is_named_by_its_number_and_never_by_its_code(content, refusal, says):
    with pytest.raises(refusal, match=says) as refused:
        codes.read(content)
    told = f"{refused.value} {refused.value.remedy} {refused.value.facts}"
    assert "KEY" not in told
    assert "CMD" not in told


@given(st.lists(st.from_regex(r"[A-Z0-9]{12,20}", fullmatch=True), unique=True, min_size=1))
def test_what_is_written_as_csv_is_read_as_it_was(known):
    text = io.StringIO()
    csv.writer(text).writerows([code] for code in known)
    assert [code for _, code in codes.read(text.getvalue().encode())] == known


def test_a_sealed_code_opens_at_its_place_only(tmp_path):
    generate(tmp_path)
    sealing = vault(tmp_path)
    sealed = sealing.seal("KEY-0000-0001", place=PLACE)

    assert "KEY" not in sealed
    assert sealing.seal("KEY-0000-0001", place=PLACE) != sealed
    assert sealing.open(sealed, place=PLACE) == "KEY-0000-0001"
    # Not its last sign, of which some bits may say nothing; and another one, whichever it was.
    altered = sealed[:-8] + ("B" if sealed[-8] == "A" else "A") + sealed[-7:]
    for wrong, place in ((sealed, PLACE + "0"), (altered, PLACE), ("none", PLACE)):
        with pytest.raises(NotDecrypted):
            sealing.open(wrong, place=place)


def test_the_next_key_seals_and_the_one_before_still_opens(tmp_path):
    generate(tmp_path)
    sealed, old = vault(tmp_path).seal("KEY-0000-0001", place=PLACE), vault(tmp_path).keys.id
    known = vault(tmp_path).fingerprint("KEY-0000-0001")
    generate(tmp_path)

    with time_machine.travel(now() + timedelta(minutes=6)):
        assert vault(tmp_path).keys.id != old
        assert vault(tmp_path).open(sealed, place=PLACE) == "KEY-0000-0001"
    assert vault(tmp_path).fingerprint("KEY-0000-0001") == known


@pytest.mark.parametrize("file", FILES)
def test_without_its_key_nothing_is_sealed_or_opened(tmp_path, file):
    generate(tmp_path)
    assert (tmp_path / file).stat().st_mode & 0o777 == 0o600
    (tmp_path / file).unlink()
    with pytest.raises(errors.NoLicenseKey, match="no key"):
        vault(tmp_path)


def test_the_digest_of_codes_does_not_depend_on_their_order(tmp_path):
    generate(tmp_path)
    prints = [vault(tmp_path).fingerprint(code) for code in ("a", "b", "c")]
    assert digest_of(prints) == digest_of(reversed(prints)) != digest_of(prints[:2])
