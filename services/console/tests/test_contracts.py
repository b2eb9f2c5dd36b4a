"""The console's contracts: found, compared, countersigned by who may, returned with a reason."""

import pytest
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, FINANCE
from millrun.contract.v1.contract_pb2 import ListContractEntriesResponse
from millrun.contract.v1.signing_pb2 import Contract, ContractEntry

from services.console.tests.office import COLLEAGUE, As, Office
from services.console.tests.papers import a_contract, furnish

CONTRACT = "/contracts/acme/7"


@pytest.fixture(autouse=True)
def _furnished(office: Office) -> None:
    furnish(office)


def test_a_list_is_asked_by_number_customer_state_and_day(lin: As, office: Office) -> None:
    lin(FINANCE).get("/contracts?q=007&enterprise=acme&state=VOID&from=2026-01-31&until=2026-02-01")
    asked = office.request("ListContracts")

    assert (asked.parent, asked.search, asked.state) == ("enterprises/acme", "007", 5)
    assert asked.created_from.ToJsonString() == "2026-01-31T00:00:00Z"
    assert asked.created_before.ToJsonString() == "2026-02-02T00:00:00Z"


def test_a_contract_shows_versions_differences_and_record(lin: As, office: Office) -> None:
    html = lin(FINANCE).get(f"{CONTRACT}?before=1&after=2").text
    asked = office.request("CompareContractVersions")

    assert (asked.before, asked.after) == (1, 2)
    for part in ("Version 2", "Line 1 · Quantity", "1,200", "192.0.2.7", "&lt;Old&gt; 1"):
        assert part in html


def test_a_void_contract_awaits_no_signature(lin: As, office: Office) -> None:
    browser = lin(BUSINESS_MANAGER)
    assert "Can be signed until" in browser.get(CONTRACT).text

    office.answers["GetContract"] = a_contract(state=Contract.VOID)
    html = browser.get(CONTRACT).text
    for promise in ("Can be signed until", "not signed yet", "nothing yet"):
        assert promise not in html, promise
    assert "<p>not signed</p>" in html


def test_a_signed_copy_is_handed_out_to_be_stored_not_shown(lin: As, office: Office) -> None:
    copy = lin(BUSINESS_MANAGER).get(f"{CONTRACT}/signed-copy?version=1&as=it")

    assert office.request("DownloadSignedCopy").version == 1
    assert copy.headers["content-disposition"] == "attachment; filename*=UTF-8''it.png"


def test_who_countersigns_a_copy_says_that_they_looked_at_it(lin: As, office: Office) -> None:
    uploaded = a_contract()
    uploaded.buyer_signature.upload_digest = "sha256:" + "cd" * 32
    office.answers["GetContract"] = uploaded

    assert "I have looked at the signed copy, too" in lin(BUSINESS_MANAGER).get(CONTRACT).text


def test_a_signature_is_returned_with_a_reason(lin: As, office: Office) -> None:
    office.answers["ReturnContract"] = a_contract()
    done = lin(BUSINESS_MANAGER).fill(CONTRACT, f"{CONTRACT}/return", reason="Cut off.")
    asked = office.request("ReturnContract")

    assert (asked.reason, asked.etag) == ("Cut off.", "3")
    assert "The buyer is asked to sign again." in done.text


def test_a_deputys_countersignature_names_whom_they_stood_in_for(lin: As, office: Office) -> None:
    entries = [
        ContractEntry(act=ContractEntry.COUNTERSIGNED, version=1, note=f"for {absent}")
        for absent in (COLLEAGUE, "accounts/gone")
    ]
    office.answers["ListContractEntries"] = ListContractEntriesResponse(entries=entries)
    html = lin(BUSINESS_MANAGER).get("/contracts/acme/7").text
    assert "in place of Ana D." in html
    assert "in place of the customer" in html
    assert "for accounts/" not in html
