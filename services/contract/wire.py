"""Contracts in and out of protobuf."""

from millrun.contract.v1 import contract_pb2 as pb
from millrun.contract.v1 import signing_pb2 as signing

from services.contract.domain.contract import Contract, Side, Signature, State
from shared.paging import Page
from shared.wire import money_message, time_message


def contract_message(contract: Contract) -> signing.Contract:
    """Return a contract as others see it."""
    return signing.Contract(
        name=contract.name,
        contract_no=contract.contract_no,
        state=signing.Contract.State.Value(contract.state.name),
        order=contract.order,
        order_no=contract.order_no,
        document_digest=contract.document_digest,
        total=money_message(contract.total),
        deposit=money_message(contract.deposit),
        buyer_signature=_signature_message(contract.signatures.get(Side.BUYER)),
        vendor_signature=_signature_message(contract.signatures.get(Side.VENDOR)),
        valid_until=time_message(contract.valid_until),
        generate_time=time_message(contract.generated_at),
        create_time=time_message(contract.created_at),
        etag=contract.etag,
        enterprise_legal_name=contract.enterprise_legal_name,
        business_manager=contract.business_manager,
    )


def contracts_message(page: Page[Contract]) -> pb.ListContractsResponse:
    """Return a page of contracts."""
    return pb.ListContractsResponse(
        contracts=[contract_message(each) for each in page.items], next_page_token=page.next_token
    )


def state_from(state: "signing.Contract.State.ValueType") -> State | None:
    """Read a state to filter by; None for all."""
    return State[signing.Contract.State.Name(state)] if state else None


def _signature_message(signature: Signature | None) -> signing.Signature | None:
    if signature is None:
        return None
    return signing.Signature(
        account=signature.account,
        signer_name=signature.signer_name,
        consent_text=signature.consent_text,
        document_digest=signature.document_digest,
        sign_time=time_message(signature.signed_at),
    )
