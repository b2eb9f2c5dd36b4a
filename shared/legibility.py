"""Texts of a request are as long as somebody reads, and say what they look like.

Looked at once, before anything is done with them.
"""

from collections.abc import Iterator

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from shared.texts import LONGEST, TURNING, TextTooLong, TextTurned

UNREAD = "password"
"""How fields end that nobody is shown: whatever it is, it stays as it was chosen."""


def insist_on_short_texts(request: Message) -> None:
    """Refuse with TextTooLong, which names it, a text that goes on for longer than LONGEST."""
    if request.ByteSize() > LONGEST:
        for path, text in _texts(request, ""):
            if len(text) > LONGEST:
                raise TextTooLong(field=path, most=LONGEST)


def insist_on_straight_texts(request: Message) -> None:
    """Refuse with TextTurned, which names it, a text that could be shown as another."""
    for path, text in _texts(request, ""):
        if not text.isascii() and TURNING.search(text) and not path.endswith(UNREAD):
            raise TextTurned(field=path)


def _texts(message: Message, path: str) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        inside = field.message_type
        if inside is not None and inside.GetOptions().map_entry:
            continue
        if inside is None and field.type != FieldDescriptor.TYPE_STRING:
            continue
        for item in value if field.is_repeated else (value,):
            if inside is not None:
                yield from _texts(item, f"{path}{field.name}.")
            else:
                yield path + field.name, item
