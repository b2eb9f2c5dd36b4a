"""Contracts: the list, the page with versions and record, and the two ways to sign (R66)."""

from pathlib import Path
from typing import Any

from millrun.contract.v1.contract_pb2 import (
    CompareContractVersionsRequest,
    DownloadContractRequest,
    DownloadSignedCopyRequest,
    GetContractRequest,
    ListContractEntriesRequest,
    ListContractsRequest,
    ListContractVersionsRequest,
    SignContractRequest,
    UploadSignedContractRequest,
)
from millrun.contract.v1.contract_pb2_grpc import ContractServiceStub
from millrun.contract.v1.signing_pb2 import Contract
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import CUSTOMERS, MOST, SIGNERS, from_path, own
from shared.errors import Malformed
from shared.web import Form, Nav, Pages, _, call, days, page, redirect, text, together, visitor
from shared.web.files import file
from shared.web.form import whole_number
from shared.web.formats import short
from shared.web.together import Part

pages = Pages(Path(__file__).parent)

STATES = tuple(Contract.State.keys()[1:])
PATH = "/contracts/{contract}"
SIGN = "/orders/{order}/contracts/{contract}"

CONSENT_VERSION = "2"
"""Counts the wordings of the consents below; a signature keeps which one it was given to."""

CONSENT = _(
    "I have read contract %(number)s (document %(digest)s) and accept it for my enterprise."
)
CONSENT_TO_ADDENDUM = _(
    "I have read the addendum to contract %(number)s (document %(digest)s) "
    "and accept it for my enterprise."
)


class NoFileChosen(Malformed):
    """No file was chosen."""

    fix = "Choose the scan or the signed PDF, and send it again."


@pages.get("/contracts", roles=CUSTOMERS, nav=Nav("Contracts", icon="file-certificate"))
def list_contracts(request: Request) -> Response:
    """List contracts by number, state and day, the newest first."""
    wanted = request.query_params
    state = wanted.get("state", "")
    asked = ListContractsRequest(
        parent=own(request),
        page_size=20,
        page_token=wanted.get("page_token", ""),
        state=Contract.State.Value(state) if state in STATES else Contract.STATE_UNSPECIFIED,
        search=wanted.get("q", ""),
        created_from=days.beginning(wanted.get("from", "")),
        created_before=days.end(wanted.get("until", "")),
    )
    found = call(request, ContractServiceStub, "ListContracts", asked)
    return page(request, "contracts.html", fragment="rows", found=found, states=STATES, state=state)


@pages.get(PATH, roles=CUSTOMERS)
def show_contract(request: Request) -> Response:
    """Show a contract, its versions, who signed them and who did what."""
    name = from_path(request, "contracts", "contract")
    parts = together(
        request,
        contract=(ContractServiceStub, "GetContract", GetContractRequest(name=name)),
        versions=(
            ContractServiceStub,
            "ListContractVersions",
            ListContractVersionsRequest(parent=name),
        ),
        entries=(
            ContractServiceStub,
            "ListContractEntries",
            ListContractEntriesRequest(parent=name, page_size=MOST),
        ),
    )
    contract: Contract = parts["contract"].insist()
    chosen = [whole_number(request.query_params.get(each, "")) for each in ("before", "after")]
    return page(
        request,
        "contract.html",
        contract=contract,
        versions=parts["versions"],
        entries=parts["entries"],
        compared=_differing(request, name, *chosen),
        called={visitor(request).account: _("you")},
        may_sign=bool(visitor(request).roles & SIGNERS),
    )


@pages.get(PATH + "/document", roles=CUSTOMERS)
def download_contract(request: Request) -> Response:
    """Return the document of a version."""
    asked = DownloadContractRequest(**_of_version(request))
    called = request.query_params.get("as", "contract")
    return file(call(request, ContractServiceStub, "DownloadContract", asked), called)


@pages.get(PATH + "/signed-copy", roles=CUSTOMERS)
def download_signed_copy(request: Request) -> Response:
    """Return what was uploaded for a version."""
    asked = DownloadSignedCopyRequest(**_of_version(request))
    called = request.query_params.get("as", "signed")
    return file(call(request, ContractServiceStub, "DownloadSignedCopy", asked), called)


@pages.get(SIGN + "/sign", roles=CUSTOMERS)
def show_signing(request: Request) -> Response:
    """Show what is signed, and both ways to sign it."""
    name = from_path(request, "contracts", "contract")
    contract = call(request, ContractServiceStub, "GetContract", GetContractRequest(name=name))
    consent = _(
        CONSENT_TO_ADDENDUM if contract.addendum else CONSENT,
        number=contract.contract_no,
        digest=short(contract.document_digest),
    )
    return page(
        request,
        "contract_sign.html",
        contract=contract,
        consent=consent,
        stale=_stale(request, name),
        changed=_changed(request, contract),
    )


@pages.post(SIGN + "/sign", roles=SIGNERS, again=show_signing)
def sign_contract(request: Request, form: Form) -> Response:
    """Sign the very document that was shown."""
    asked = SignContractRequest(
        name=from_path(request, "contracts", "contract"),
        document_digest=form["document_digest"],
        signer_name=form["signer_name"],
        consent_text=form["consent_text"],
        consent_version=f"{CONSENT_VERSION}-{text.language.get()}",
        etag=form["etag"],
        request_id=form["request_id"],
    )
    signed: Contract = call(request, ContractServiceStub, "SignContract", asked)
    done = (
        _("You signed the addendum. Your business manager countersigns it next.")
        if signed.addendum
        else _("You signed the contract. Your business manager countersigns it next.")
    )
    return redirect(request, _order_page(request), done)


@pages.post(SIGN + "/upload", roles=SIGNERS, again=show_signing)
def upload_signed_contract(request: Request, form: Form) -> Response:
    """Hand in what was signed outside; whether it is the right document is found out there."""
    chosen = form.upload("signed_copy")
    if chosen is None:
        raise NoFileChosen(field="signed_copy")
    asked = UploadSignedContractRequest(
        name=from_path(request, "contracts", "contract"),
        content=chosen.content,
        signer_name=form["uploaded_signer_name"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    signed: Contract = call(request, ContractServiceStub, "UploadSignedContract", asked)
    done = (
        _("The signed addendum is there. Your business manager countersigns it next.")
        if signed.addendum
        else _("The signed contract is there. Your business manager countersigns it next.")
    )
    return redirect(request, _order_page(request), done)


def _changed(request: Request, contract: Contract) -> Part | None:
    """Ask what the version to be signed changes; None of the first, which changes nothing."""
    asked = ListContractVersionsRequest(parent=contract.name)
    versions = (ContractServiceStub, "ListContractVersions", asked)
    return together(request, versions=versions)["versions"] if contract.version > 1 else None


def _stale(request: Request, name: str) -> Any:
    """Return what changed since the version that was uploaded; None if that was not the problem."""
    problem = request.state.problem
    if problem is None or problem.reason != "STALE_COPY":
        return None
    versions = (whole_number(problem.facts.get(each, "")) for each in ("uploaded", "current"))
    return _differing(request, name, *versions)


def _differing(request: Request, name: str, before: int, after: int) -> Any:
    """Return what differs between two versions; None if two were not chosen."""
    if not (before and after):
        return None
    asked = CompareContractVersionsRequest(name=name, before=before, after=after)
    return call(request, ContractServiceStub, "CompareContractVersions", asked)


def _of_version(request: Request) -> dict[str, Any]:
    return {
        "name": from_path(request, "contracts", "contract"),
        "version": whole_number(request.query_params.get("version", "")),
    }


def _order_page(request: Request) -> str:
    return f"/orders/{request.path_params['order']}"
