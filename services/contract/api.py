"""Contract over gRPC."""

import grpc
from millrun.contract.v1 import contract_pb2 as pb
from millrun.contract.v1 import contract_pb2_grpc as pb_grpc
from sqlalchemy.orm import Session

from services.contract import commands, queries
from services.contract.domain.contract import Contract
from services.contract.store import Contracts
from services.contract.wire import contract_message, contracts_message, state_from
from shared.caller import CUSTOMER_ROLES, Caller, Role
from shared.documents import Document
from shared.paging import Page
from shared.rpc import Servicer, command, download, query
from shared.service import Runtime

READERS = CUSTOMER_ROLES | {Role.BUSINESS_MANAGER, Role.FINANCE}
"""Who may see contracts: the enterprise's people, and those of the vendor who deal with money."""


class ContractService(Servicer, pb_grpc.ContractServiceServicer):
    """Contracts, and who signed what."""

    @query(answer=contract_message, allow=READERS)
    def GetContract(self, request: pb.GetContractRequest, tx: Session, caller: Caller) -> Contract:
        return Contracts(tx).get(request.name, caller)

    @query(answer=contracts_message, allow=READERS)
    def ListContracts(
        self, request: pb.ListContractsRequest, tx: Session, caller: Caller
    ) -> Page[Contract]:
        return queries.list_contracts(
            tx,
            parent=request.parent,
            caller=caller,
            order=request.order,
            state=state_from(request.state),
            size=request.page_size,
            token=request.page_token,
        )

    @download(allow=READERS)
    def DownloadContract(
        self, request: pb.DownloadContractRequest, tx: Session, caller: Caller
    ) -> Document:
        return queries.contract_document(tx, name=request.name, caller=caller)

    @command(answer=contract_message, allow=frozenset({Role.BUYER, Role.ADMINISTRATOR}))
    def SignContract(
        self, request: pb.SignContractRequest, tx: Session, caller: Caller
    ) -> Contract:
        return commands.sign_contract(
            tx,
            name=request.name,
            caller=caller,
            document_digest=request.document_digest,
            signer_name=request.signer_name,
            consent_text=request.consent_text,
            etag=request.etag,
        )

    @command(answer=contract_message, allow=frozenset({Role.BUSINESS_MANAGER}))
    def CountersignContract(
        self, request: pb.CountersignContractRequest, tx: Session, caller: Caller
    ) -> Contract:
        return commands.countersign_contract(
            tx,
            name=request.name,
            caller=caller,
            document_digest=request.document_digest,
            signer_name=request.signer_name,
            etag=request.etag,
        )


def register(server: grpc.Server, runtime: Runtime) -> None:
    """Have `server` answer for contract."""
    pb_grpc.add_ContractServiceServicer_to_server(ContractService(runtime), server)
