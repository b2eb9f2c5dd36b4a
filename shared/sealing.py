"""An event's dataclass as the proto3 JSON of the message of the same name.

Every change tells an event, so this is done by a plan made once per kind: to fill a message and
take it apart again is three times as dear.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from google.protobuf.descriptor import FieldDescriptor as Field

from shared.proto_json import of_moment, of_money

Encode = Callable[[Any], Any]
Data = dict[str, Any]

WHOLE = frozenset({Field.CPPTYPE_INT64, Field.CPPTYPE_UINT64})
"""Numbers that JSON carries as text."""


class NotInContract(TypeError):
    """{kind} has a field {field}, which the message {message} does not know."""

    def __init__(self, **facts: str) -> None:
        super().__init__((self.__doc__ or "").format(**facts))


def data_of(event: Any, message: Any) -> Data:
    """Return the dataclass `event` as JSON of the `message` with this descriptor.

    Defaults are left out, as proto3 JSON does. Raises NotInContract for what the message lacks.
    """
    kind: Any = type(event)
    data = {}
    for name, key, encode in _plan(kind, message):
        value = encode(getattr(event, name))
        if value is not None:
            data[key] = value
    return data


@cache
def _plan(kind: Any, message: Any) -> tuple[tuple[str, str, Encode], ...]:
    known, names = message.fields_by_name, [each.name for each in fields(kind)]
    for name in names:
        if name not in known:
            raise NotInContract(kind=str(kind), field=name, message=message.full_name)
    named = [known[name] for name in names]
    return tuple((field.name, field.json_name, _encoder(field)) for field in named)


def _encoder(field: Any) -> Encode:
    """Return what makes JSON of a value of `field`; None for what is left out."""
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        values = _one(field.message_type.fields_by_name["value"])
        return lambda value: {_text(k): values(v) for k, v in value.items()} if value else None
    encode = _one(field)
    if field.is_repeated:
        return lambda value: [encode(item) for item in value] if value else None
    if field.message_type is not None or field.has_presence:
        return lambda value: None if value is None else encode(value)
    default = _default(field)
    return lambda value: None if value is None or (said := encode(value)) == default else said


def _default(field: Any) -> object:
    if field.enum_type is not None:
        return field.enum_type.values_by_number[0].name
    return "0" if field.cpp_type in WHOLE else field.default_value


def _one(field: Any) -> Encode:
    if field.message_type is not None:
        return _MESSAGES.get(field.message_type.full_name) or _nested(field.message_type)
    if field.cpp_type in WHOLE:
        return lambda value: str(int(value))
    if field.cpp_type in {Field.CPPTYPE_STRING, Field.CPPTYPE_ENUM}:
        return _text
    return lambda value: value


def _nested(message: Any) -> Encode:
    def encode(value: Any) -> Data:
        if isinstance(value, Mapping):
            raise TypeError(f"a {message.name} is told as a dataclass, not as a mapping")
        return data_of(value, message)

    return encode


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return value.name if isinstance(value, Enum) else str(value)


def _day(day: date) -> Data:
    return {"year": day.year, "month": day.month, "day": day.day}


_MESSAGES: Mapping[str, Encode] = {
    "google.type.Money": of_money,
    "google.type.Date": _day,
    "google.protobuf.Timestamp": of_moment,
}
