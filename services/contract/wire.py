"""Contracts in and out of protobuf."""

from millrun.contract.v1 import contract_pb2 as pb
from millrun.contract.v1 import signing_pb2 as signing

from services.contract.domain.chart import State
from services.contract.domain.contract import Contract
from services.contract.domain.edition import Edition
from services.contract.domain.record import Entry
from services.contract.domain.signature import Side, Signature
from services.contract.domain.terms import Difference
from shared.paging import Page
from shared.wire import money_message, time_message


def contract_message(contract: Contract) -> signing.Contract:
    """Return a contract as others see it."""
    edition = contract.edition
    return signing.Contract(
        name=contract.name,
        contract_no=contract.contract_no,
        state=signing.Contract.State.Value(contract.state.name),
        order=contract.order,
        order_no=contract.order_no,
        document_digest=contract.document_digest,
        total=money_message(contract.total),
        deposit=money_message(contract.deposit),
        buyer_signature=_signature_message(edition.buyer_signature),
        vendor_signature=_signature_message(edition.vendor_signature),
        valid_until=time_message(contract.valid_until),
        generate_time=time_message(contract.generated_at),
        create_time=time_message(contract.created_at),
        etag=contract.etag,
        enterprise_legal_name=contract.enterprise_legal_name,
        business_manager=contract.business_manager,
        version=edition.number,
        addendum=edition.addendum,
        versions_in_force=[each.number for each in contract.in_force],
        return_reason=contract.return_reason,
    )


def contracts_message(page: Page[Contract]) -> pb.ListContractsResponse:
    """Return a page of contracts."""
    return pb.ListContractsResponse(
        contracts=[contract_message(each) for each in page.items], next_page_token=page.next_token
    )


def versions_message(editions: list[Edition]) -> pb.ListContractVersionsResponse:
    """Return the versions of a contract."""
    return pb.ListContractVersionsResponse(versions=[_version_message(each) for each in editions])


def differences_message(found: list[Difference]) -> pb.CompareContractVersionsResponse:
    """Return what differs between two versions."""
    return pb.CompareContractVersionsResponse(differences=map(_difference_message, found))


def entries_message(page: Page[Entry]) -> pb.ListContractEntriesResponse:
    """Return a page of a contract's record."""
    return pb.ListContractEntriesResponse(
        entries=[_entry_message(each) for each in page.items], next_page_token=page.next_token
    )


def state_from(state: "signing.Contract.State.ValueType") -> State | None:
    """Read a state to filter by; None for all."""
    return State[signing.Contract.State.Name(state)] if state else None


def _version_message(edition: Edition) -> signing.ContractVersion:
    ending = edition.ending
    owed = ending.liability if ending else None
    return signing.ContractVersion(
        version=edition.number,
        state=signing.ContractVersion.State.Value(edition.standing.name),
        addendum=edition.addendum,
        content_digest=edition.content_digest,
        document_digest=edition.document_digest,
        total=money_message(edition.total),
        deposit=money_message(edition.deposit),
        differences=map(_difference_message, edition.differences),
        buyer_signature=_signature_message(edition.buyer_signature),
        vendor_signature=_signature_message(edition.vendor_signature),
        valid_until=time_message(edition.valid_until),
        create_time=time_message(edition.created_at),
        generate_time=time_message(edition.generated_at),
        end_reason=edition.end_reason,
        end_cause=signing.EndCause.Value(ending.cause.name)
        if ending
        else signing.END_CAUSE_UNSPECIFIED,
        end_note=ending.note if ending else "",
        end_liability=money_message(owed) if owed else None,
    )


def _difference_message(difference: Difference) -> signing.Difference:
    return signing.Difference(
        clause=signing.Difference.Clause.Value(difference.clause.name),
        line_no=difference.line_no,
        field=difference.field,
        before=difference.before,
        after=difference.after,
    )


def _entry_message(entry: Entry) -> signing.ContractEntry:
    return signing.ContractEntry(
        act=signing.ContractEntry.Act.Value(entry.act.name),
        version=entry.number,
        account=entry.account,
        display_name=entry.display_name,
        address=entry.address,
        time=time_message(entry.at),
        note=entry.note,
    )


def _signature_message(signature: Signature | None) -> signing.Signature | None:
    if signature is None:
        return None
    return signing.Signature(
        # From where the vendor's people work stands in the record, for their own eyes.
        address=signature.address if signature.side is Side.BUYER else "",
        account=signature.account,
        signer_name=signature.signer_name,
        consent_text=signature.consent_text,
        consent_version=signature.consent_version,
        document_digest=signature.document_digest,
        sign_time=time_message(signature.signed_at),
        method=signing.SignatureMethod.Value(signature.method.name),
        upload_digest=signature.upload_digest,
        certificate_subject=signature.certificate_subject,
        recognised_pages=signature.recognised_pages,
        uploaded_pages=signature.uploaded_pages,
    )
