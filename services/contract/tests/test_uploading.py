"""Uploading what was signed outside, from the file to the signature it makes."""

import hashlib

import pytest
from millrun.contract.v1 import contract_pb2 as pb
from millrun.contract.v1 import signing_pb2 as signing

from services.contract.tests.builders import ORDER, order_amended, order_confirmed
from services.contract.tests.office import MANAGING
from services.contract.tests.papers import pictures, scanned, signed_digitally, signer
from shared.caller import Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.testing.callers import caller
from shared.testing.hostile import CORPUS


@pytest.fixture
def ready(office):
    office.generate()
    return office


def copy_of(office, **more):
    asked = pb.DownloadSignedCopyRequest(name=office.contract().name, **more)
    return list(office.ask(MANAGING).DownloadSignedCopy(asked))


def test_a_scan_is_taken_and_kept_byte_for_byte(ready, tmp_path):
    scan = scanned(ready.document(), tmp_path)
    signed = ready.upload(scan, request_id="one")

    assert signed.state == signing.Contract.BUYER_SIGNED
    signature = signed.buyer_signature
    assert signature.method == signing.SCAN
    assert (signature.recognised_pages, signature.uploaded_pages) == (2, 2)
    assert signature.upload_digest == f"sha256:{hashlib.sha256(scan).hexdigest()}"
    kept = copy_of(ready)
    assert b"".join(each.data for each in kept) == scan
    assert kept[0].content_type == "application/pdf"
    assert ready.upload(scan, request_id="one") == signed
    assert ready.countersign().state == signing.Contract.SIGNED
    assert ready.told()[-2:] == ["ContractBuyerSigned", "ContractSigned"]


@pytest.mark.parametrize(("kind", "media_type"), [("png", "image/png"), ("jpeg", "image/jpeg")])
def test_a_picture_of_the_page_with_the_signatures_is_taken(ready, tmp_path, kind, media_type):
    *_, last = pictures(ready.document(), tmp_path, kind)
    signed = ready.upload(last)

    assert (signed.buyer_signature.recognised_pages, signed.buyer_signature.uploaded_pages) == (
        1,
        1,
    )
    assert copy_of(ready)[0].content_type == media_type


def test_a_digital_signature_is_taken_and_says_whose_certificate_it_is(ready, tmp_path):
    signed = ready.upload(signed_digitally(ready.document(), signer(tmp_path / "b", "B. Uyer")))

    assert signed.buyer_signature.method == signing.DIGITAL
    assert signed.buyer_signature.certificate_subject == "Common Name: B. Uyer"


def test_the_document_as_it_was_downloaded_is_no_signature(ready):
    with pytest.raises(Malformed, match="nobody signed it"):
        ready.upload(ready.document())


def test_a_stale_scan_is_refused_and_says_what_changed(ready, tmp_path):
    stale = scanned(ready.document(), tmp_path)
    ready.hear(order_amended(quantity=1200))
    ready.generate()

    with pytest.raises(Outdated, match=r"version 1, but .* version 2: .*1,000 → 1,200"):
        ready.upload(stale)
    assert ready.contract().state == signing.Contract.GENERATED
    assert ready.upload(scanned(ready.document(), tmp_path)).buyer_signature.method == signing.SCAN


def test_a_stale_digital_signature_is_refused_and_says_what_changed(ready, tmp_path):
    stale = signed_digitally(ready.document(), signer(tmp_path / "b"))
    ready.hear(order_amended(quantity=1200))
    ready.generate()

    with pytest.raises(Outdated, match="1,000 → 1,200"):
        ready.upload(stale)


def test_a_copy_of_another_contract_is_refused(ready, tmp_path):
    mine = scanned(ready.document(), tmp_path)
    ready.hear(order_confirmed(order=ORDER[:-1] + "2"), sequence=1)
    ready.generate()

    with pytest.raises(Malformed, match="This is a copy of contract MC-"):
        ready.upload(mine)


def test_an_altered_document_is_refused(ready, tmp_path):
    document = ready.document()
    place = len(document) // 2
    altered = document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]

    with pytest.raises(Malformed):
        ready.upload(signed_digitally(document, signer(tmp_path / "b")).replace(document, altered))
    signed = signed_digitally(document, signer(tmp_path / "b"))
    place = signed.rindex(b"/Contents <") + 200
    broken = (
        signed[:place] + (b"0" if signed[place : place + 1] != b"0" else b"1") + signed[place + 1 :]
    )
    with pytest.raises(Malformed):
        ready.upload(broken)


@pytest.mark.parametrize("which", ["script at opening", "encrypted", "PDF and archive", "web page"])
def test_a_hostile_file_is_refused_and_not_kept(ready, which):
    make, _ = CORPUS[which]

    with pytest.raises(Malformed):
        ready.upload(make())
    with pytest.raises(NotFound, match="was not signed on an uploaded copy"):
        copy_of(ready)


def test_who_may_not_sign_may_not_upload(ready):
    with pytest.raises(Forbidden):
        ready.upload(b"%PDF-", who=caller(Role.RND))
    with pytest.raises(Forbidden):
        ready.upload(b"%PDF-", who=MANAGING)


def test_a_signed_contract_takes_no_copy_and_looks_at_none(ready):
    ready.sign()
    with pytest.raises(Disallowed, match="is signed by the buyer and cannot be signed"):
        ready.upload(b"no matter what")


def test_who_saw_an_older_version_is_told_before_the_file_is_looked_at(ready):
    with pytest.raises(Outdated, match="changed since you read it"):
        ready.upload(b"no matter what", etag="77")


def test_a_dry_run_keeps_nothing(ready, tmp_path):
    scan = scanned(ready.document(), tmp_path)

    assert ready.upload(scan, validate_only=True).state == signing.Contract.BUYER_SIGNED
    assert ready.contract().state == signing.Contract.GENERATED
    with pytest.raises(NotFound):
        copy_of(ready)
