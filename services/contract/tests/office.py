"""The contract service in tests, with one order confirmed."""

from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from millrun.contract.v1 import contract_pb2 as pb
from millrun.contract.v1.contract_pb2_grpc import ContractServiceStub

from services.contract.clocks import generate_documents
from services.contract.service import service
from services.contract.settings import ContractSettings
from services.contract.tests.builders import MANAGER, order_confirmed
from shared.caller import Caller, Role
from shared.inbox import Inbox
from shared.storage import EVERYTHING, outbox
from shared.testing.callers import caller
from shared.testing.golden import heard

BUYER = caller(Role.BUYER)
STRANGER = caller(Role.BUYER, enterprise="globex")
MANAGING = caller(Role.BUSINESS_MANAGER, account=MANAGER)


class Office:
    """Hears, makes documents and answers."""

    def __init__(self, databases: Any, serving: Any, seal_folder: Any, **order: Any) -> None:
        settings = ContractSettings(seal=seal_folder)
        self.database = databases(service, settings=settings)
        self.served = serving(service, self.database, seal=seal_folder)
        self.sequence = 0
        self.hear(order_confirmed(**order))

    def hear(self, event: Any, sequence: int = 0) -> None:
        """Have something happen to the order."""
        self.sequence = sequence or self.sequence + 1
        letter = heard(event, aggregate=event.order, sequence=self.sequence)
        Inbox(self.database, service.reactions, service.name).receive([letter])

    def ask(self, who: Caller = BUYER) -> Any:
        """Return a stub on behalf of `who`."""
        return self.served.stub(ContractServiceStub, as_=who)

    def generate(self) -> Any:
        """Make what documents there are to make; return the contract."""
        while generate_documents(self.served.runtime):
            pass
        return self.contract()

    def contract(self, who: Caller = BUYER) -> Any:
        """Return the contract."""
        listed = self.ask(who).ListContracts(pb.ListContractsRequest(parent="enterprises/acme"))
        return listed.contracts[0]

    def document(self, version: int = 0) -> bytes:
        """Return the sealed document."""
        asked = pb.DownloadContractRequest(name=self.contract().name, version=version)
        return b"".join(chunk.data for chunk in self.ask().DownloadContract(asked))

    def upload(self, content: bytes, who: Caller = BUYER, **more: Any) -> Any:
        """Upload a signed copy."""
        contract = self.contract()
        asked = {"name": contract.name, "content": content, "signer_name": "B. Uyer", **more}
        return self.ask(who).UploadSignedContract(pb.UploadSignedContractRequest(**asked))

    def sign(self, **more: Any) -> Any:
        """Have the buyer accept the current document."""
        return self.ask().SignContract(signing_of(self.contract(), **more))

    def countersign(self, who: Caller = MANAGING, **more: Any) -> Any:
        """Have the manager accept it too."""
        return self.ask(who).CountersignContract(countersigning_of(self.contract(), **more))

    def versions(self) -> Any:
        """Return all versions, newest first."""
        asked = pb.ListContractVersionsRequest(parent=self.contract().name)
        return self.ask().ListContractVersions(asked).versions

    def entries(self) -> Any:
        """Return the record, newest first."""
        asked = pb.ListContractEntriesRequest(parent=self.contract().name)
        return self.ask().ListContractEntries(asked).entries

    def told(self) -> list[str]:
        """Return the names of the events told."""
        with self.database.transaction(EVERYTHING) as tx:
            kinds = tx.scalars(outbox.select().with_only_columns(outbox.c.type))
            return [each.rsplit(".")[-1] for each in kinds]

    def last_told(self) -> dict[str, Any]:
        """Return what the last event says."""
        with self.database.transaction(EVERYTHING) as tx:
            found = outbox.select().with_only_columns(outbox.c.body)
            body = tx.scalars(found.order_by(outbox.c.position.desc()).limit(1)).one()
        return dict(body["data"])


def signing_of(contract: Any, **more: Any) -> pb.SignContractRequest:
    """Return the request to sign `contract`."""
    asked = {
        "name": contract.name,
        "document_digest": contract.document_digest,
        "signer_name": "B. Uyer",
        "consent_text": "I accept.",
        **more,
    }
    return pb.SignContractRequest(**asked)


def countersigning_of(contract: Any, **more: Any) -> pb.CountersignContractRequest:
    """Return the request to countersign `contract`."""
    asked = {
        "name": contract.name,
        "document_digest": contract.document_digest,
        "signer_name": "B. Manager",
        **more,
    }
    return pb.CountersignContractRequest(**asked)


def said(message: Message) -> Any:
    """Return a message as plain data."""
    return json_format.MessageToDict(message)
