"""Contract over a real channel: who may do what, and what comes of it."""

import datetime as dt
import hashlib
from decimal import Decimal

import pytest
import sqlalchemy as sa
from millrun.contract.v1 import contract_pb2 as pb
from millrun.contract.v1 import signing_pb2 as signing
from millrun.ordering.v1 import events_pb2 as ordering

from services.contract.clocks import generate_documents
from services.contract.tests.builders import MANAGER, ORDER, order_amended, order_confirmed
from services.contract.tests.office import (
    BUYER,
    MANAGING,
    STRANGER,
    Office,
    countersigning_of,
    said,
    signing_of,
)
from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.money import Money
from shared.storage import EVERYTHING
from shared.testing.callers import caller
from shared.testing.crowds import at_once
from shared.testing.golden import example
from shared.testing.statements import statements
from shared.wire import money_from, time_message


def test_a_confirmed_order_gets_a_contract_whose_document_is_made_once(office):
    assert office.contract().state == signing.Contract.PREPARING
    contract = office.generate()

    assert contract.state == signing.Contract.GENERATED
    content = office.document()
    assert contract.document_digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert office.document() == content
    assert contract.contract_no.startswith("MC-")
    assert (contract.version, contract.addendum) == (1, False)
    assert office.told() == ["ContractGenerated"]


def test_a_document_that_is_not_made_yet_cannot_be_downloaded_or_signed(office):
    contract = office.contract()

    with pytest.raises(Disallowed, match="being prepared"):
        office.document()
    with pytest.raises(Disallowed, match="being prepared"):
        office.sign(document_digest="sha256:0")
    with pytest.raises(Disallowed, match="being prepared"):
        office.upload(b"%PDF-")
    assert office.contract() == contract


def test_a_document_that_cannot_be_made_keeps_no_other_waiting(databases, serving, tmp_path):
    office = Office(databases, serving, tmp_path)
    other = ORDER[:-1] + "2"
    office.hear(order_confirmed(order=other), sequence=1)

    assert [generate_documents(office.served.runtime) for _ in range(3)] == [1, 1, 0]
    assert office.contract().state == signing.Contract.PREPARING


def test_the_buyer_signs_and_the_manager_countersigns(office):
    contract = office.generate()
    request = signing_of(contract, request_id="one", consent_version="1-en")
    signed = office.ask().SignContract(request)
    again = office.ask().SignContract(request)
    done = office.countersign()

    assert again == signed
    assert signed.buyer_signature.account == BUYER.account
    assert signed.buyer_signature.consent_text == "I accept."
    assert signed.buyer_signature.consent_version == "1-en"
    assert signed.buyer_signature.method == signing.ELECTRONIC
    assert done.state == signing.Contract.SIGNED
    assert list(done.versions_in_force) == [1]
    assert done.vendor_signature.document_digest == contract.document_digest
    assert office.told() == ["ContractGenerated", "ContractBuyerSigned", "ContractSigned"]


def test_the_record_says_who_did_what(office):
    office.generate()
    office.sign()
    office.countersign()

    acts = [signing.ContractEntry.Act.Name(each.act) for each in office.entries()]
    assert acts == ["COUNTERSIGNED", "ACCEPTED", "GENERATED", "BEGUN"]
    countersigned, accepted, *_ = office.entries()
    assert accepted.account == BUYER.account
    assert accepted.display_name == BUYER.display_name
    assert countersigned.account == MANAGER


def test_from_where_the_vendors_people_work_is_for_them_only(office):
    office.generate()
    office.sign()
    office.countersign()
    contract = office.contract()
    with office.database.transaction(EVERYTHING) as tx:
        # Nothing but the edge knows an address, and it is not there in these tests.
        tx.execute(
            sa.text(
                "insert into entries"
                " select gen_random_uuid(), enterprise, contract_id, act, number, account,"
                " display_name, case act when 'ACCEPTED' then '192.0.2.7'"
                " else '10.0.0.9' end, 'again', at from entries"
                " where act in ('COUNTERSIGNED', 'ACCEPTED')"
            )
        )
    asked = pb.ListContractEntriesRequest(parent=contract.name)

    for who, seen in ((MANAGING, {"10.0.0.9", "192.0.2.7"}), (BUYER, {"", "192.0.2.7"})):
        found = office.ask(who).ListContractEntries(asked).entries
        assert {each.address for each in found if each.note == "again"} == seen


def test_nobody_changes_the_record_or_a_signature(office):
    office.generate()
    office.sign()

    for attempt in (
        "update entries set note = 'x'",
        "delete from entries",
        "update signatures set signer_name = 'x'",
        "delete from signatures",
    ):
        with (
            pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
            office.database.transaction(EVERYTHING) as tx,
        ):
            tx.execute(sa.text(attempt))


def test_a_dry_run_signs_nothing(office):
    contract = office.generate()
    answer = office.sign(validate_only=True)

    assert answer.state == signing.Contract.BUYER_SIGNED
    assert office.contract() == contract
    assert len(office.entries()) == 2


def test_what_may_not_be_signed_is_refused_in_words(office):
    contract = office.generate()

    with pytest.raises(Outdated, match="You read document sha256:00"):
        office.sign(document_digest="sha256:00")
    with pytest.raises(Outdated, match="changed since you read it"):
        office.sign(etag="77")
    with pytest.raises(Malformed, match="signer_name"):
        office.sign(signer_name="")
    with pytest.raises(Forbidden):
        office.ask(caller(Role.RND)).SignContract(signing_of(contract))
    with pytest.raises(Forbidden):
        office.ask(MANAGING).SignContract(signing_of(contract))
    with pytest.raises(Disallowed, match="is generated and cannot be countersigned"):
        office.countersign()
    other = caller(Role.BUSINESS_MANAGER, account="accounts/other")
    with pytest.raises(Forbidden, match="own business manager"):
        office.countersign(other)


def test_a_deputy_countersigns_and_the_record_says_for_whom(office):
    office.generate()
    office.sign()
    deputy = caller(Role.BUSINESS_MANAGER, account="accounts/other")
    standing_in = type(deputy)(**{**vars(deputy), "deputy_of": frozenset({MANAGER})})

    with pytest.raises(Forbidden):
        office.countersign(deputy)
    done = office.countersign(standing_in)
    assert done.vendor_signature.account == "accounts/other"
    assert office.entries()[0].note == f"for {MANAGER}"


def test_a_returned_contract_is_signed_anew(office):
    contract = office.generate()
    office.sign()
    asked = pb.ReturnContractRequest(name=contract.name, reason="The scan is cut off.")

    with pytest.raises(Forbidden):
        office.ask().ReturnContract(asked)
    returned = office.ask(MANAGING).ReturnContract(asked)
    assert returned.state == signing.Contract.GENERATED
    assert returned.return_reason == "The scan is cut off."
    assert not returned.HasField("buyer_signature")
    assert office.sign().state == signing.Contract.BUYER_SIGNED
    assert office.told()[-2:] == ["ContractReturned", "ContractBuyerSigned"]


def test_of_two_who_countersign_at_once_one_is_told(office):
    office.generate()
    office.sign()
    request = countersigning_of(office.contract())
    done = at_once(lambda _: office.ask(MANAGING).CountersignContract(request), 6)

    assert len([each for each in done if not isinstance(each, Exception)]) == 1
    refused = [each for each in done if isinstance(each, Exception)]
    assert all(isinstance(each, (Disallowed, Outdated)) for each in refused), refused
    assert office.told().count("ContractSigned") == 1


def test_a_foreign_contract_does_not_exist(office):
    contract = office.generate()
    missing = contract.name[:-4] + "ffff"
    ask = office.ask(STRANGER)

    for name in (contract.name, missing, "enterprises/acme/contracts/nonsense"):
        for question in (
            lambda name: ask.GetContract(pb.GetContractRequest(name=name)),
            lambda name: list(ask.DownloadContract(pb.DownloadContractRequest(name=name))),
            lambda name: list(ask.DownloadSignedCopy(pb.DownloadSignedCopyRequest(name=name))),
            lambda name: ask.ListContractVersions(pb.ListContractVersionsRequest(parent=name)),
            lambda name: ask.ListContractEntries(pb.ListContractEntriesRequest(parent=name)),
            lambda name: ask.CompareContractVersions(
                pb.CompareContractVersionsRequest(name=name, before=1, after=1)
            ),
            lambda name: ask.UploadSignedContract(
                pb.UploadSignedContractRequest(name=name, content=b"x", signer_name="S.")
            ),
        ):
            with pytest.raises(NotFound) as refused:
                question(name)
            assert str(refused.value) == f"There is no contract {name}."
    with pytest.raises(NotFound):
        ask.SignContract(signing_of(contract))
    with pytest.raises(NotFound):
        ask.ListContracts(pb.ListContractsRequest(parent="enterprises/acme"))
    with pytest.raises(NotFound):
        office.ask().ListContracts(pb.ListContractsRequest(parent="enterprises/-"))


def test_production_sees_no_contracts(office):
    with pytest.raises(Forbidden):
        office.contract(caller(Role.PRODUCTION))


def test_a_version_that_ended_before_it_was_printed_says_so(office):
    office.hear(order_amended(quantity=1200))
    office.generate()
    with pytest.raises(NotFound, match=r"Version 1 of contract MC-.* ended before its document"):
        office.document(version=1)
    assert office.document(version=2)


def test_a_contract_whose_order_ended_before_it_was_printed_is_prepared_no_more(office):
    with pytest.raises(Disallowed, match="is being prepared"):
        office.document()
    office.hear(ordering.OrderCancelled(order=ORDER))
    with pytest.raises(NotFound, match="ended before its document was made"):
        office.document()


@pytest.mark.parametrize("ended", ["OrderCancelled", "OrderReplaced", "OrderExpired"])
def test_a_contract_ends_with_its_order(office, ended):
    office.generate()
    office.hear(getattr(ordering, ended)(order=ORDER))

    assert office.contract().state == signing.Contract.VOID
    assert office.told()[-1] == "ContractVoided"


@pytest.mark.parametrize("addendum", [False, True])
def test_what_both_signed_is_void_when_its_order_ends_by_request(office, addendum):
    office.generate()
    office.sign()
    office.countersign()
    if addendum:
        office.hear(order_amended(quantity=1200, addendum_suffices=True))
        office.generate()
    ended = example(ordering.OrderCancelled)
    ended.order = ORDER
    office.hear(ended)

    contract = office.contract()
    why = "The order was cancelled: Not needed any more. The buyer owes 907.50 CNY for it."
    assert contract.state == signing.Contract.VOID
    assert not contract.versions_in_force
    assert {each.end_reason for each in office.versions()} == {why}
    (ended, *_) = office.versions()
    assert (ended.end_cause, ended.end_note) == (signing.ORDER_CANCELLED, "Not needed any more.")
    assert money_from(ended.end_liability) == Money("CNY", Decimal("907.50"))
    assert (office.entries()[0].act, office.entries()[0].note) == (
        signing.ContractEntry.VOIDED,
        "Not needed any more.",
    )
    told = office.last_told()
    assert (told["reason"], told["cause"]) == (why, "ORDER_CANCELLED")
    assert told["orderReason"] == "Not needed any more."
    assert office.document(), "what was signed can still be read"
    with pytest.raises(Disallowed):
        office.sign()


def test_an_amendment_voids_the_buyers_signature_and_says_what_changed(office):
    office.generate()
    office.sign()
    office.hear(order_amended(quantity=1200))
    told = office.last_told()

    assert office.contract().state == signing.Contract.PREPARING
    assert not office.contract().HasField("buyer_signature")
    assert told["signaturesVoided"]
    assert {"clause": "GOODS", "lineNo": 1, "field": "quantity"}.items() <= {
        key: value
        for each in told["differences"]
        if each["field"] == "quantity"
        for key, value in each.items()
    }.items()
    contract = office.generate()
    assert (contract.version, contract.total.units) == (2, 14700)
    assert office.sign().state == signing.Contract.BUYER_SIGNED


def test_an_addendum_amends_what_stays_in_force(office):
    office.generate()
    office.sign()
    office.countersign()
    office.hear(order_amended(quantity=1200, addendum_suffices=True))
    contract = office.generate()

    assert (contract.version, contract.addendum) == (2, True)
    assert list(contract.versions_in_force) == [1]
    office.sign()
    assert office.last_told()["addendum"], "who hears of the signature knows under what it stands"
    asked = pb.ReturnContractRequest(name=contract.name, reason="Whose is it?")
    office.ask(MANAGING).ReturnContract(asked)
    assert office.last_told()["addendum"]
    office.sign()
    assert list(office.countersign().versions_in_force) == [1, 2]
    newest, first = office.versions()
    standing = signing.ContractVersion.State.Name
    assert [standing(newest.state), standing(first.state)] == ["SIGNED", "SIGNED"]
    assert {each.field for each in newest.differences} >= {"quantity", "deposit", "total"}
    assert office.document(1) != office.document(2)


def test_what_ordering_tells_is_followed(office):
    confirmed, amended = example(ordering.OrderConfirmed), example(ordering.OrderAmended)
    for event in (confirmed, amended):
        event.order = event.purchase_order.order = ORDER[:-1] + "7"
    office.hear(confirmed, sequence=1)
    office.hear(amended, sequence=2)
    contract = office.generate()

    assert (contract.version, contract.order) == (2, amended.order)
    assert contract.total.units == amended.purchase_order.total.units


def test_an_order_confirmed_anew_makes_a_new_version(office):
    office.generate()
    later = now() + dt.timedelta(days=60)
    office.hear(order_confirmed(valid_until=later))
    contract = office.generate()

    assert contract.version == 2
    assert contract.valid_until.seconds == int(later.timestamp())


def test_two_versions_are_compared_either_way(office):
    office.generate()
    office.hear(order_amended(quantity=1200))
    name = office.generate().name
    compare = office.ask().CompareContractVersions

    there = compare(pb.CompareContractVersionsRequest(name=name, before=1, after=2)).differences
    back = compare(pb.CompareContractVersionsRequest(name=name, before=2, after=1)).differences
    quantity = next(said(each) for each in there if each.field == "quantity")
    assert quantity == {
        "clause": "GOODS",
        "lineNo": 1,
        "field": "quantity",
        "before": "1,000",
        "after": "1,200",
    }
    assert [(each.before, each.after) for each in there] == [
        (each.after, each.before) for each in back
    ]
    with pytest.raises(NotFound, match="has no version 3"):
        compare(pb.CompareContractVersionsRequest(name=name, before=1, after=3))


def listed(office, **more):
    asked = pb.ListContractsRequest(**{"parent": "enterprises/-", **more})
    return [
        each.contract_no for each in office.ask(caller(Role.FINANCE)).ListContracts(asked).contracts
    ]


def test_lists_filter_by_order_state_and_date(office):
    office.generate()
    tomorrow = time_message(now() + dt.timedelta(days=1))

    assert len(listed(office)) == 1
    assert not listed(office, order="other")
    assert not listed(office, state=signing.Contract.PREPARING)
    assert listed(office, created_before=tomorrow)
    assert not listed(office, created_from=tomorrow)
    assert not listed(office, parent="enterprises/globex")


def test_a_contract_is_found_by_how_a_number_begins_or_ends(office):
    number = office.generate().contract_no

    for search in (number, number.lower(), number[:8], number[-3:], "MR-2026-000001", "MR-", "001"):
        assert listed(office, search=search) == [number], search
    for search in (f'"{number}"', f"“{number}”", "「MR-2026-000001」", "ＭＲ－", " mr-2026 "):
        assert listed(office, search=search) == [number], search
    for search in ("MC-1999", "%", "_", "9", "MR-2026-000001x", "\\"):
        assert not listed(office, search=search), search


def test_numbers_are_found_by_their_index(office):
    from services.contract.queries import _numbered_like
    from services.contract.store import contracts

    with office.database.transaction(EVERYTHING) as tx:
        tx.connection().exec_driver_sql("set local enable_seqscan = off")
        found = contracts.select().with_only_columns(contracts.c.id).where(_numbered_like("000123"))
        text = str(found.compile(tx.connection(), compile_kwargs={"literal_binds": True}))
        plan = tx.connection().exec_driver_sql(f"explain {text.replace('%', '%%')}").scalars().all()
    whole = "\n".join(plan)
    assert "Seq Scan" not in whole
    assert whole.count("Bitmap Index Scan") == 4


def test_a_list_asks_the_same_of_its_database_however_long_it_is(office):
    office.generate()
    with statements(office.database) as one:
        listed(office)
    for number in range(2, 6):
        office.hear(order_confirmed(order=f"{ORDER[:-1]}{number}"), sequence=1)
    office.generate()
    with statements(office.database) as many:
        assert len(listed(office)) == 5
    assert len(many) == len(one)
    assert not any("terms" in each.partition(" FROM ")[0] for each in many)


def test_an_order_that_needs_no_contract_gets_none(office):
    confirmed = order_confirmed(order=f"{ORDER[:-1]}7")
    confirmed.purchase_order.no_contract = True
    office.hear(confirmed, sequence=1)

    contracts = office.ask(caller(Role.FINANCE)).ListContracts(
        pb.ListContractsRequest(parent="enterprises/-")
    )
    assert confirmed.order not in {each.order for each in contracts.contracts}
