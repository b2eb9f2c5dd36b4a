import hashlib

import pytest
from millrun.contract.v1 import contract_pb2 as pb
from millrun.contract.v1 import signing_pb2 as signing
from millrun.contract.v1.contract_pb2_grpc import ContractServiceStub
from millrun.ordering.v1 import events_pb2 as ordering

from services.contract.clocks import generate_documents
from services.contract.service import service
from services.contract.tests.builders import MANAGER, ORDER, order_confirmed
from shared.caller import Caller, Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.inbox import Inbox
from shared.storage import EVERYTHING, outbox
from shared.testing.callers import caller
from shared.testing.golden import heard

BUYER = caller(Role.BUYER)
STRANGER = caller(Role.BUYER, enterprise="globex")
MANAGING = caller(Role.BUSINESS_MANAGER, account=MANAGER)


class Office:
    """The contract service, with one order confirmed."""

    def __init__(self, databases, serving):
        self.database = databases(service)
        self.served = serving(service, self.database)
        self.hear(order_confirmed())

    def hear(self, event, sequence=1):
        letter = heard(event, aggregate=event.order, sequence=sequence)
        Inbox(self.database, service.reactions, service.name).receive([letter])

    def ask(self, who: Caller):
        return self.served.stub(ContractServiceStub, as_=who)

    def generate(self):
        while generate_documents(self.served.runtime):
            pass
        return self.contract()

    def contract(self, who: Caller = BUYER):
        listed = self.ask(who).ListContracts(pb.ListContractsRequest(parent="enterprises/acme"))
        return listed.contracts[0]

    def told(self):
        with self.database.transaction(EVERYTHING) as tx:
            return list(tx.scalars(outbox.select().with_only_columns(outbox.c.type)))


@pytest.fixture
def office(databases, serving):
    return Office(databases, serving)


def signing_of(contract, **more):
    return pb.SignContractRequest(
        **{
            "name": contract.name,
            "document_digest": contract.document_digest,
            "signer_name": "B. Uyer",
            "consent_text": "I accept.",
            **more,
        }
    )


def countersigning_of(contract, **more):
    return pb.CountersignContractRequest(
        **{
            "name": contract.name,
            "document_digest": contract.document_digest,
            "signer_name": "B. Manager",
            **more,
        }
    )


def test_a_confirmed_order_gets_a_contract_whose_document_is_made_once(office):
    assert office.contract().state == signing.Contract.PREPARING
    contract = office.generate()

    assert contract.state == signing.Contract.GENERATED
    chunks = office.ask(BUYER).DownloadContract(pb.DownloadContractRequest(name=contract.name))
    content = b"".join(chunk.data for chunk in chunks)
    assert contract.document_digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert contract.contract_no.startswith("MC-")
    assert office.told() == ["millrun.contract.v1.ContractGenerated"]


def test_a_document_that_is_not_made_yet_cannot_be_downloaded_or_signed(office):
    contract = office.contract()

    with pytest.raises(Disallowed, match="being prepared"):
        list(office.ask(BUYER).DownloadContract(pb.DownloadContractRequest(name=contract.name)))
    with pytest.raises(Disallowed, match="being prepared"):
        office.ask(BUYER).SignContract(signing_of(contract, document_digest="sha256:0"))


def test_the_buyer_signs_and_the_manager_countersigns(office):
    contract = office.generate()
    signed = office.ask(BUYER).SignContract(signing_of(contract, request_id="one"))
    again = office.ask(BUYER).SignContract(signing_of(contract, request_id="one"))
    done = office.ask(MANAGING).CountersignContract(countersigning_of(signed))

    assert again == signed
    assert signed.buyer_signature.account == BUYER.account
    assert done.state == signing.Contract.SIGNED
    assert done.vendor_signature.document_digest == contract.document_digest
    assert [each.rsplit(".")[-1] for each in office.told()] == [
        "ContractGenerated",
        "ContractBuyerSigned",
        "ContractSigned",
    ]


def test_a_dry_run_signs_nothing(office):
    contract = office.generate()
    answer = office.ask(BUYER).SignContract(signing_of(contract, validate_only=True))

    assert answer.state == signing.Contract.BUYER_SIGNED
    assert office.contract().state == signing.Contract.GENERATED


def test_what_may_not_be_signed_is_refused_in_words(office):
    contract = office.generate()
    ask = office.ask(BUYER)

    with pytest.raises(Outdated, match="You read document sha256:00"):
        ask.SignContract(signing_of(contract, document_digest="sha256:00"))
    with pytest.raises(Outdated, match="changed since you read it"):
        ask.SignContract(signing_of(contract, etag="77"))
    with pytest.raises(Malformed, match="signer_name"):
        ask.SignContract(signing_of(contract, signer_name=""))
    with pytest.raises(Forbidden):
        office.ask(caller(Role.RND)).SignContract(signing_of(contract))
    with pytest.raises(Forbidden):
        office.ask(MANAGING).SignContract(signing_of(contract))
    with pytest.raises(Disallowed, match="is generated and cannot become signed"):
        office.ask(MANAGING).CountersignContract(countersigning_of(contract))
    other = caller(Role.BUSINESS_MANAGER, account="accounts/other")
    with pytest.raises(Forbidden, match=MANAGER):
        office.ask(other).CountersignContract(countersigning_of(contract))


def test_a_foreign_contract_does_not_exist(office):
    contract = office.generate()
    missing = contract.name[:-4] + "ffff"

    for name in (contract.name, missing, "enterprises/acme/contracts/nonsense"):
        with pytest.raises(NotFound) as refused:
            office.ask(STRANGER).GetContract(pb.GetContractRequest(name=name))
        assert str(refused.value) == f"There is no contract {name}."
    with pytest.raises(NotFound):
        office.ask(STRANGER).SignContract(signing_of(contract))
    with pytest.raises(NotFound):
        office.ask(STRANGER).ListContracts(pb.ListContractsRequest(parent="enterprises/acme"))
    with pytest.raises(NotFound):
        office.ask(BUYER).ListContracts(pb.ListContractsRequest(parent="enterprises/-"))


def test_production_sees_no_contracts(office):
    with pytest.raises(Forbidden):
        office.contract(caller(Role.PRODUCTION))


@pytest.mark.parametrize("ended", ["OrderCancelled", "OrderReplaced", "OrderExpired"])
def test_a_contract_ends_with_its_order(office, ended):
    office.generate()
    event = getattr(ordering, ended)(order=ORDER)
    office.hear(event, sequence=2)

    assert office.contract().state == signing.Contract.VOID
    assert office.told()[-1] == "millrun.contract.v1.ContractVoided"


def test_a_signed_contract_stays_when_its_order_ends(office):
    contract = office.generate()
    signed = office.ask(BUYER).SignContract(signing_of(contract))
    office.ask(MANAGING).CountersignContract(countersigning_of(signed))
    office.hear(ordering.OrderCancelled(order=ORDER, reason="late"), sequence=2)

    assert office.contract().state == signing.Contract.SIGNED


def test_lists_filter_by_order_and_state(office):
    office.generate()
    ask = office.ask(caller(Role.FINANCE)).ListContracts
    all_of = pb.ListContractsRequest(parent="enterprises/-")

    assert len(ask(all_of).contracts) == 1
    assert not ask(pb.ListContractsRequest(parent="enterprises/-", order="other")).contracts
    preparing = signing.Contract.PREPARING
    assert not ask(pb.ListContractsRequest(parent="enterprises/-", state=preparing)).contracts
