"""Files of an order: told by what is in them, looked at first, and part of what was submitted."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from google.protobuf.message import Message
from millrun.ordering.v1 import events_pb2
from millrun.ordering.v1 import order_pb2 as pb
from millrun.ordering.v1 import ordering_pb2 as rpc
from openpyxl import Workbook

from services.ordering.domain import life
from services.ordering.domain.attaching import MOST_ATTACHMENTS, insist_room
from services.ordering.domain.words import CLOSED, State
from services.ordering.inspection import looking
from services.ordering.tests.builders import BUYER as CHEN
from services.ordering.tests.builders import a_form, an_order
from services.ordering.tests.desk import (
    ADMIN,
    BRAND,
    BUYER,
    ENGINEER,
    FACTORY,
    FINANCE,
    GADGET,
    MANAGER,
    OTHER_MANAGER,
    RND,
    STRANGER,
    Desk,
    request_id,
)
from services.ordering.wire import form_message
from shared.caller import Caller
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated, Refusal
from shared.pieces import LARGEST
from shared.testing.hostile import CORPUS, archive, plain, png

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(**parts: bytes) -> bytes:
    """Return a workbook, with more parts if a test is about them."""
    made, book = io.BytesIO(), Workbook()
    assert book.active is not None
    book.active.append(["carton", 10])
    book.save(made)
    with zipfile.ZipFile(made, "a") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


def attach(
    desk: Desk,
    order: Message,
    content: bytes = b"Ring twice.",
    file_name: str = "note.txt",
    who: Caller = BUYER,
    **more: Any,
) -> pb.Order:
    name: str = order.name  # type: ignore[attr-defined]
    asked = rpc.AttachFileRequest(name=name, file_name=file_name, content=content, **more)
    # What asks takes it apart.
    return desk.ask(who).AttachFile(asked)  # type: ignore[arg-type]


def remove(desk: Desk, order: pb.Order, digest: str, who: Caller = BUYER, **more: Any) -> pb.Order:
    asked = rpc.RemoveAttachmentRequest(name=order.name, digest=digest, **more)
    return desk.ask(who).RemoveAttachment(asked)


def load(desk: Desk, order: pb.Order, digest: str, who: Caller = BUYER) -> tuple[str, bytes]:
    asked = rpc.DownloadAttachmentRequest(name=order.name, digest=digest)
    parts = list(desk.ask(who).DownloadAttachment(asked))
    return parts[0].content_type, b"".join(part.data for part in parts)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (plain(), "application/pdf"),
        (png(9, 9), "image/png"),
        (workbook(), XLSX),
        (b"carton,pieces\n1,10\n2,10\n", "text/csv"),
        ("箱号\t数量\n1\t10\n".encode("gb18030"), "text/csv"),
        ("箱号;数量\n1;10\n".encode("utf-16"), "text/csv"),
        ("\ufeffRing twice, please.\n".encode(), "text/plain"),
        (b"one,two\nthree\n", "text/plain"),
    ],
)
def test_what_a_file_is_its_content_says_and_not_its_name(
    desk: Desk, content: bytes, media_type: str
) -> None:
    order = attach(desk, desk.create(), content, "C:\\Users\\chen\\run.exe")

    [kept] = order.attachments
    assert (kept.file_name, kept.media_type) == ("run.exe", media_type)
    assert kept.size_bytes == len(content)
    assert kept.digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert kept.attached_by == BUYER.account
    assert load(desk, order, kept.digest) == (media_type, content)
    assert desk.get(order) == order


NOT_TAKEN: dict[str, Callable[[], bytes]] = {
    "archive": archive,
    "program": lambda: b"MZ\x90\x00\x03" + bytes(99),
    "web page": lambda: b"\n <!doctype html><script>alert(1)</script>",
    "drawing with a script": lambda: b"<svg onload='alert(1)'/>",
    "nothing but spaces": lambda: b" \n ",
    "text with controls": lambda: b"one\x1btwo",
    "text no one can read": lambda: b"\xff\xff\xff\xff",
}


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_is_none_of_these_is_not_taken(desk: Desk, name: str) -> None:
    draft = desk.create()
    with pytest.raises(Malformed) as refused:
        attach(desk, draft, NOT_TAKEN[name](), "note.pdf")
    assert refused.value.reason == "ATTACHMENT_NOT_ACCEPTED"
    assert not desk.get(draft).attachments


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/activeX/activeX1.bin", "controls"),
        ("xl/embeddings/oleObject1.bin", "another file"),
        ("xl/externalLinks/externalLink1.xml", "links to other files"),
        ("xl/connections.xml", "links to other files"),
    ],
)
def test_a_workbook_that_would_act_is_refused(desk: Desk, part: str, what: str) -> None:
    with pytest.raises(Malformed, match=f"holds {what}") as refused:
        attach(desk, desk.create(), workbook(**{part: b"x"}), "list.xlsx")
    assert refused.value.reason == "ATTACHMENT_IS_ACTIVE"


HOSTILE = ("script by another name", "encrypted", "PDF and archive", "truncated PNG", "PNG bomb")


@pytest.mark.parametrize("name", HOSTILE)
def test_scans_are_looked_at_as_everywhere(desk: Desk, name: str) -> None:
    make, refusal = CORPUS[name]
    with pytest.raises(Malformed) as refused:
        attach(desk, desk.create(), make())
    assert refused.value.reason.replace("_", "").lower() == refusal.lower()


def bomb() -> bytes:
    """Return a small workbook that unpacks to more than anybody has."""
    made = io.BytesIO(workbook())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet9.xml", bytes(201 * 1024**2))
    return made.getvalue()


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (bomb, "FileTooHeavy"),
        (lambda: workbook()[:-40], "FileUnreadable"),
        (lambda: b"PK\x03\x04" + bytes(40), "FileUnreadable"),
        (lambda: b"a,b\n1,2\n" + archive(), "FileIsTwo"),
    ],
)
def test_a_workbook_is_looked_at_without_unpacking_it(
    make: Callable[[], bytes], refusal: str
) -> None:
    with pytest.raises(Refusal) as refused:
        looking.look(make())
    assert type(refused.value).__name__ == refusal


def test_the_same_file_again_is_none(desk: Desk) -> None:
    order = attach(desk, desk.create())
    assert len(attach(desk, order, file_name="again.txt").attachments) == 1


def test_a_file_is_removed_from_a_draft_and_stays_once_it_was_submitted(desk: Desk) -> None:
    draft = attach(desk, attach(desk, desk.create()), b"Another.", who=RND)
    first, second = (each.digest for each in draft.attachments)
    left = remove(desk, draft, first, etag=draft.etag)
    assert [each.digest for each in left.attachments] == [second]
    with pytest.raises(NotFound, match=f"has no attachment {first}"):
        load(desk, draft, first)
    with pytest.raises(NotFound):
        remove(desk, draft, first)
    submitted = desk.submit(left)
    with pytest.raises(Disallowed) as refused:
        remove(desk, submitted, second)
    assert refused.value.reason == "ATTACHMENT_WAS_SUBMITTED"


def test_r14_what_an_order_was_submitted_with_is_part_of_what_was_ordered(desk: Desk) -> None:
    draft = attach(desk, desk.create())
    order = attach(desk, desk.submit(draft), b"Later.", "later.txt")

    letter, _ = desk.letters()
    event = letter.open()
    assert isinstance(event, events_pb2.OrderSubmitted)
    assert list(event.purchase_order.attachments) == [order.attachments[0]]
    told = dict(letter.data["purchaseOrder"])
    told.pop("snapshotDigest")
    assert order.snapshot_digest == f"sha256:{hashlib.sha256(rfc8785.dumps(told)).hexdigest()}"
    asked = rpc.GetPassportRequest(name=f"{order.name}/passport")
    content = desk.ask().GetPassport(asked).content
    assert order.attachments[0].digest.encode() in content
    assert order.attachments[1].digest.encode() not in content


def test_an_order_without_files_is_known_by_the_digest_it_always_had(desk: Desk) -> None:
    desk.submitted()
    [letter] = desk.letters()
    assert "attachments" not in letter.data["purchaseOrder"]


def test_a_file_is_taken_while_the_order_is_open() -> None:
    for state in State:
        order = an_order(state)
        if state in CLOSED:
            with pytest.raises(Disallowed, match="nothing can be attached"):
                insist_room(order)
        else:
            insist_room(order)


def test_ten_files_are_enough(desk: Desk) -> None:
    order = desk.create()
    for number in range(MOST_ATTACHMENTS):
        order = attach(desk, order, b"Carton %d." % number)
    with pytest.raises(Disallowed) as refused:
        attach(desk, order, b"One more.")
    assert refused.value.reason == "TOO_MANY_ATTACHMENTS"
    assert len(desk.get(order).attachments) == 10


@pytest.mark.parametrize("file_name", [" ", "x" * 201, "a\nb.txt", "folder/"])
def test_a_file_has_a_name_people_can_read(desk: Desk, file_name: str) -> None:
    with pytest.raises(Malformed) as refused:
        attach(desk, desk.create(), file_name=file_name)
    assert refused.value.reason in ("BAD_FILE_NAME", "FIELDS_MISSING")


def test_customers_and_managers_read_it_and_nobody_else(desk: Desk) -> None:
    draft = desk.create((GADGET, 100))
    order = desk.submit(attach(desk, draft), form=form_message(a_form()))
    [kept] = order.attachments
    for who in (ADMIN, RND, MANAGER, ENGINEER):
        assert load(desk, order, kept.digest, who)[1] == b"Ring twice."
        assert list(desk.get(order, who).attachments) == [kept]
    for other in (FINANCE, FACTORY):
        with pytest.raises(Forbidden):
            load(desk, order, kept.digest, other)
    with pytest.raises(NotFound, match="There is no order"):
        load(desk, order, kept.digest, STRANGER)
    with pytest.raises(Forbidden) as refused:
        load(desk, order, kept.digest, BRAND)
    assert refused.value.reason == "NOT_YOUR_ORDER"
    assert not desk.get(order, BRAND).attachments
    for act in (
        lambda: attach(desk, order, who=BRAND),
        lambda: remove(desk, order, kept.digest, BRAND),
        lambda: attach(desk, order, who=FINANCE),
        lambda: attach(desk, order, b"More.", who=OTHER_MANAGER),
        lambda: attach(desk, order, who=ADMIN),
    ):
        with pytest.raises(Forbidden):
            act()


def test_what_is_attached_elsewhere_is_not_had_by_its_digest(desk: Desk) -> None:
    [kept] = attach(desk, desk.create()).attachments
    with pytest.raises(NotFound):
        load(desk, desk.create(), kept.digest)


def test_a_stale_repeated_or_tried_attachment_is_refused_kept_once_or_not_at_all(
    desk: Desk,
) -> None:
    draft, request = desk.create(), request_id()
    tried = attach(desk, draft, validate_only=True)
    assert len(tried.attachments) == 1
    assert desk.get(draft) == draft
    first = attach(desk, draft, request_id=request, etag=draft.etag)
    assert attach(desk, draft, request_id=request, etag=draft.etag) == first
    with pytest.raises(Outdated):
        attach(desk, draft, b"Another.", etag=draft.etag)
    with pytest.raises(Outdated):
        remove(desk, draft, first.attachments[0].digest, etag=draft.etag)


def test_a_file_too_large_is_refused(desk: Desk) -> None:
    with pytest.raises(Malformed) as refused:
        attach(desk, desk.create(), bytes(LARGEST + 1))
    assert refused.value.reason == "FILE_TOO_LARGE"


def test_what_takes_the_place_of_an_order_has_its_files(desk: Desk) -> None:
    order = desk.submit(attach(desk, desk.create()))
    replaced = desk.ask().ReplaceOrder(rpc.ReplaceOrderRequest(name=order.name))
    assert list(replaced.attachments) == list(order.attachments)
    assert load(desk, replaced, order.attachments[0].digest)[1] == b"Ring twice."
    again = desk.ask().ReorderOrder(rpc.ReorderOrderRequest(name=order.name)).order
    assert not again.attachments
    assert life.replace(an_order(State.INTENTION), order_no="MR-2", buyer=CHEN).attachments == ()


def told(desk: Desk) -> list[Any]:
    """Return what was told of files, in its order."""
    opened = (letter.open() for letter in desk.letters())
    kinds = events_pb2.OrderFileAttached, events_pb2.OrderFileRemoved
    return [each for each in opened if isinstance(each, kinds)]


def test_what_comes_after_the_submit_is_told_to_the_other_side(desk: Desk) -> None:
    order = desk.submit(attach(desk, desk.create()))
    assert told(desk) == []
    order = attach(desk, order, b"Later.", "later.txt", who=RND)
    attach(desk, order, b"An offer.", "offer.txt", who=MANAGER)
    attach(desk, order, b"An offer.", "again.txt", who=MANAGER)

    kept = desk.get(order).attachments
    assert [each.by_vendor for each in kept] == [False, False, True]
    mine, theirs = told(desk)
    assert (mine.file_name, mine.by_vendor, mine.asked) == ("later.txt", False, MANAGER.account)
    assert (theirs.file_name, theirs.by_vendor, theirs.asked) == ("offer.txt", True, BUYER.account)
    assert (theirs.digest, theirs.size_bytes, theirs.media_type) == (
        kept[2].digest,
        9,
        "text/plain",
    )
    assert desk.letters()[-1].actor == MANAGER.account


def test_what_came_later_is_removed_by_the_side_that_attached_it(desk: Desk) -> None:
    order = attach(desk, desk.submit(attach(desk, desk.create())), b"Later.", "later.txt")
    order = attach(desk, order, b"An offer.", "offer.txt", who=ENGINEER)
    _, later, offer = (each.digest for each in order.attachments)
    for digest, who in ((later, MANAGER), (offer, BUYER)):
        with pytest.raises(Forbidden) as refused:
            remove(desk, order, digest, who)
        assert refused.value.reason == "ATTACHMENT_OF_THE_OTHERS"
    with pytest.raises(Forbidden) as refused:
        remove(desk, order, offer, OTHER_MANAGER)
    assert refused.value.reason == "NOT_ASSIGNED"
    remove(desk, order, offer, MANAGER)
    left = remove(desk, order, later)

    assert len(left.attachments) == 1
    gone = [each for each in told(desk) if isinstance(each, events_pb2.OrderFileRemoved)]
    assert [(each.file_name, each.asked) for each in gone] == [
        ("offer.txt", BUYER.account),
        ("later.txt", MANAGER.account),
    ]


def test_the_vendor_attaches_nothing_to_a_draft_and_nobody_takes_from_what_ended(
    desk: Desk,
) -> None:
    with pytest.raises(Disallowed) as refused:
        attach(desk, desk.create(), who=MANAGER)
    assert refused.value.reason == "NOT_SUBMITTED_YET"
    order = attach(desk, desk.submit(desk.create()))
    desk.ask(MANAGER).RejectOrder(rpc.RejectOrderRequest(name=order.name, reason="Not made."))
    with pytest.raises(Disallowed) as refused:
        remove(desk, order, order.attachments[0].digest)
    assert refused.value.reason == "ORDER_KEEPS_ITS_FILES"
