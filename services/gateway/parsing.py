"""From JSON to messages; what does not fit is named by its path, and what would fit is said."""

import json
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from shared.errors import Malformed

WELL_KNOWN = "google.protobuf."
"""Messages below this name have a JSON form of their own."""


_UNFIT = (json_format.ParseError, ValueError, TypeError, AttributeError, SystemError)
"""What protobuf raises about JSON; the last one where half a character stands for a name."""


class BrokenJson(Malformed):
    """The body is not a JSON object: {problem}."""

    fix = "Send the body as a JSON object in UTF-8, or none at all."


class UnknownField(Malformed):
    """There is no field "{field}" here."""

    fix = "Leave it out or correct its name; these are known: {known}."


class BadValue(Malformed):
    """The value of "{field}" is not {expected}."""

    fix = "Correct the value and send the request again."


def json_object(body: bytes) -> dict[str, Any]:
    """Return the body as a JSON object; BrokenJson says what is wrong with it."""
    try:
        data = json.loads(body, parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        raise BrokenJson(problem=getattr(error, "msg", "it cannot be read")) from None
    if not isinstance(data, dict):
        raise BrokenJson(problem="it is something else")
    return data


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def parse(descriptor: Descriptor, data: dict[str, Any], body: str = "") -> Message:
    """Return JSON data as a message; UnknownField or BadValue say what does not fit.

    `body` is the field that was the whole body: paths inside it are named without it.
    """
    message: Message = GetMessageClass(descriptor)()
    try:
        json_format.ParseDict(data, message)
    except (*_UNFIT, RecursionError) as error:
        if body in data:
            _diagnose(descriptor.fields_by_name[body].message_type, data[body], "")
        _diagnose(descriptor, data, "")
        raise BadValue(field=body or "body", expected="what it should be") from error
    for path, field in _unknown(message, ""):
        raise BadValue(field=path.removeprefix(f"{body}."), expected=expected(field))
    return message


def _unknown(message: Message, path: str) -> Iterator[tuple[str, FieldDescriptor]]:
    """Yield fields that hold a number their enum has no word for, which protobuf lets in."""
    for field, value in message.ListFields() if _has_enums(message.DESCRIPTOR) else ():
        inside, name = field.message_type, f"{path}{field.camelcase_name}"
        if field.enum_type is not None:
            numbers = value if field.is_repeated else (value,)
            if any(number not in field.enum_type.values_by_number for number in numbers):
                yield name, field
        elif inside is not None and not inside.GetOptions().map_entry:
            for part in value if field.is_repeated else (value,):
                yield from _unknown(part, f"{name}.")


@cache
def _has_enums(descriptor: Descriptor) -> bool:
    """Whether such a message holds an enum, however deep."""
    seen, left = set(), [descriptor]
    while left:
        message = left.pop()
        if message.full_name not in seen:
            seen.add(message.full_name)
            left += [field.message_type for field in message.fields if field.message_type]
            if any(field.enum_type is not None for field in message.fields):
                return True
    return False


def find(descriptor: Descriptor, name: str) -> FieldDescriptor | None:
    """Return the field called `name`, in either spelling."""
    return _spellings(descriptor).get(name)


@cache
def _spellings(descriptor: Descriptor) -> dict[str, FieldDescriptor]:
    in_camel_case = {field.camelcase_name: field for field in descriptor.fields}
    return in_camel_case | {field.name: field for field in descriptor.fields}


def names(descriptor: Descriptor, taken: Collection[str] = ()) -> str:
    """Return the fields a message has but for those in `taken`, for a sentence."""
    return ", ".join(f.camelcase_name for f in descriptor.fields if f.name not in taken) or "none"


def _diagnose(descriptor: Descriptor, data: Any, path: str) -> None:
    """Find the first thing that does not fit, and refuse by its name."""
    for name, value in data.items():
        field = find(descriptor, name)
        if field is None:
            raise UnknownField(field=f"{path}{name}"[:100], known=names(descriptor))
        inside = field.message_type
        if inside is not None and not inside.full_name.startswith(WELL_KNOWN):
            _diagnose_inside(field, inside, value, f"{path}{name}")
        elif not _fits(descriptor, name, value):
            raise BadValue(field=f"{path}{name}", expected=expected(field))


def _diagnose_inside(field: FieldDescriptor, inside: Descriptor, value: Any, path: str) -> None:
    if field.is_repeated and not inside.GetOptions().map_entry:
        if not isinstance(value, list):
            raise BadValue(field=path, expected="a list")
        for index, item in enumerate(value):
            _diagnose_inside_one(inside, item, f"{path}[{index}]")
    elif value is not None:
        _diagnose_inside_one(inside, value, path)


def _diagnose_inside_one(inside: Descriptor, value: Any, path: str) -> None:
    if not isinstance(value, dict):
        raise BadValue(field=path, expected="an object")
    if not inside.GetOptions().map_entry:
        _diagnose(inside, value, f"{path}.")


def _fits(descriptor: Descriptor, name: str, value: Any) -> bool:
    try:
        json_format.ParseDict({name: value}, GetMessageClass(descriptor)())
    except _UNFIT:
        return False
    return True


def expected(field: FieldDescriptor) -> str:
    """Say what a field holds, in words."""
    what = _WORDS.get(field.cpp_type, "a value")
    if field.enum_type is not None:
        what = "one of " + ", ".join(v.name for v in field.enum_type.values if v.number)
    elif field.message_type is not None:
        kind = field.message_type.name
        what = "a time like 2026-01-31T08:00:00Z" if kind == "Timestamp" else f"a {kind}"
    return f"a list, each item {what}" if field.is_repeated else what


_WORDS = {
    FieldDescriptor.CPPTYPE_INT32: "a whole number up to 2147483647",
    FieldDescriptor.CPPTYPE_INT64: "a whole number",
    FieldDescriptor.CPPTYPE_UINT32: "a whole number, 0 or above",
    FieldDescriptor.CPPTYPE_UINT64: "a whole number, 0 or above",
    FieldDescriptor.CPPTYPE_DOUBLE: "a number",
    FieldDescriptor.CPPTYPE_FLOAT: "a number",
    FieldDescriptor.CPPTYPE_BOOL: "true or false",
    FieldDescriptor.CPPTYPE_STRING: "text",
}
