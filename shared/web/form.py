"""What a person typed and chose, without surprises."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.types import Message, Receive

from shared.errors import Malformed
from shared.legibility import UNREAD
from shared.numerals import plain
from shared.texts import straight

MOST_MIB = 20
LARGEST = (MOST_MIB + 1) * 1024 * 1024
"""Bytes of a form: an upload of 20 MiB and its fields (reliability §4)."""


class SentTooMuch(Malformed):
    """What was sent is larger than the {most} MiB a page takes."""

    fix = "Choose a smaller file: pack it, or scan it with fewer colours."


class NumberNotUnderstood(Malformed):
    """ "{text}" is not a whole number of up to {digits} digits."""

    fix = "Enter digits alone, as 1200."


MOST_DIGITS = 9
"""Of a whole number: more a field of 32 bits does not hold."""


@dataclass(frozen=True)
class Upload:
    """A file that came with a form."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Form(Mapping[str, str]):
    """The fields of a form, trimmed, without what turns a text's direction; none reads as empty.

    The service behind decides what is missing and says so in its own words.
    """

    fields: Mapping[str, list[str]] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, [""])[0]

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def all(self, name: str) -> list[str]:
        """Return every value of a field that may repeat: check boxes, lines of an order."""
        return self.fields.get(name, [])

    def number(self, name: str) -> int:
        """Return a whole number (`1,200` is one); 0 for nothing, else NumberNotUnderstood."""
        text = self[name]
        if text and not _is_whole(plain(text)):
            raise NumberNotUnderstood(field=name, text=text[:40], digits=MOST_DIGITS)
        return whole_number(text)

    def upload(self, name: str) -> Upload | None:
        """Return the file chosen in a field, or None when none was."""
        return self.uploads.get(name)


def whole_number(text: str) -> int:
    """Return a whole number as people write it (`1,200` is one); 0 for anything else."""
    digits = plain(text)
    return int(digits) if _is_whole(digits) else 0


def _is_whole(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS


async def sent(request: Request) -> Form:
    """Read the form of a request; SentTooMuch before more of it is read than a page takes."""
    if int(request.headers.get("content-length", 0)) > LARGEST:
        raise SentTooMuch(most=MOST_MIB)
    limited = Request(request.scope, _limited(request.receive))
    return await read(await limited.form(max_part_size=LARGEST))


def _limited(receive: Receive) -> Receive:
    """Receive no more than a page takes, also from who does not say beforehand how much comes."""
    received = 0

    async def receive_more() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > LARGEST:
            raise SentTooMuch(most=MOST_MIB)
        return message

    return receive_more


async def read(data: FormData) -> Form:
    """Return what came with a request; files are read whole, the body limit bounds them."""
    fields: dict[str, list[str]] = {}
    uploads: dict[str, Upload] = {}
    for name, value in data.multi_items():
        if not isinstance(value, UploadFile):
            typed = value if name.endswith(UNREAD) else straight(value)
            fields.setdefault(name, []).append(typed.strip())
        elif value.filename:
            media_type = value.content_type or "application/octet-stream"
            uploads[name] = Upload(value.filename, media_type, await value.read())
    return Form(fields, uploads)
