"""Messages and enums of the protos as JSON schemas, with their comments."""

import re
from typing import Any

from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from services.gateway.contract import Contract

Json = dict[str, Any]
Behavior = field_behavior_pb2.FieldBehavior
BEHAVIOR: Any = field_behavior_pb2.field_behavior

WELL_KNOWN: dict[str, Json] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "examples": ["3.5s"]},
    "google.protobuf.FieldMask": {"type": "string", "examples": ["title,note"]},
    "google.protobuf.Empty": {"type": "object"},
    "google.protobuf.Struct": {"type": "object", "additionalProperties": True},
    "google.protobuf.Value": {},
    "google.protobuf.Any": {"type": "object", "additionalProperties": True},
}
SCALARS: dict[int, Json] = {
    FieldDescriptor.CPPTYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.CPPTYPE_UINT32: {"type": "integer", "format": "int32", "minimum": 0},
    FieldDescriptor.CPPTYPE_INT64: {"type": "string", "format": "int64"},
    FieldDescriptor.CPPTYPE_UINT64: {"type": "string", "format": "uint64"},
    FieldDescriptor.CPPTYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptor.CPPTYPE_FLOAT: {"type": "number", "format": "float"},
    FieldDescriptor.CPPTYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.CPPTYPE_STRING: {"type": "string"},
}


def behaviors(field: FieldDescriptor) -> list[int]:
    """Return what the proto says of how a field is used."""
    return list(field.GetOptions().Extensions[BEHAVIOR])


def is_required(field: FieldDescriptor) -> bool:
    """Whether a request without it is refused."""
    return Behavior.REQUIRED in behaviors(field)


def is_answer_only(field: FieldDescriptor) -> bool:
    """Whether only answers carry it."""
    return bool({Behavior.OUTPUT_ONLY, Behavior.IDENTIFIER} & set(behaviors(field)))


def reference(name: str) -> Json:
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


class Schemas:
    """The schemas of messages and enums; each is written once, when it is first named."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._known: dict[str, Json] = {}

    def all(self) -> dict[str, Json]:
        """Return every schema named so far, by name."""
        return dict(sorted(self._known.items()))

    def of(self, message: Descriptor) -> Json:
        """Return a reference to a message's schema."""
        if message.full_name in WELL_KNOWN:
            return WELL_KNOWN[message.full_name]
        name = _short(message.full_name)
        if name not in self._known:
            self._known[name] = {}
            self._known[name] |= self.without(message, set())
        return reference(name)

    def without(self, message: Descriptor, hidden: set[str]) -> Json:
        """Return a message's schema with some fields left out."""
        fields = [field for field in message.fields if field.name not in hidden]
        schema: Json = {
            "type": "object",
            "description": self._contract.comment(message.full_name),
            "properties": {field.camelcase_name: self._property(field) for field in fields},
        }
        if required := [field.camelcase_name for field in fields if is_required(field)]:
            schema["required"] = required
        return schema

    def value(self, field: FieldDescriptor) -> Json:
        """Return the schema of what a field holds."""
        inside = field.message_type
        if inside is not None and inside.GetOptions().map_entry:
            return {
                "type": "object",
                "additionalProperties": self._one(inside.fields_by_name["value"]),
            }
        one = self._one(field)
        return {"type": "array", "items": one} if field.is_repeated else one

    def _property(self, field: FieldDescriptor) -> Json:
        schema = dict(self.value(field))
        if comment := self._contract.comment(field.full_name):
            schema["description"] = comment
        if is_answer_only(field):
            schema["readOnly"] = True
        if Behavior.INPUT_ONLY in behaviors(field):
            schema["writeOnly"] = True
        return schema

    def _one(self, field: FieldDescriptor) -> Json:
        if field.message_type is not None:
            return self.of(field.message_type)
        if field.enum_type is not None:
            return self._enum(field.enum_type)
        if field.type == FieldDescriptor.TYPE_BYTES:
            return {"type": "string", "contentEncoding": "base64"}
        return SCALARS[field.cpp_type]

    def _enum(self, enum: EnumDescriptor) -> Json:
        name = _short(enum.full_name)
        if name not in self._known:
            values = [value for value in enum.values if value.number]
            said = [f"- `{v.name}`: {self._contract.comment(_value_name(enum, v))}" for v in values]
            comment = self._contract.comment(enum.full_name)
            self._known[name] = {
                "type": "string",
                "description": "\n".join([comment, "", *said]),
                "enum": [value.name for value in values],
            }
        return reference(name)


def _value_name(enum: EnumDescriptor, value: Any) -> str:
    """Under what name a value's comment is kept: below its enum."""
    return f"{enum.full_name}.{value.name}"


def _short(full_name: str) -> str:
    """`millrun.ordering.v1.Order.State` → `ordering.Order.State`; others keep their last words."""
    if found := re.fullmatch(r"millrun\.(\w+)\.v\d+\.(.+)", full_name):
        return f"{found[1]}.{found[2]}"
    return full_name
