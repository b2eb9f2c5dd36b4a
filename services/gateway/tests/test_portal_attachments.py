"""Attaching files to an order in the portal, and taking them away."""

import httpx
import pytest
from google.api.httpbody_pb2 import HttpBody
from google.protobuf.timestamp_pb2 import Timestamp
from millrun.ordering.v1.attachment_pb2 import Attachment
from millrun.ordering.v1.order_pb2 import Order

from services.gateway.tests.house import House
from services.gateway.tests.papers import DIGEST, ORDER, an_order, furnish
from shared.documents import digest_of
from shared.errors import Malformed
from shared.testing.pages import Browser, hidden_fields

FILES = "/orders/7/attachments"


class NotAccepted(Malformed):
    """This file is no PDF."""

    fix = "Save it as one."


def an_attachment(**other: object) -> Attachment:
    known = {
        "file_name": "carton <1>.pdf",
        "media_type": "application/pdf",
        "size_bytes": 20_480,
        "digest": DIGEST,
        "attach_time": Timestamp(seconds=1_770_000_000),
    }
    return Attachment(**(known | other))  # type: ignore[arg-type]


def a_draft(*attachments: Attachment, **other: object) -> Order:
    fields = {"state": Order.DRAFT, "attachments": attachments or [an_attachment()]}
    return an_order(**(fields | other))


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)
    house.answers |= {"GetOrder": a_draft(), "AttachFile": a_draft()}


def send(browser: Browser, name: str, content: bytes) -> httpx.Response:
    """Choose a file on the order's page and send it."""
    return browser.post(
        FILES,
        data=hidden_fields(browser.get("/orders/7").text, FILES),
        files={"file": (name, content, "application/pdf")},
        headers={"origin": browser.origin},
    )


def test_a_file_is_sent_as_it_was_chosen(house: House, chen: Browser) -> None:
    done = send(chen, "carton.pdf", b"%PDF-1.7 carton")
    assert done.url.path == "/orders/7"
    assert "carton.pdf is attached." in done.text
    asked = house.request("AttachFile")
    assert (asked.name, asked.file_name) == (ORDER, "carton.pdf")
    assert asked.content == b"%PDF-1.7 carton"
    assert asked.request_id


def test_without_a_file_nothing_is_sent_and_it_is_said_beside_the_field(
    house: House, chen: Browser
) -> None:
    refused = chen.fill("/orders/7", FILES)
    assert refused.status_code == 400
    assert 'id="file-error"' in refused.text
    assert not house.was_asked("AttachFile")


def test_the_same_file_again_is_said_to_be_there_as_it_was_called_first(
    house: House, chen: Browser
) -> None:
    there = an_attachment(file_name="carton.pdf", digest=digest_of(b"%PDF-1.7"))
    house.answers["AttachFile"] = a_draft(there)
    done = send(chen, "copy.pdf", b"%PDF-1.7")
    assert "The same file is attached already, as carton.pdf." in done.text
    assert "copy.pdf is attached." not in done.text
    assert "carton.pdf is attached." in send(chen, "carton.pdf", b"%PDF-1.7").text


def test_a_file_without_content_is_called_so(house: House, chen: Browser) -> None:
    refused = send(chen, "<carton>.pdf", b"")
    assert refused.status_code == 400
    assert "There is nothing in &lt;carton&gt;.pdf." in refused.text
    assert "marked below" not in refused.text
    assert not house.was_asked("AttachFile")


def test_a_file_that_is_not_taken_is_said_on_the_order(house: House, chen: Browser) -> None:
    house.answers["AttachFile"] = NotAccepted()
    refused = send(chen, "run.exe", b"MZ")
    assert refused.status_code == 400
    assert "This file is no PDF." in refused.text
    assert "Save it as one." in refused.text


@pytest.mark.parametrize(
    ("media_type", "ending"), [("application/pdf", ".pdf"), ("text/plain", ".txt")]
)
def test_it_is_handed_out_to_be_stored_and_called_by_what_it_is(
    house: House, chen: Browser, media_type: str, ending: str
) -> None:
    parts = [HttpBody(content_type=media_type, data=part) for part in (b"one", b"two")]
    house.answers["DownloadAttachment"] = parts
    got = chen.get(f"{FILES}/{DIGEST}?as=carton%20%3C1%3E.pdf")
    asked = house.request("DownloadAttachment")
    assert (asked.name, asked.digest) == (ORDER, DIGEST)
    assert got.content == b"onetwo"
    assert got.headers["content-type"].startswith(media_type)
    told = got.headers["content-disposition"]
    assert told == f"attachment; filename*=UTF-8''carton%20%3C1%3E{ending}"
    assert got.headers["x-content-type-options"] == "nosniff"


def test_a_draft_lists_its_files_and_lets_go_of_them(house: House, chen: Browser) -> None:
    html = chen.get("/orders/7").text
    assert "carton &lt;1&gt;.pdf" in html
    assert "20.0 KiB" in html
    gone = chen.fill("/orders/7", f"{FILES}/{DIGEST}/remove")
    assert "not attached any more" in gone.text
    asked = house.request("RemoveAttachment")
    assert (asked.name, asked.digest, asked.etag) == (ORDER, DIGEST, "5")


def test_a_submitted_order_keeps_its_files_and_says_which_came_later(
    house: House, chen: Browser
) -> None:
    later = an_attachment(digest="sha256:1", attach_time=Timestamp(seconds=1_770_000_900))
    order = a_draft(an_attachment(), later, state=Order.CONFIRMED)
    order.submit_time.FromSeconds(1_770_000_500)
    house.answers["GetOrder"] = order
    offer = an_attachment(
        digest="sha256:2", attach_time=Timestamp(seconds=1_770_000_901), by_vendor=True
    )
    order.attachments.append(offer)
    html = chen.get("/orders/7").text
    assert html.count("after it was submitted") == 1
    assert html.count("from the vendor") == 1
    assert html.count("/remove") == 1
    assert f"{FILES}/sha256:1/remove" in html
    assert "told to the other side" in html
    assert 'name="file"' in html


def test_an_ended_order_and_a_full_one_take_no_more(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = a_draft(state=Order.COMPLETED)
    ended = chen.get("/orders/7").text
    assert "carton" in ended
    assert 'name="file"' not in ended
    ten = [an_attachment(digest=f"sha256:{number}") for number in range(10)]
    house.answers["GetOrder"] = a_draft(*ten)
    full = chen.get("/orders/7").text
    assert "ten attachments at most" in full
    assert 'name="file"' not in full


def test_an_order_for_ones_products_shows_no_files(house: House, chen: Browser) -> None:
    house.answers["GetOrder"] = an_order(name="enterprises/bora/orders/7")
    assert "Attachments" not in chen.get("/orders/7?of=bora").text
