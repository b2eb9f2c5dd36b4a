"""Invoice titles that are kept: an enterprise's own, complete for their type, one default."""

from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.invoice_profile_pb2 import InvoiceProfile

from services.ordering.tests.builders import an_invoice_title
from services.ordering.tests.desk import (
    ADMIN,
    BUYER,
    FINANCE,
    MANAGER,
    RND,
    STRANGER,
    Desk,
    request_id,
)
from services.ordering.wire import title_message
from shared.caller import Caller, Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated, Refusal
from shared.testing.callers import caller

ACME = "enterprises/acme"
NOBODYS = f"{ACME}/invoiceProfiles/0190a0a0-0000-7000-8000-000000000001"
SPECIAL = pb.InvoiceTitle.SPECIAL_VAT
ALL_SIX = {
    "type": SPECIAL,
    "address": "1 Main Street",
    "phone": "+49 30 1",
    "bank": "Sparkasse",
    "bank_account": "DE02 1203",
}


def a_profile(label: str = "Office", **more: Any) -> InvoiceProfile:
    title = title_message(an_invoice_title())
    title.MergeFrom(pb.InvoiceTitle(**more.pop("title", {})))
    return InvoiceProfile(label=label, invoice_title=title, **more)


def keep(desk: Desk, entry: InvoiceProfile, who: Caller = BUYER, **more: Any) -> InvoiceProfile:
    parent = f"enterprises/{who.enterprise}"
    asked = rpc.CreateInvoiceProfileRequest(parent=parent, invoice_profile=entry, **more)
    return desk.ask(who).CreateInvoiceProfile(asked)


def change(desk: Desk, entry: InvoiceProfile, *fields: str, who: Caller = BUYER) -> Any:
    mask = FieldMask(paths=fields)
    asked = rpc.UpdateInvoiceProfileRequest(invoice_profile=entry, update_mask=mask)
    return desk.ask(who).UpdateInvoiceProfile(asked)


def kept(desk: Desk, who: Caller = BUYER, parent: str = ACME, **more: Any) -> Any:
    asked = rpc.ListInvoiceProfilesRequest(parent=parent, **more)
    return desk.ask(who).ListInvoiceProfiles(asked)


def get(desk: Desk, name: str, who: Caller = BUYER) -> InvoiceProfile:
    return desk.ask(who).GetInvoiceProfile(rpc.GetInvoiceProfileRequest(name=name))


def delete(desk: Desk, name: str, who: Caller = BUYER, **more: Any) -> None:
    desk.ask(who).DeleteInvoiceProfile(rpc.DeleteInvoiceProfileRequest(name=name, **more))


def test_a_title_is_kept_read_changed_and_deleted(desk: Desk) -> None:
    made = keep(desk, a_profile(" Office ", title=ALL_SIX), ADMIN)
    assert made.label == "Office"
    assert made.name.startswith(f"{ACME}/invoiceProfiles/")
    assert made.invoice_title.bank_account == "DE02 1203"
    assert get(desk, made.name) == made
    made.invoice_title.email = "invoices@acme.example"
    changed = change(desk, made, who=RND)
    assert changed.invoice_title == made.invoice_title
    assert changed.etag != made.etag
    assert list(kept(desk).invoice_profiles) == [changed]
    delete(desk, made.name, etag=changed.etag)
    assert not kept(desk).invoice_profiles
    with pytest.raises(NotFound):
        get(desk, made.name)


def test_a_mask_changes_what_it_names_and_leaves_the_rest(desk: Desk) -> None:
    made = keep(desk, a_profile())
    other = InvoiceProfile(name=made.name, label="Head office")
    changed = change(desk, other, "name", "label")
    assert (changed.label, changed.invoice_title) == ("Head office", made.invoice_title)
    with pytest.raises(Malformed) as refused:
        change(desk, other, "label", "create_time")
    assert refused.value.reason == "NOTHING_OF_THE_ENTRY"


def test_one_is_the_default_the_last_one_that_was_said_to_be(desk: Desk) -> None:
    first = keep(desk, a_profile("First", default=True))
    second = keep(desk, a_profile("Second", default=True))
    assert [each.default for each in kept(desk).invoice_profiles] == [True, False]
    change(desk, InvoiceProfile(name=first.name, default=True), "default")
    assert not get(desk, second.name).default


@pytest.mark.parametrize(
    ("entry", "family", "reason", "fields"),
    [
        (a_profile(""), Malformed, "FIELDS_MISSING", "invoice_profile.label"),
        (a_profile("x" * 81), Malformed, "BAD_LABEL", "label"),
        (
            a_profile(title={"type": SPECIAL, "phone": "1"}),
            Malformed,
            "INVOICE_TITLE_INCOMPLETE",
            "invoice_title.address, invoice_title.bank, invoice_title.bank_account",
        ),
        (
            InvoiceProfile(label="Mine", invoice_title=pb.InvoiceTitle(title="Acme")),
            Malformed,
            "INVOICE_TITLE_INCOMPLETE",
            "invoice_title.type",
        ),
        (
            a_profile(title={"email": "not an address"}),
            Malformed,
            "NOT_AN_INVOICE_EMAIL",
            "invoice_title.email",
        ),
        (a_profile("office 1"), Disallowed, "LABEL_TAKEN", "label"),
    ],
)
def test_a1_what_cannot_be_invoiced_under_is_refused(
    desk: Desk, entry: InvoiceProfile, family: type[Refusal], reason: str, fields: str
) -> None:
    keep(desk, a_profile("Office 1"))
    with pytest.raises(family) as refused:
        keep(desk, entry)
    assert refused.value.reason == reason
    facts = refused.value.facts
    assert fields in (facts.get("fields", ""), facts.get("field", ""))


def test_a_stale_change_is_refused(desk: Desk) -> None:
    made = keep(desk, a_profile())
    change(desk, InvoiceProfile(name=made.name, label="Later", etag=made.etag), "label")
    for act in (
        lambda: change(desk, InvoiceProfile(name=made.name, label="X", etag=made.etag), "label"),
        lambda: delete(desk, made.name, etag=made.etag),
    ):
        with pytest.raises(Outdated) as refused:
            act()
        assert refused.value.reason == "INVOICE_PROFILE_CHANGED"


def test_too_many_are_too_many(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ordering.store.book.MOST_ENTRIES", 1)
    keep(desk, a_profile())
    with pytest.raises(Disallowed) as refused:
        keep(desk, a_profile("Another"))
    assert refused.value.reason == "TOO_MANY_INVOICE_PROFILES"


def test_a_label_may_stand_in_both_books(desk: Desk) -> None:
    keep(desk, a_profile("Office"))
    address = pb.Address(recipient="A", phone="1", street="S", city="C", country_code="DE")
    asked = rpc.CreateAddressBookEntryRequest(parent=ACME)
    asked.address_book_entry.label = "Office"
    asked.address_book_entry.address.CopyFrom(address)
    assert desk.ask().CreateAddressBookEntry(asked).label == "Office"


def test_an_order_keeps_the_title_it_was_submitted_with(desk: Desk) -> None:
    made = keep(desk, a_profile())
    order = desk.create(form=True)
    order.form.invoice_title.CopyFrom(made.invoice_title)
    asked = rpc.SubmitOrderRequest(name=order.name, form=order.form)
    submitted = desk.ask().SubmitOrder(asked)
    made.invoice_title.title = "Acme Renamed GmbH"
    change(desk, made)
    delete(desk, made.name)
    now = desk.ask().GetOrder(rpc.GetOrderRequest(name=order.name))
    assert now.form.invoice_title.title == "Acme Lighting GmbH"
    assert now.snapshot_digest == submitted.snapshot_digest


def test_nobody_else_sees_or_touches_it(desk: Desk) -> None:
    made = keep(desk, a_profile())
    own = keep(desk, a_profile(), STRANGER)
    theirs = kept(desk, STRANGER, "enterprises/globex").invoice_profiles
    assert [each.name for each in theirs] == [own.name]
    for act in (
        lambda name: get(desk, name, STRANGER),
        lambda name: delete(desk, name, STRANGER),
        lambda name: change(desk, InvoiceProfile(name=name, label="X"), "label", who=STRANGER),
    ):
        for name in (made.name, NOBODYS, f"{ACME}/invoiceProfiles/first"):
            with pytest.raises(NotFound, match=f"no invoice title {name}"):
                act(name)
    with pytest.raises(NotFound):
        kept(desk, STRANGER)
    with pytest.raises(NotFound):
        desk.ask(STRANGER).CreateInvoiceProfile(
            rpc.CreateInvoiceProfileRequest(parent=ACME, invoice_profile=a_profile("Mine"))
        )
    assert get(desk, made.name) == made


@pytest.mark.parametrize("who", [FINANCE, MANAGER, caller(Role.ENTERPRISE_FINANCE)])
def test_who_orders_nothing_keeps_no_title(desk: Desk, who: Caller) -> None:
    with pytest.raises(Forbidden):
        keep(desk, a_profile(), who)


def test_a_repeated_request_keeps_one_title(desk: Desk) -> None:
    request = request_id()
    first = keep(desk, a_profile(), request_id=request)
    assert keep(desk, a_profile(), request_id=request) == first
    tried = keep(desk, a_profile("Tried"), validate_only=True)
    assert tried.label == "Tried"
    assert len(kept(desk).invoice_profiles) == 1
