"""Contracts: the list, the page, the document, and the countersignature."""

from pathlib import Path

from millrun.contract.v1.contract_pb2 import (
    CountersignContractRequest,
    DownloadContractRequest,
    GetContractRequest,
    ListContractsRequest,
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
from shared.web import Form, Nav, Pages, _, call, page, redirect, together, visitor
from shared.web.files import file

pages = Pages(Path(__file__).parent)


class NotRead(Malformed):
    """Countersigning needs your word that you read the document."""

    fix = "Download the document, read it, and tick the box."


@pages.get("/contracts", roles=MONEY, nav=Nav("Contracts", icon="file-certificate"))
def list_contracts(request: Request) -> Response:
    """List contracts by state."""
    asked = ListContractsRequest(
        parent="enterprises/-",
        page_token=request.query_params.get("page_token", ""),
        state=chosen(request, "state", Contract.State),
    )
    found = call(request, ContractServiceStub, "ListContracts", asked)
    states = choices(Contract.State)
    return page(request, "contracts.html", fragment="rows", found=found, states=states)


@pages.get("/contracts/{enterprise}/{id}", roles=MONEY)
def show_contract(request: Request) -> Response:
    """Show a contract, who signed it, and the form to countersign."""
    asked = GetContractRequest(name=named(request, "contracts"))
    parts = together(request, contract=(ContractServiceStub, "GetContract", asked), staff=STAFF)
    contract: Contract = parts["contract"].insist()
    return page(
        request,
        "contract.html",
        contract=contract,
        called=names(request, parts["staff"]),
        why_not=_why_not(request, contract),
    )


@pages.get("/contracts/{enterprise}/{id}/document", roles=MONEY)
def download_contract(request: Request) -> Response:
    """Return the document."""
    asked = DownloadContractRequest(name=named(request, "contracts"))
    called = request.query_params.get("as", "contract")
    return file(call(request, ContractServiceStub, "DownloadContract", asked), called)


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


def _why_not(request: Request, contract: Contract) -> str:
    """Say why the reader cannot countersign; nothing if nothing is known against it."""
    if contract.state != Contract.BUYER_SIGNED:
        return _("It can be countersigned once the buyer has signed.")
    if not visitor(request).has(Role.BUSINESS_MANAGER):
        return _("Only the assigned business manager countersigns.")
    if contract.business_manager != visitor(request).account:
        return _("The contract is in a colleague's hands.")
    return ""
