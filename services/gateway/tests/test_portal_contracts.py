"""The portal's contracts: found by number, compared, signed here or by an uploaded copy."""

import httpx
import pytest

from services.gateway.tests.house import ACME, House
from services.gateway.tests.papers import DIGEST, a_contract, furnish
from shared.errors import Outdated
from shared.testing.pages import Browser, hidden_fields

SIGN = "/orders/7/contracts/9/sign"
UPLOAD = "/orders/7/contracts/9/upload"


class StaleCopy(Outdated):
    """This is version {uploaded}, but contract {contract_no} is version {current}: {changes}."""


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)


def upload(browser: Browser, content: bytes, **fields: str) -> httpx.Response:
    """Send the form for a signed copy as a browser does."""
    opened = browser.get(SIGN)
    hidden = hidden_fields(opened.text, UPLOAD)
    headers = {"referer": str(opened.url), "origin": browser.origin}
    files = {"signed_copy": ("scan.pdf", content, "application/pdf")}
    return browser.post(UPLOAD, data={**hidden, **fields}, files=files, headers=headers)


def test_a_list_is_asked_by_number_state_and_day(house: House, chen: Browser) -> None:
    html = chen.get("/contracts?q=000009&state=SIGNED&from=2026-01-31&until=2026-02-01").text
    asked = house.request("ListContracts")

    assert (asked.parent, asked.search, asked.state) == (ACME, "000009", 4)
    assert asked.created_from.ToJsonString() == "2026-01-31T00:00:00Z"
    assert asked.created_before.ToJsonString() == "2026-02-02T00:00:00Z"
    assert 'href="/contracts/9"' in html
    assert "version 2, addendum" in html


def test_a_day_that_is_none_filters_nothing(house: House, chen: Browser) -> None:
    assert chen.get("/contracts?from=yesterday&state=NONSENSE").status_code == 200
    assert not house.request("ListContracts").HasField("created_from")


def test_a_contract_shows_its_versions_what_changed_and_who_did_what(chen: Browser) -> None:
    html = chen.get("/contracts/9").text

    for part in (
        "Version 2",
        "Addendum",
        "What it changed",
        "Line 1 · Quantity",
        "1,200",
        "&lt;Old&gt; 1",
        "192.0.2.7",
        "/contracts/9/signed-copy?as=MC-2026-000009-1-signed&amp;version=1",
    ):
        assert part in html


def test_a_void_contract_awaits_no_signature(house: House, chen: Browser) -> None:
    waiting, void = (a_contract(state) for state in ("GENERATED", "VOID"))
    house.answers["GetContract"] = waiting
    html = chen.get("/contracts/9").text
    assert "Can be signed until" in html
    assert html.count("not signed yet") == 2

    void.ClearField("versions_in_force")
    house.answers["GetContract"] = void
    html = chen.get("/contracts/9").text
    for promise in ("Can be signed until", "not signed yet", "nothing yet"):
        assert promise not in html, promise
    assert html.count("<p>not signed</p>") == 2


def test_any_two_versions_are_compared(house: House, chen: Browser) -> None:
    chen.get("/contracts/9?before=2&after=1")
    asked = house.request("CompareContractVersions")

    assert (asked.name, asked.before, asked.after) == (f"{ACME}/contracts/9", 2, 1)


def test_an_old_version_and_a_signed_copy_are_handed_out_to_be_stored(
    house: House, chen: Browser
) -> None:
    chen.get("/contracts/9/document?version=1")
    copy = chen.get("/contracts/9/signed-copy?version=1&as=it")

    assert house.request("DownloadContract").version == 1
    assert copy.headers["content-disposition"] == "attachment; filename*=UTF-8''it.png"


def test_an_uploaded_copy_reaches_the_service_whole(house: House, chen: Browser) -> None:
    content = bytes(range(256)) * 40_000
    done = upload(chen, content, uploaded_signer_name="Chen Jie")
    asked = house.request("UploadSignedContract")

    assert "The signed contract is there." in done.text
    assert (asked.name, asked.signer_name, asked.etag) == (f"{ACME}/contracts/9", "Chen Jie", "2")
    assert asked.content == content
    assert asked.request_id


def test_without_a_file_nothing_is_sent(house: House, chen: Browser) -> None:
    refused = chen.fill(SIGN, UPLOAD, uploaded_signer_name="Chen Jie")

    assert refused.status_code == 400
    assert 'id="signed_copy-error"' in refused.text
    assert "UploadSignedContract" not in [method for method, _ in house.asked]


def test_a_stale_copy_is_shown_beside_what_changed(house: House, chen: Browser) -> None:
    house.answers["UploadSignedContract"] = StaleCopy(
        uploaded=1, current=2, contract_no="MC-2026-000009", changes="goods, line 1, quantity"
    )
    refused = upload(chen, b"%PDF-", uploaded_signer_name="Chen Jie")
    asked = house.request("CompareContractVersions")

    assert refused.status_code == 409
    assert "What changed since the version you uploaded" in refused.text
    assert "1,200" in refused.text
    assert (asked.before, asked.after) == (1, 2)
    assert 'value="Chen Jie"' in refused.text


def test_who_signs_an_addendum_reads_what_it_changes(house: House, chen: Browser) -> None:
    contract = a_contract("GENERATED")
    house.answers["GetContract"] = contract
    contract.version, contract.addendum = 2, True
    html = chen.get(SIGN).text
    assert "Sign the addendum to MC-2026-000009" in html
    assert "What the addendum changes" in html
    assert "<strong>1,200</strong>" in html
    assert "I have read the addendum to contract MC-2026-000009" in html
    assert "Download the addendum" in html
    assert "Or upload the signed addendum" in html
    contract.addendum = False
    html = chen.get(SIGN).text
    assert "What this version changes" in html
    assert "addendum" not in html.partition("<main")[2]
    contract.version = 1
    assert "changes</h2>" not in chen.get(SIGN).text


def test_a_signature_says_which_wording_was_agreed_to(house: House, chen: Browser) -> None:
    chen.fill(SIGN, signer_name="Chen Jie", consent_text="I do")
    assert house.request("SignContract").consent_version == "2-en"
    assert house.request("SignContract").document_digest == DIGEST


@pytest.mark.parametrize(("addendum", "what"), [(True, "addendum"), (False, "contract")])
def test_who_signed_is_told_what(house: House, chen: Browser, addendum: bool, what: str) -> None:
    signed = a_contract("BUYER_SIGNED")
    signed.addendum = addendum
    house.answers |= dict.fromkeys(("SignContract", "UploadSignedContract"), signed)
    done = chen.fill(SIGN, signer_name="Chen Jie", consent_text="I do")
    assert f"You signed the {what}. Your business manager countersigns it next." in done.text
    done = upload(chen, b"%PDF", uploaded_signer_name="Chen Jie")
    assert f"The signed {what} is there." in done.text


def test_a_returned_signature_is_said_with_its_reason(house: House, chen: Browser) -> None:
    contract = a_contract("GENERATED")
    contract.return_reason = "The scan is cut off."
    house.answers["GetContract"] = contract

    for path in (SIGN, "/contracts/9"):
        assert "The scan is cut off." in chen.get(path).text
