"""The order passport over the wire: fetched by those concerned, proved by anybody."""

import json
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.passport_pb2 import Passport

from services.ordering.passport_keys import generate
from services.ordering.tests.desk import ADMIN, BUYER, FACTORY, MANAGER, STRANGER, Desk
from shared.caller import Caller
from shared.errors import Disallowed, Forbidden, NotFound
from shared.passport import main, prove
from shared.testing.statements import statements
from shared.wire import money_from


def passport_of(desk: Desk, order: pb.Order, who: Caller = BUYER, **more: int) -> Passport:
    return desk.ask(who).GetPassport(rpc.GetPassportRequest(name=f"{order.name}/passport", **more))


def keys(desk: Desk) -> rpc.ListPassportKeysResponse:
    return desk.ask().ListPassportKeys(rpc.ListPassportKeysRequest())


def verify(desk: Desk, **what: object) -> rpc.VerifyPassportResponse:
    return desk.ask().VerifyPassport(rpc.VerifyPassportRequest(**what))  # type: ignore[arg-type]


def amend(desk: Desk, order: pb.Order, street: str, **more: object) -> pb.Order:
    address = pb.Address()
    address.CopyFrom(order.form.delivery_address)
    address.street = street
    change = rpc.OrderChange(delivery_address=address)
    asked = rpc.AmendOrderRequest(name=order.name, changes=[change], reason="We moved.", **more)  # type: ignore[arg-type]
    return desk.ask().AmendOrder(asked)


def test_what_was_submitted_is_signed_and_proved_with_what_is_published(desk: Desk) -> None:
    order = desk.submitted()
    passport = passport_of(desk, order)
    published = MessageToDict(keys(desk))

    assert passport.digest == order.snapshot_digest
    assert prove(passport.content, passport.signature, published) == passport.key_id
    assert json.loads(passport.content)["orderNo"] == order.order_no
    found = verify(desk, content=passport.content, signature=passport.signature)
    assert (found.genuine, found.latest, found.key_id) == (True, True, passport.key_id)
    assert verify(desk, digest=passport.digest).genuine


def test_one_changed_byte_is_detected(desk: Desk) -> None:
    passport = passport_of(desk, desk.submitted())
    changed = passport.content.replace(b'"quantity":100', b'"quantity":900')
    assert changed != passport.content
    found = verify(desk, content=changed, signature=passport.signature)

    assert not found.genuine
    assert "not what was signed" in found.reason
    assert not verify(desk, digest="sha256:" + "0" * 64).genuine
    assert not verify(desk).genuine


def test_a_digest_beside_another_content_is_noticed(desk: Desk) -> None:
    first, second = (passport_of(desk, desk.submitted()) for _ in range(2))
    sent = {"content": first.content, "signature": first.signature}

    assert verify(desk, **sent, digest=first.digest).genuine
    found = verify(desk, **sent, digest=second.digest)
    assert (found.genuine, found.digest) == (False, first.digest)
    assert found.reason == "The digest that was sent is not that of the content."


def test_a_passport_is_verified_as_it_is_handed_out_and_an_edit_beside_it_is_noticed(
    desk: Desk,
) -> None:
    order = desk.submitted()
    amend(desk, order, "Nebenstrasse 2")
    handed_out = MessageToDict(passport_of(desk, order))
    answer = desk.ask().VerifyPassport(ParseDict(handed_out, rpc.VerifyPassportRequest()))
    assert (answer.genuine, answer.reason) == (True, "")

    edited = {
        "order": f"{order.name}0",
        "revision": 0,
        "key_id": "another",
        "sign_time": "2026-01-01T00:00:00Z",
    }
    for field, said in edited.items():
        sent = ParseDict(handed_out, rpc.VerifyPassportRequest())
        ParseDict({field: said}, sent)
        answer = desk.ask().VerifyPassport(sent)
        assert not answer.genuine
        assert answer.reason == f"The {field} that was sent is not that of what was signed."


def test_a_digest_is_known_however_it_is_typed(desk: Desk) -> None:
    digest = passport_of(desk, desk.submitted()).digest
    for typed in (f" {digest}\n", digest.upper(), digest.removeprefix("sha256:")):
        assert verify(desk, digest=typed).genuine


def test_the_answers_as_files_are_proved_without_any_service(desk: Desk, tmp_path: Path) -> None:
    files = [tmp_path / "passport.json", tmp_path / "keys.json"]
    order = desk.submitted()
    first = passport_of(desk, order)
    amend(desk, order, "Nebenstrasse 2")
    files[1].write_text(json.dumps(MessageToDict(keys(desk))))
    for passport in (first, passport_of(desk, order)):
        answer = MessageToDict(passport)
        files[0].write_text(json.dumps(answer))
        assert main([str(file) for file in files]) == 0
        files[0].write_text(json.dumps(answer | {"revision": 1 - passport.revision}))
        assert main([str(file) for file in files]) == 1


def test_an_older_key_proves_what_it_signed_after_the_next_one_signs(
    desk: Desk, passport_keys: Path
) -> None:
    before = passport_of(desk, desk.submitted())
    generate(passport_keys)
    after = passport_of(desk, desk.submitted())

    assert before.key_id != after.key_id
    assert [key.kid for key in keys(desk).keys][:2] == [after.key_id, before.key_id]
    for each in (before, after):
        assert verify(desk, content=each.content, signature=each.signature).genuine


def test_a_passport_has_prices_so_only_those_concerned_get_it(desk: Desk) -> None:
    order = desk.submitted()
    for who in (BUYER, ADMIN, MANAGER):
        assert passport_of(desk, order, who).digest == order.snapshot_digest
    with pytest.raises(NotFound):
        passport_of(desk, order, STRANGER)
    with pytest.raises(Forbidden):
        passport_of(desk, order, FACTORY)
    with pytest.raises(NotFound):
        passport_of(desk, desk.create())


def test_i2_every_revision_stays_as_it_was_and_can_be_compared(desk: Desk) -> None:
    order = desk.submitted()
    first = passport_of(desk, order)
    amended = amend(desk, order, "Nebenstrasse 2")

    assert (amended.revision, amended.state) == (1, pb.Order.INTENTION)
    assert passport_of(desk, order, revision=0) == first
    assert passport_of(desk, order).digest == amended.snapshot_digest != first.digest
    assert not verify(desk, digest=first.digest).latest
    listed = desk.ask().ListOrderRevisions(rpc.ListOrderRevisionsRequest(parent=order.name))
    assert [(each.revision, each.reason) for each in listed.revisions] == [
        (1, "We moved."),
        (0, ""),
    ]
    asked = rpc.CompareOrderRevisionsRequest(name=order.name, before=0, after=1)
    [difference] = desk.ask().CompareOrderRevisions(asked).differences
    assert difference.field == "form.delivery_address.street"
    assert (difference.before, difference.after) == ("Hauptstrasse 1", "Nebenstrasse 2")
    with pytest.raises(NotFound):
        passport_of(desk, order, revision=7)


def test_a_revision_says_who_asked_for_it_and_what_it_costs(desk: Desk) -> None:
    order = desk.confirmed()
    asked = rpc.AmendOrderRequest(
        name=order.name, changes=[rpc.OrderChange(line_no=2, remove_line=True)], reason="Less."
    )
    desk.ask().AmendOrder(asked)
    desk.ask(MANAGER).ConfirmAmendment(rpc.ConfirmAmendmentRequest(name=order.name))
    listed = desk.ask().ListOrderRevisions(rpc.ListOrderRevisionsRequest(parent=order.name))
    after, before = listed.revisions

    assert (before.proposed_by, after.proposed_by) == (BUYER.account, BUYER.account)
    assert str(money_from(before.total)) == "9,075.00 CNY"
    assert not before.HasField("deposit"), "nothing was agreed on yet"
    assert str(money_from(after.deposit)) == str(money_from(after.total).percent(30))
    assert [(each.line_no, each.field, each.after) for each in after.changes][:1] == [
        (2, "line", "")
    ]
    assert all(each.line_no in {0, 2} for each in after.changes)


def test_to_sign_takes_no_statement_more(desk: Desk) -> None:
    order = desk.create()
    with statements(desk.database) as sent:
        desk.submit(order)
    assert sum("order_snapshots" in each for each in sent) == 1


def test_what_a_change_costs_is_shown_and_nothing_is_changed(desk: Desk) -> None:
    order = desk.confirmed()
    change = rpc.OrderChange(line_no=2, quantity=2000)
    asked = rpc.AmendOrderRequest(
        name=order.name, changes=[change], reason="More.", validate_only=True
    )
    preview = desk.ask().AmendOrder(asked)

    meant = preview.amendment
    assert (str(money_from(meant.total_before)), str(money_from(meant.total_after))) == (
        "9,075.00 CNY",
        "17,200.00 CNY",
    )
    assert meant.to_be_signed
    assert desk.get(order) == order


def test_buyer_and_manager_agree_on_a_change_one_after_the_other(desk: Desk) -> None:
    order = desk.confirmed()
    change = rpc.OrderChange(line_no=2, quantity=1200)
    asked = rpc.AmendOrderRequest(name=order.name, changes=[change], reason="More.")
    order = desk.ask().AmendOrder(asked)
    assert order.waiting_on.party == pb.WaitingOn.BUSINESS_MANAGER
    assert desk.get(order).amendment.total_after.units == 10700
    order = desk.ask(MANAGER).ConfirmAmendment(rpc.ConfirmAmendmentRequest(name=order.name))

    assert (order.total.units, order.lines[1].quantity) == (10700, 1200)
    assert desk.told()[-2:] == ["OrderAmendmentProposed", "OrderAmended"]
    with pytest.raises(Disallowed):
        desk.ask(MANAGER).ConfirmAmendment(rpc.ConfirmAmendmentRequest(name=order.name))


def test_who_is_waited_on_has_a_time_to_act(desk: Desk) -> None:
    waiting = desk.submitted().waiting_on
    assert (waiting.due_time.seconds - waiting.since.seconds, waiting.overdue) == (2 * 86400, False)
