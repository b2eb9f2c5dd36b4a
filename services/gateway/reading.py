"""From an HTTP request to the message it stands for."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from services.gateway.contract import HTTP_BODY
from services.gateway.parsing import UnknownField, find, json_object, names, parse
from services.gateway.router import Binding
from services.gateway.schemas import is_answer_only
from shared.errors import Malformed


class KeyMissing(Malformed):
    """This request needs an Idempotency-Key."""

    fix = (
        "Send the header Idempotency-Key with a value of your own, such as a UUID; "
        "send the same value again only to repeat the same request."
    )


class KeyContradicts(Malformed):
    """The Idempotency-Key and the request id in the request differ."""

    fix = "Send the key once, as the header Idempotency-Key."


class GivenTwice(Malformed):
    """The query gives "{field}" more than once."""

    fix = "Send it once; only lists may be repeated."


def read(
    binding: Binding,
    variables: Mapping[str, str],
    query: Sequence[tuple[str, str]],
    headers: Mapping[str, str],
    body: bytes,
) -> Message:
    """Return the request message; what does not fit is refused by its name."""
    descriptor, rule = binding.method.request, binding.rule
    taken = {*(path.partition(".")[0] for path in variables), rule.body}
    data = _body(descriptor, rule.body, body, headers)
    if rule.body != "*":
        _add_query(descriptor, data, query, taken)
    elif query:
        raise UnknownField(field=query[0][0][:100], known="none in the query, all in the body")
    message = parse(descriptor, data, body=rule.body)
    for path, value in variables.items():
        _set(message, path, value)
    if rule.body and _takes_bytes(descriptor, rule.body):
        part: Any = getattr(message, rule.body)
        part.content_type = headers.get("content-type", "application/octet-stream")
        part.data = body
    _add_headers(message, binding, headers, data)
    return message


def _body(
    descriptor: Descriptor, target: str, body: bytes, headers: Mapping[str, str]
) -> dict[str, Any]:
    if not target or _takes_bytes(descriptor, target):
        return {}
    data = json_object(body) if body.strip() else {}
    return data if target == "*" else {target: data}


def _add_query(
    descriptor: Descriptor,
    data: dict[str, Any],
    query: Sequence[tuple[str, str]],
    taken: Collection[str],
) -> None:
    for path, text in query:
        inside, place = descriptor, data
        *parents, last = path.split(".")
        for parent in parents:
            field = _known(inside, parent, path, taken)
            if field.message_type is None or field.is_repeated:
                raise UnknownField(field=path[:100], known=names(inside, taken))
            place, inside = place.setdefault(field.camelcase_name, {}), field.message_type
            if not isinstance(place, dict):
                raise GivenTwice(field=path[:100])
        field = _known(inside, last, path, taken)
        value = _literal(field, text)
        if field.is_repeated:
            place.setdefault(field.camelcase_name, []).append(value)
        elif field.camelcase_name in place:
            raise GivenTwice(field=path[:100])
        else:
            place[field.camelcase_name] = value


def _known(inside: Descriptor, name: str, path: str, taken: Collection[str]) -> FieldDescriptor:
    field = find(inside, name)
    if field is None or field.name in taken:
        raise UnknownField(field=path[:100], known=names(inside, taken))
    return field


def _literal(field: FieldDescriptor, text: str) -> Any:
    """Return query text as the JSON it stands for; what is no boolean is refused when parsed."""
    if field.type == FieldDescriptor.TYPE_BOOL:
        return {"true": True, "false": False, "": True}.get(text.lower(), text)
    return text


def _takes_bytes(descriptor: Descriptor, name: str) -> bool:
    """Whether the field takes the body as it is, without JSON."""
    field = descriptor.fields_by_name.get(name)
    inside = field.message_type if field is not None else None
    return inside is not None and inside.full_name == HTTP_BODY


def _set(message: Message, path: str, value: str) -> None:
    *parents, last = path.split(".")
    place: Any = message
    for parent in parents:
        place = getattr(place, parent)
    json_format.ParseDict({last: value}, place)


def _add_headers(
    message: Any, binding: Binding, headers: Mapping[str, str], data: Mapping[str, Any]
) -> None:
    fields = message.DESCRIPTOR.fields_by_name
    if "request_id" in fields:
        _add_key(message, headers.get("idempotency-key", "").strip(), binding.rule.verb)
    if etag := headers.get("if-match", "").strip().removeprefix("W/").strip('"'):
        part = getattr(message, binding.rule.body, None) if "etag" not in fields else message
        if part is not None and etag != "*" and "etag" in part.DESCRIPTOR.fields_by_name:
            part.etag = etag
    if binding.rule.verb == "PATCH" and "update_mask" in fields and not message.update_mask.paths:
        sent = data.get(binding.rule.body, {})
        inside = fields[binding.rule.body].message_type
        given = [field for name in sent if (field := find(inside, name))]
        message.update_mask.paths.extend(f.name for f in given if _is_changed_by_it(f))


def _is_changed_by_it(field: FieldDescriptor) -> bool:
    """Whether sending it means to change it: who sends back what was read repeats the rest, too."""
    return field.name != "etag" and not is_answer_only(field)


def _add_key(message: Any, key: str, verb: str) -> None:
    rehearsed = getattr(message, "validate_only", False)
    if key and message.request_id not in ("", key):
        raise KeyContradicts
    if not key and verb == "POST" and not rehearsed:
        raise KeyMissing
    message.request_id = key or message.request_id
