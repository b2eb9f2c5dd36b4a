"""Contract over gRPC."""

import grpc
from millrun.contract.v1 import contract_pb2 as pb
from millrun.contract.v1 import contract_pb2_grpc as pb_grpc
from sqlalchemy.orm import Session

from services.contract import commands, queries
from services.contract.domain.contract import Contract
from services.contract.domain.edition import Edition
from services.contract.domain.record import Entry
from services.contract.domain.terms import Difference
from services.contract.domain.upload import Copy
from services.contract.inspecting import inspect
from services.contract.settings import ContractSettings
from services.contract.store import Contracts
from services.contract.wire import (
    contract_message,
    contracts_message,
    differences_message,
    entries_message,
    state_from,
    versions_message,
)
from shared import call
from shared.caller import CUSTOMER_ROLES, Caller, Role
from shared.documents import Document
from shared.paging import Page
from shared.rpc import Servicer, command, download, query, upload
from shared.service import Runtime
from shared.storage import Scope
from shared.wire import time_from

READERS = CUSTOMER_ROLES | {Role.BUSINESS_MANAGER, Role.FINANCE}
"""Who may see contracts: the enterprise's people, and those of the vendor who deal with money."""

SIGNERS = frozenset({Role.BUYER, Role.ADMINISTRATOR})
MANAGERS = frozenset({Role.BUSINESS_MANAGER})


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
            search=request.search,
            created_from=time_from(request.created_from),
            created_before=time_from(request.created_before),
            size=request.page_size,
            token=request.page_token,
        )

    @query(answer=versions_message, allow=READERS)
    def ListContractVersions(
        self, request: pb.ListContractVersionsRequest, tx: Session, caller: Caller
    ) -> list[Edition]:
        return queries.versions(tx, parent=request.parent, caller=caller)

    @query(answer=differences_message, allow=READERS)
    def CompareContractVersions(
        self, request: pb.CompareContractVersionsRequest, tx: Session, caller: Caller
    ) -> list[Difference]:
        return queries.compare(
            tx, name=request.name, caller=caller, before=request.before, after=request.after
        )

    @query(answer=entries_message, allow=READERS)
    def ListContractEntries(
        self, request: pb.ListContractEntriesRequest, tx: Session, caller: Caller
    ) -> Page[Entry]:
        return queries.record(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @download(allow=READERS)
    def DownloadContract(
        self, request: pb.DownloadContractRequest, tx: Session, caller: Caller
    ) -> Document:
        return queries.contract_document(
            tx, name=request.name, caller=caller, number=request.version
        )

    @download(allow=READERS)
    def DownloadSignedCopy(
        self, request: pb.DownloadSignedCopyRequest, tx: Session, caller: Caller
    ) -> Document:
        return queries.signed_copy(tx, name=request.name, caller=caller, number=request.version)

    @command(answer=contract_message, allow=SIGNERS)
    def SignContract(
        self, request: pb.SignContractRequest, tx: Session, caller: Caller
    ) -> Contract:
        return commands.sign_contract(
            tx,
            name=request.name,
            caller=caller,
            address=call.current().network,
            document_digest=request.document_digest,
            signer_name=request.signer_name,
            consent_text=request.consent_text,
            consent_version=request.consent_version,
            etag=request.etag,
        )

    def _look_at(self, request: pb.UploadSignedContractRequest, caller: Caller) -> Copy:
        """Look at the file, in no transaction: it may be hostile, and it takes its time."""
        assert isinstance(self.settings, ContractSettings)
        with self.database.transaction(Scope.of(caller), read_only=True) as tx:
            known = queries.sealed_documents(
                tx, name=request.name, caller=caller, etag=request.etag
            )
        return inspect(request.content, known, self.settings)

    @upload(answer=contract_message, allow=SIGNERS, ask=_look_at)
    def UploadSignedContract(
        self, request: pb.UploadSignedContractRequest, tx: Session, caller: Caller, copy: Copy
    ) -> Contract:
        return commands.keep_signed_copy(
            tx,
            name=request.name,
            caller=caller,
            address=call.current().network,
            content=request.content,
            copy=copy,
            signer_name=request.signer_name,
            etag=request.etag,
        )

    @command(answer=contract_message, allow=MANAGERS)
    def ReturnContract(
        self, request: pb.ReturnContractRequest, tx: Session, caller: Caller
    ) -> Contract:
        return commands.return_contract(
            tx,
            name=request.name,
            caller=caller,
            address=call.current().network,
            reason=request.reason,
            etag=request.etag,
        )

    @command(answer=contract_message, allow=MANAGERS)
    def CountersignContract(
        self, request: pb.CountersignContractRequest, tx: Session, caller: Caller
    ) -> Contract:
        return commands.countersign_contract(
            tx,
            name=request.name,
            caller=caller,
            address=call.current().network,
            document_digest=request.document_digest,
            signer_name=request.signer_name,
            etag=request.etag,
        )


def register(server: grpc.Server, runtime: Runtime) -> None:
    """Have `server` answer for contract."""
    pb_grpc.add_ContractServiceServicer_to_server(ContractService(runtime), server)
