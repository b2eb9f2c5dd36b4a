"""No text of a request is endless: looked at once, before anything is done with it."""

from collections.abc import Iterator

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from shared.texts import LONGEST, TextTooLong


def insist_on_short_texts(request: Message) -> None:
    """Refuse with TextTooLong, which names it, a text that goes on for longer than LONGEST."""
    if request.ByteSize() > LONGEST:
        for path in _long(request, ""):
            raise TextTooLong(field=path, most=LONGEST)


def _long(message: Message, path: str) -> Iterator[str]:
    for field, value in message.ListFields():
        inside = field.message_type
        if inside is not None and inside.GetOptions().map_entry:
            continue
        for item in value if field.is_repeated else (value,):
            if inside is not None:
                yield from _long(item, f"{path}{field.name}.")
            elif field.type == FieldDescriptor.TYPE_STRING and len(item) > LONGEST:
                yield path + field.name
