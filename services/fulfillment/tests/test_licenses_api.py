"""Licences over gRPC and on a real database: issued, sealed, opened once."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from millrun.fulfillment.v1 import fulfillment_pb2 as pb
from millrun.fulfillment.v1 import license_pb2 as message
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from millrun.ordering.v1 import events_pb2 as ordering

from services.fulfillment.domain.codes import is_genuine
from services.fulfillment.license_keys import FINGERPRINTS, generate
from services.fulfillment.service import service
from services.fulfillment.settings import FulfillmentSettings
from services.fulfillment.tests.builders import ORDER, a_purchase_order_of_licenses
from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated, Unavailable
from shared.inbox import Inbox
from shared.storage import EVERYTHING, outbox
from shared.testing.callers import caller
from shared.testing.golden import example, heard

FACTORY = caller(Role.PRODUCTION)
BUYER = caller(Role.BUYER)
COLLEAGUE = caller(Role.BUYER, account="accounts/colleague")
STRANGER = caller(Role.BUYER, enterprise="globex")
MANAGER = caller(Role.BUSINESS_MANAGER)
CODES = b"code\nKEY-0000-0001\nKEY-0000-0002\n"


class Office:
    """The fulfillment service, with an order of licences that is paid."""

    def __init__(self, databases, serving, folder, **order):
        generate(folder)
        self.folder = folder
        self.database = databases(service, settings=FulfillmentSettings(license_keys=folder))
        self.served = serving(service, self.database, license_keys=folder)
        self.told = 0
        paid = a_purchase_order_of_licenses(**order)
        self.hear(ordering.OrderClearedForLicensing(order=ORDER, purchase_order=paid))
        self.name = self.issues()[0].name

    def hear(self, event):
        self.told += 1
        letter = heard(event, aggregate=ORDER, sequence=self.told)
        Inbox(self.database, service.reactions, service.name).receive([letter])

    def ask(self, who=FACTORY):
        return self.served.stub(FulfillmentServiceStub, as_=who)

    def issues(self, who=FACTORY, **more):
        parent = "enterprises/-" if who.is_staff else f"enterprises/{who.enterprise}"
        asked = pb.ListLicenseIssuesRequest(**{"parent": parent, **more})
        return list(self.ask(who).ListLicenseIssues(asked).license_issues)

    def get(self, who=BUYER):
        return self.ask(who).GetLicenseIssue(pb.GetLicenseIssueRequest(name=self.name))

    def issue(self, who=FACTORY, **more):
        wanted = more or {"generate": 10}
        return self.ask(who).IssueLicenses(pb.IssueLicensesRequest(name=self.name, **wanted))

    def open(self, who=BUYER, **more):
        return self.ask(who).OpenLicenses(pb.OpenLicensesRequest(name=self.name, **more))

    def release(self, who=MANAGER, reason="The file was lost.", **more):
        asked = pb.ReleaseLicensesRequest(name=self.name, reason=reason, **more)
        return self.ask(who).ReleaseLicenses(asked)

    def download(self, who=BUYER):
        pieces = self.ask(who).DownloadLicenses(pb.DownloadLicensesRequest(name=self.name))
        text = b"".join(piece.data for piece in pieces).decode()
        return [row["code"] for row in csv.DictReader(io.StringIO(text))]

    def masked(self, who=BUYER, **more):
        return self.ask(who).ListLicenses(pb.ListLicensesRequest(parent=self.name, **more))

    def everything(self):
        """Return all that is stored of it, as text."""
        with self.database.transaction(EVERYTHING) as tx:
            tables = ("licenses", "license_entries", "license_issues", "outbox", "event_log")
            asked = [sa.text(f"select {name}::text from {name}") for name in (*tables, "requests")]
            return "\n".join(row for each in asked for row in tx.scalars(each))


@pytest.fixture
def office(databases, serving, tmp_path):
    return Office(databases, serving, tmp_path)


def test_a_paid_order_of_licences_opens_an_issue_for_each_line(databases, serving, tmp_path):
    office = Office(databases, serving, tmp_path, lines=2)

    [second, first] = office.issues(order=ORDER)
    assert [first.line_no, second.line_no] == [1, 2]
    assert first.license_type_display_name == "IPC SDK, video"
    assert (first.state, first.quantity) == (message.LicenseIssue.OPEN, 10)
    assert first.license_issue_no.startswith("ML-")


def test_what_ordering_tells_is_understood_as_its_example_says_it(office):
    told = example(ordering.OrderClearedForLicensing)
    told.order = told.purchase_order.order = "enterprises/acme/orders/of-the-example"
    office.hear(told)

    made = office.issues(order=told.order)
    known = {(each.line_no, each.license_type, each.quantity) for each in made}
    lines = told.purchase_order.lines
    assert known == {(each.line_no, each.license_type, each.quantity) for each in lines}


def test_codes_made_here_reach_the_buyer_once(office):
    issued = office.issue()
    assert (issued.state, issued.sealed_quantity) == (message.LicenseIssue.ISSUED, 10)
    opened = office.open()
    assert (opened.state, opened.opened_quantity) == (message.LicenseIssue.DELIVERED, 10)
    codes = office.download()

    assert len(set(codes)) == 10
    assert all(map(is_genuine, codes))
    with pytest.raises(Disallowed, match="10 of 10"):
        office.open()
    acts = [message.LicenseEntry.Act.Name(each.act) for each in office.get().entries]
    assert acts == ["ISSUED", "OPENED", "DOWNLOADED"]
    assert [each.account for each in office.get().entries] == [
        FACTORY.account,
        BUYER.account,
        BUYER.account,
    ]


def test_codes_from_elsewhere_are_imported_and_delivered_as_they_were_sent(office):
    issued = office.issue(content=CODES)
    assert (issued.state, issued.issued_quantity) == (message.LicenseIssue.OPEN, 2)
    office.open()
    assert office.download() == ["KEY-0000-0001", "KEY-0000-0002"]
    assert office.issue(generate=8).state == message.LicenseIssue.ISSUED


def test_i7_never_more_than_paid_from_a_file_or_by_many_at_once(office):
    office.issue(generate=9)
    with pytest.raises(Disallowed, match="To issue 2 is more than the 1"):
        office.issue(content=CODES)
    with ThreadPoolExecutor(4) as people:
        tries = [people.submit(office.issue, generate=1) for _ in range(4)]
    refused = [each.exception() for each in tries if each.exception()]

    assert len(refused) == 3
    assert all(isinstance(each, Disallowed) for each in refused)
    assert office.get().issued_quantity == 10


@pytest.mark.parametrize("wrong", [{"generate": 0}, {"generate": -1}, {"content": b"\n"}, {}])
def test_nothing_is_no_issue(office, wrong):
    with pytest.raises(Malformed):
        office.ask().IssueLicenses(pb.IssueLicensesRequest(name=office.name, **wrong))
    with pytest.raises(Malformed, match="5001"):
        office.issue(generate=5001)


def test_a_code_is_issued_once_whoever_had_it(databases, serving, tmp_path):
    office = Office(databases, serving, tmp_path, lines=2)
    office.issue(content=CODES)
    office.name = office.issues()[1].name
    with pytest.raises(Disallowed, match="row 3") as refused:
        office.issue(content=b"code\nKEY-0000-0009\nKEY-0000-0002\n")
    assert "KEY" not in str(refused.value.facts)
    assert office.get().issued_quantity == 0
    assert office.masked().licenses == []


def test_a_code_stands_nowhere_but_sealed(office, capfd):
    office.issue(content=CODES, request_id="r1")
    office.issue(generate=8)
    office.open(request_id="r2")
    codes = office.download()

    kept = office.everything() + capfd.readouterr().out
    assert not [code for code in codes if code in kept]
    with office.database.transaction(EVERYTHING) as tx:
        stored = b"".join(tx.scalars(sa.text("select response from requests")))
        told = str(tx.scalars(sa.select(outbox.c.body)).all())
    assert not [code for code in codes if code.encode() in stored or code in told]
    assert "LicensesOpened" in told


def test_only_who_opened_them_has_them_and_only_for_some_minutes(office):
    office.issue()
    with pytest.raises(Disallowed, match="open to you"):
        office.download()
    office.open()
    assert office.get().HasField("download_until")
    assert not office.get(COLLEAGUE).HasField("download_until")
    with pytest.raises(Disallowed, match="open to you"):
        office.download(COLLEAGUE)
    assert office.download() == office.download()  # A connection may break.
    with time_machine.travel(now() + timedelta(minutes=16)), pytest.raises(Disallowed):
        office.download()
    assert [each.act for each in office.get().entries].count(message.LicenseEntry.DOWNLOADED) == 2


def test_a_release_takes_them_from_who_had_them_and_lets_them_be_opened_again(office):
    office.issue()
    office.open()
    before = office.download()
    released = office.release()
    assert released.sealed_quantity == 10
    assert released.entries[-1].reason == "The file was lost."
    with pytest.raises(Disallowed):
        office.download()
    again = office.open(COLLEAGUE)

    assert office.download(COLLEAGUE) == before
    assert again.opened_quantity == 10


def test_a_release_says_why(office):
    office.issue()
    office.open()
    with pytest.raises(Malformed):
        office.release(reason="")


def test_codes_are_listed_masked_page_by_page(office):
    office.issue(content=CODES)
    office.issue(generate=8)
    first = office.masked(page_size=2)
    assert [(each.serial_no, each.masked_code) for each in first.licenses] == [
        (1, "…0001"),
        (2, "…0002"),
    ]
    rest = office.masked(page_token=first.next_page_token)
    assert [each.serial_no for each in rest.licenses] == list(range(3, 11))
    office.open()
    assert {each.state for each in office.masked(FACTORY).licenses} == {message.License.OPENED}


def test_each_does_their_part_only(office):
    for who in (BUYER, MANAGER):
        with pytest.raises(Forbidden):
            office.issue(who)
    office.issue()
    for who in (FACTORY, MANAGER, caller(Role.ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            office.open(who)
    with pytest.raises(Forbidden):
        office.release(BUYER)
    for ask in (office.get, office.open, office.masked, office.download):
        with pytest.raises(NotFound):
            ask(STRANGER)
    assert office.issues(STRANGER) == []


def test_what_changed_meanwhile_is_not_done_and_a_try_leaves_nothing(office):
    seen = office.get().etag
    tried = office.issue(generate=4, validate_only=True)
    assert (tried.issued_quantity, office.get().issued_quantity) == (4, 0)
    office.issue(generate=4)
    with pytest.raises(Outdated):
        office.issue(generate=4, etag=seen)
    with pytest.raises(Outdated):
        office.open(etag=seen)
    tried = office.open(validate_only=True)
    assert (tried.opened_quantity, office.get().opened_quantity) == (4, 0)


def test_a_repeated_request_gets_the_first_answer(office):
    first = office.issue(generate=4, request_id="once")
    assert office.issue(generate=4, request_id="once") == first
    assert office.get().issued_quantity == 4


def test_held_orders_wait_and_ended_ones_keep_their_codes_sealed(office):
    office.issue(generate=4)
    office.hear(ordering.OrderHeld(order=ORDER, order_no="MR-1", reason="Finance asks."))
    for ask in (office.issue, office.open):
        with pytest.raises(Disallowed, match="Finance asks"):
            ask()
    office.hear(ordering.OrderReleased(order=ORDER, order_no="MR-1", reason="Fine."))
    office.hear(ordering.OrderCancelled(order=ORDER, order_no="MR-1", reason="Not needed."))

    assert office.get().state == message.LicenseIssue.CLOSED
    with pytest.raises(Disallowed, match="order ended"):
        office.open()


def test_without_a_key_nobody_opens_what_they_could_not_have(office):
    office.issue()
    (office.folder / FINGERPRINTS).rename(office.folder / "elsewhere")
    for ask in (office.open, lambda: office.issue(generate=1)):
        with pytest.raises((Unavailable, Disallowed)):
            ask()
    assert office.get().opened_quantity == 0
