"""Contracts: the list, the page with versions and record, and what a business manager does."""

from pathlib import Path

from millrun.contract.v1.contract_pb2 import (
    CompareContractVersionsRequest,
    CountersignContractRequest,
    DownloadContractRequest,
    DownloadSignedCopyRequest,
    GetContractRequest,
    ListContractEntriesRequest,
    ListContractsRequest,
    ListContractVersionsRequest,
    ReturnContractRequest,
)
from millrun.contract.v1.contract_pb2_grpc import ContractServiceStub
from millrun.contract.v1.signing_pb2 import Contract
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of
from services.console.people import STAFF, names
from services.console.reading import choices, chosen
from services.console.roles import BUSINESS, MONEY
from shared.caller import Role
from shared.errors import Malformed
from shared.web import Form, Nav, Pages, _, call, days, page, redirect, together, visitor
from shared.web.files import file
from shared.web.form import whole_number

pages = Pages(Path(__file__).parent)


class NotRead(Malformed):
    """Countersigning needs your word that you read the document."""

    fix = "Download the document, read it, and tick the box."


@pages.get("/contracts", roles=MONEY, nav=Nav("Contracts", icon="file-certificate"))
def list_contracts(request: Request) -> Response:
    """List contracts by state, number, customer and day."""
    wanted = request.query_params
    asked = ListContractsRequest(
        parent=f"enterprises/{wanted.get('enterprise') or '-'}",
        page_token=wanted.get("page_token", ""),
        state=chosen(request, "state", Contract.State),
        search=wanted.get("q", ""),
        created_from=days.beginning(wanted.get("from", "")),
        created_before=days.end(wanted.get("until", "")),
    )
    found = call(request, ContractServiceStub, "ListContracts", asked)
    states = choices(Contract.State)
    return page(request, "contracts.html", fragment="rows", found=found, states=states)


@pages.get("/contracts/{enterprise}/{id}", roles=MONEY)
def show_contract(request: Request) -> Response:
    """Show a contract, its versions and record, and the forms to countersign or return it."""
    name = named(request, "contracts")
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
            ListContractEntriesRequest(parent=name, page_size=200),
        ),
        staff=STAFF,
    )
    contract: Contract = parts["contract"].insist()
    return page(
        request,
        "contract.html",
        contract=contract,
        versions=parts["versions"],
        entries=parts["entries"],
        compared=_compared(request, name),
        called=names(request, parts["staff"]),
        why_not=_why_not(request, contract),
    )


@pages.get("/contracts/{enterprise}/{id}/document", roles=MONEY)
def download_contract(request: Request) -> Response:
    """Return the document of a version."""
    asked = DownloadContractRequest(name=named(request, "contracts"), version=_version(request))
    called = request.query_params.get("as", "contract")
    return file(call(request, ContractServiceStub, "DownloadContract", asked), called)


@pages.get("/contracts/{enterprise}/{id}/signed-copy", roles=MONEY)
def download_signed_copy(request: Request) -> Response:
    """Return what the buyer uploaded for a version."""
    asked = DownloadSignedCopyRequest(name=named(request, "contracts"), version=_version(request))
    called = request.query_params.get("as", "signed")
    return file(call(request, ContractServiceStub, "DownloadSignedCopy", asked), called)


@pages.post("/contracts/{enterprise}/{id}", roles=BUSINESS, again=show_contract)
def countersign(request: Request, form: Form) -> Response:
    """Countersign the document whose digest was on the page."""
    if not form["read"]:
        raise NotRead(field="read")
    asked = CountersignContractRequest(
        name=named(request, "contracts"),
        document_digest=form["document_digest"],
        signer_name=form["signer_name"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    contract = call(request, ContractServiceStub, "CountersignContract", asked)
    return redirect(request, page_of(contract.name), _("The contract is signed by both sides."))


@pages.post("/contracts/{enterprise}/{id}/return", roles=BUSINESS)
def return_contract(request: Request, form: Form) -> Response:
    """Return the buyer's signature, with the reason."""
    asked = ReturnContractRequest(
        name=named(request, "contracts"),
        reason=form["reason"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    contract = call(request, ContractServiceStub, "ReturnContract", asked)
    return redirect(request, page_of(contract.name), _("The buyer is asked to sign again."))


def _compared(request: Request, name: str) -> object:
    """Return what differs between the versions chosen; None if none were."""
    before, after = (
        whole_number(request.query_params.get(each, "")) for each in ("before", "after")
    )
    if not (before and after):
        return None
    asked = CompareContractVersionsRequest(name=name, before=before, after=after)
    found: object = call(request, ContractServiceStub, "CompareContractVersions", asked)
    return found


def _version(request: Request) -> int:
    return whole_number(request.query_params.get("version", ""))


def _why_not(request: Request, contract: Contract) -> str:
    """Say why the reader cannot countersign; nothing if nothing is known against it."""
    if contract.state != Contract.BUYER_SIGNED:
        return _("It can be countersigned once the buyer has signed.")
    if not visitor(request).has(Role.BUSINESS_MANAGER):
        return _("Only the assigned business manager countersigns.")
    if not visitor(request).acts_for(contract.business_manager):
        return _("The contract is in a colleague's hands.")
    return ""
