"""Certification from request to end: files, renewal, reminder, and no order without it (R27)."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1 import enterprise_pb2

from services.authorization.clocks import tell_of_certifications
from services.authorization.tests.office import SCAN, Office
from shared.caller import Role
from shared.clock import now
from shared.documents import digest_of
from shared.errors import Disallowed, Malformed, NotFound
from shared.inspection import asking
from shared.pieces import LARGEST
from shared.storage import EVERYTHING
from shared.tables import documents
from shared.testing.hostile import CORPUS, large
from shared.wire import time_from, time_message


def download(office: Office, who: Any, name: str, digest: str) -> bytes:
    request = pb.DownloadCertificationDocumentRequest(name=name, digest=digest)
    parts = office.ask(who).DownloadCertificationDocument(request)
    return b"".join(part.data for part in parts)


def enterprise(office: Office, who: Any) -> enterprise_pb2.Enterprise:
    return office.ask(who).GetEnterprise(pb.GetEnterpriseRequest(name="enterprises/acme"))


def test_a_request_is_proved_with_files_the_certifier_reads(office: Office) -> None:
    admin = office.enterprise()
    request = office.request_certification(admin)
    attached = office.attach(admin, request.name, SCAN, request_id="1")
    again = office.attach(admin, request.name, SCAN, request_id="1")

    assert attached == again
    [proof] = attached.documents
    assert (proof.file_name, proof.media_type) == ("licence.pdf", "application/pdf")
    assert (proof.digest, proof.size) == (digest_of(SCAN), len(SCAN))
    for reader in (admin, office.staff(Role.CERTIFIER)):
        assert download(office, reader, request.name, proof.digest) == SCAN


def test_a_file_of_20_mib_is_taken_and_nothing_larger(office: Office) -> None:
    admin = office.enterprise()
    request = office.request_certification(admin)
    scan = large(LARGEST)
    [proof] = office.attach(admin, request.name, scan).documents

    assert proof.size == LARGEST
    assert download(office, admin, request.name, proof.digest) == scan
    with pytest.raises(Malformed) as refused:
        office.attach(admin, request.name, scan + b"\0")
    assert refused.value.reason == "FILE_TOO_LARGE"


def test_what_is_no_scan_is_refused_whatever_it_is_called(office: Office) -> None:
    admin = office.enterprise()
    request = office.request_certification(admin)

    with pytest.raises(Malformed) as refused:
        office.attach(admin, request.name, b"MZ", file_name="licence.pdf")
    assert refused.value.reason == "FILE_NOT_ACCEPTED"
    with pytest.raises(Malformed) as refused:
        office.attach(admin, request.name, SCAN, file_name="\a")
    assert refused.value.reason == "BAD_TEXT"


@pytest.mark.parametrize("which", ["script by another name", "script in a packed stream"])
def test_a_hostile_file_is_refused_and_not_kept(office: Office, which: str) -> None:
    admin = office.enterprise()
    request = office.request_certification(admin)
    make, reason = CORPUS[which]

    with pytest.raises(Malformed) as refused:
        office.attach(admin, request.name, make())
    assert refused.value.reason == re.sub(r"(?<!^)(?=[A-Z])", "_", reason).upper()
    with office.database.transaction(EVERYTHING) as tx:
        assert not tx.scalar(sa.select(sa.func.count()).select_from(documents))


def test_no_file_is_looked_at_for_a_request_that_takes_none(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = office.enterprise()
    request = office.request_certification(admin)
    office.certify(admin)
    looked: list[bytes] = []
    monkeypatch.setattr(asking, "ask", lambda content, *_: looked.append(content))

    with pytest.raises(Disallowed) as refused:
        office.attach(admin, request.name, SCAN)
    assert (refused.value.reason, looked) == ("CERTIFICATION_DECIDED", [])


def test_nobody_else_reads_or_adds_files(office: Office) -> None:
    admin, globex = office.enterprise(), office.enterprise("globex")
    request = office.request_certification(admin)
    digest = office.attach(admin, request.name, SCAN).documents[0].digest

    with pytest.raises(NotFound):
        download(office, globex, request.name, digest)
    with pytest.raises(NotFound):
        office.attach(globex, request.name, SCAN)
    with pytest.raises(NotFound) as refused:
        download(office, admin, request.name, digest_of(b"another"))
    assert refused.value.reason == "DOCUMENT_NOT_FOUND"


def test_the_certifier_says_how_long_it_is_good(office: Office) -> None:
    admin = office.enterprise()
    office.staff(Role.BUSINESS_MANAGER)
    office.staff(Role.PROJECT_MANAGER)
    until = time_message(now() + timedelta(days=90))
    approved = office.approve(office.request_certification(admin).name, expire_time=until)

    assert approved.expire_time == until
    assert enterprise(office, admin).certification_expire_time == until


def test_a_mistyped_year_certifies_nobody_for_good(office: Office) -> None:
    admin = office.enterprise()
    office.staff(Role.BUSINESS_MANAGER)
    office.staff(Role.PROJECT_MANAGER)
    name = office.request_certification(admin).name
    with pytest.raises(Malformed) as refused:
        office.approve(name, expire_time=time_message(now() + timedelta(days=200 * 365)))
    assert refused.value.reason == "CERTIFICATION_TOO_LONG"
    assert not enterprise(office, admin).certified
    nine_years = time_message(now() + timedelta(days=9 * 365))
    assert office.approve(name, expire_time=nine_years).expire_time == nine_years


def test_it_is_good_for_a_year_if_nobody_says_otherwise(office: Office) -> None:
    admin = office.enterprise()
    office.certify(admin)

    until = time_from(enterprise(office, admin).certification_expire_time)
    assert until is not None
    assert timedelta(days=364) < until - now() <= timedelta(days=365)


def test_when_it_ends_nothing_can_be_ordered_until_it_is_renewed(office: Office) -> None:
    admin = office.enterprise()
    office.certify(admin)
    runtime = office.served.runtime
    assert tell_of_certifications(runtime) == 0
    with pytest.raises(Disallowed) as refused:
        office.request_certification(admin)
    assert refused.value.reason == "ALREADY_CERTIFIED"

    with time_machine.travel(now() + timedelta(days=336)):
        assert (tell_of_certifications(runtime), tell_of_certifications(runtime)) == (1, 0)
    assert office.told()[-1] == "EnterpriseCertificationEnding"
    assert enterprise(office, admin).certification_due
    renewal = office.request_certification(admin)
    assert enterprise(office, admin).certified, "the old one is good to its end"

    with time_machine.travel(now() + timedelta(days=366)):
        assert (tell_of_certifications(runtime), tell_of_certifications(runtime)) == (1, 0)
    assert office.told()[-1] == "EnterpriseCertificationEnded"
    before = enterprise(office, admin)
    office.approve(renewal.name)
    after = enterprise(office, admin)
    assert (after.certified, after.certification_due) == (True, False)
    assert after.business_manager == before.business_manager, "it keeps its people"


def test_what_is_over_is_over_for_every_question(office: Office) -> None:
    admin = office.enterprise()
    office.certify(admin)
    asking = office.caller(admin)
    with time_machine.travel(now() + timedelta(days=366)):
        there = office.sign_in(admin.account.email)
        assert not there.space.certified
        asked = pb.CheckPurchaseRequest(products=["enterprises/acme/products/p1"])
        checked = office.ask(asking).CheckPurchase(asked).enterprise
        assert (checked.certified, checked.certification_due) == (False, True)
        assert checked == enterprise(office, asking)
