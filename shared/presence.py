"""Fields marked REQUIRED in a proto must be there: checked before anything else looks at a request.

What has to be checked is read from the descriptor once per message type.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from unicodedata import category

from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from shared.errors import Malformed
from shared.texts import UNSEEN

REQUIRED = field_behavior_pb2.FieldBehavior.REQUIRED


class FieldsMissing(Malformed):
    """The request leaves out what it needs: {fields}."""

    fix = "Give {fields} a value, which is neither blank nor 0, and send the request again."


class _Field(NamedTuple):
    name: str
    required: bool
    is_message: bool
    is_list: bool
    has_presence: bool


def insist_on_required(request: Message) -> None:
    """Refuse with FieldsMissing, naming all of them, if a REQUIRED field has no value.

    Blank texts, zero numbers and unspecified enums count as no value. Messages inside are looked
    into when they are there; a request with an update mask may leave fields of its resource out.
    """
    if missing := list(_missing(request, "")):
        raise FieldsMissing(fields=", ".join(missing))


def _missing(message: Message, path: str) -> Iterator[str]:
    for field in _fields_to_check(message.DESCRIPTOR):
        given = (
            message.HasField(field.name)
            if field.has_presence
            else _says_something(getattr(message, field.name))
        )
        if not given:
            if field.required:
                yield path + field.name
        elif field.is_message:
            yield from _missing_inside(message, field, path)


def _says_something(value: object) -> bool:
    """Whether there is anything to see: blanks, and characters without a width, are nothing."""
    if not isinstance(value, str):
        return bool(value)
    if value.isascii():
        return bool(value.strip())
    return any(not (each.isspace() or category(each) in UNSEEN) for each in value)


def _missing_inside(message: Message, field: _Field, path: str) -> Iterator[str]:
    value = getattr(message, field.name)
    if field.is_list:
        for index, item in enumerate(value):
            yield from _missing(item, f"{path}{field.name}[{index}].")
    else:
        yield from _missing(value, f"{path}{field.name}.")


@cache
def _fields_to_check(descriptor: Descriptor) -> tuple[_Field, ...]:
    partial = "update_mask" in descriptor.fields_by_name
    fields = (_field(each, partial) for each in descriptor.fields)
    return tuple(field for field in fields if field.required or field.is_message)


def _field(field: FieldDescriptor, partial: bool) -> _Field:
    inside = field.message_type
    is_map = inside is not None and inside.GetOptions().map_entry
    look_inside = inside is not None and not is_map and not partial and _asks_for_some(inside)
    # A bool without presence cannot be told from false.
    unknowable = field.type == FieldDescriptor.TYPE_BOOL and not field.has_presence
    return _Field(
        field.name,
        _is_required(field) and not unknowable,
        look_inside,
        field.is_repeated,
        field.has_presence,
    )


def _is_required(field: FieldDescriptor) -> bool:
    extensions: Any = field.GetOptions().Extensions
    return REQUIRED in extensions[field_behavior_pb2.field_behavior]


def _asks_for_some(descriptor: Descriptor, above: frozenset[str] = frozenset()) -> bool:
    """Whether anything REQUIRED is in a message, however deep; recursive messages end."""
    if descriptor.full_name in above:
        return False
    return any(
        _is_required(field)
        or (
            field.message_type is not None
            and _asks_for_some(field.message_type, above | {descriptor.full_name})
        )
        for field in descriptor.fields
    )
