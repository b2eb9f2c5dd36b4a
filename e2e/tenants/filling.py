"""A request of any RPC, filled from the protos with what is one's own, and with what is not."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from google.api import field_behavior_pb2
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from e2e.tenants.rpcs import Rpc, contract
from services.gateway.examples import Examples
from services.gateway.schemas import behaviors, is_answer_only
from shared.ids import new_id
from shared.testing.hostile import plain

Names = Mapping[str, Sequence[str]]
"""The names of what there is, by their form: `enterprises/*/orders/*`."""

REQUIRED = field_behavior_pb2.FieldBehavior.REQUIRED


def own(rpc: Rpc, names: Names, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request, as JSON, about what is one's own.

    `known` is what fields of these names say, wherever they are. One that only reads is asked for
    nothing it can do without, so that it hides nothing.
    """
    example = Examples(contract()).request(rpc.method.input_type, ())
    request: dict[str, Any] = _saying(example, {**USUAL, **USUAL_OF.get(str(rpc), {}), **known})
    if rpc.harmless:
        request = {name: request[name] for name in required(rpc.method.input_type)}
    if "requestId" in request:
        request["requestId"] = str(uuid4())
    if "updateMask" in request:
        request["updateMask"] = _changed(rpc)
    for path, forms in rpc.names.items():
        if _is_there(request, path) and (mine := _first(forms, names)):
            put(request, rpc, path, mine)
    return request


def foreign(rpc: Rpc, mine: Names, theirs: Names) -> Iterator[tuple[str, str]]:
    """Yield every field that could hold a name of theirs, and every such name.

    Each once more as if it were one's own: under one's own enterprise, where only its id can tell.
    """
    for path, forms in rpc.names.items():
        for name in (name for form in forms for name in theirs.get(form, ())):
            yield path, name
            yield from ((path, other) for other in _grafted(name, mine))


def words_in(request: Any) -> Iterator[str]:
    """Yield every text a request says, and each part of a name."""
    if isinstance(request, str):
        yield from {request, *request.split("/")} - {""}
    elif isinstance(request, dict | list):
        for each in request.values() if isinstance(request, dict) else request:
            yield from words_in(each)


def missing(name: str) -> str:
    """Return a name like `name` that nothing has."""
    parts = name.split("/")
    # Of what something has one of, the name says only of what.
    place = -2 if len(parts) % 2 else -1
    nobodys = new_id()
    parts[place] = str(nobodys) if "-" in parts[place] else nobodys.hex[-len(parts[place]) :]
    return "/".join(parts)


def message(rpc: Rpc, request: Mapping[str, Any]) -> Message:
    """Return a request as gRPC sends it."""
    return json_format.ParseDict(dict(request), GetMessageClass(rpc.method.input_type)())


def put(request: dict[str, Any], rpc: Rpc, path: str, value: str) -> None:
    """Write `value` where `path` says, `order.lines.product`, in every item of a list."""
    _put(request, rpc.method.input_type, path.split("."), value)


def _put(data: dict[str, Any], descriptor: Descriptor, path: list[str], value: str) -> None:
    field = descriptor.fields_by_name[path[0]]
    key, inside = field.camelcase_name, field.message_type
    if len(path) == 1:
        data[key] = [value] if field.is_repeated else value
        return
    assert inside is not None
    if key not in data:
        data[key] = [{}] if field.is_repeated else {}
    for each in data[key] if field.is_repeated else [data[key]]:
        _put(each, inside, path[1:], value)


def get(request: Mapping[str, Any], path: str) -> Any:
    """Return what is where `path` says; of a list, what its first item has."""
    found: Any = request
    for part in path.split("."):
        found = found.get(_camel(part), "") if isinstance(found, Mapping) else ""
        found = found[0] if isinstance(found, list) and found else found
    return found


def required(descriptor: Descriptor) -> list[str]:
    """Return the fields a message must have."""
    return [each.camelcase_name for each in descriptor.fields if REQUIRED in behaviors(each)]


USUAL: dict[str, Any] = {
    "purpose": "MASS_PRODUCTION",
    "purposes": ["MASS_PRODUCTION"],
    "role": "BUYER",
    "validateOnly": False,
    "eventTypes": [],
    "content": b64encode(plain()).decode(),
    "expireTime": "2099-12-31T00:00:00Z",
}
"""What is said instead of an example that would be refused before anybody looks at a name."""


USUAL_OF: dict[str, dict[str, Any]] = {
    "ordering.AmendOrder": {"unitPrice": None, "priceReason": None},
    "ordering.ImportOrderLines": {"content": b64encode(b"plug16\t100\n").decode()},
    "catalog.ImportProducts": {"content": b64encode(b"display_name\nLamp\n").decode()},
}
"""The same, for one RPC; None for what is left out."""


def _saying(example: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(example, list):
        return [_saying(each, known) for each in example]
    if isinstance(example, dict):
        said = {name: known.get(name, _saying(value, known)) for name, value in example.items()}
        return {name: value for name, value in said.items() if value is not None}
    return example


def _changed(rpc: Rpc) -> str:
    """Return a field an update can change: one that names something, if one does."""
    inside = [path.partition(".")[2] for path in rpc.names]
    named = next((path for path in inside if path not in ("", "name")), "")
    return _camel(named or next(_changeable(rpc.method.input_type)))


def _changeable(request: Descriptor) -> Iterator[str]:
    for field in request.fields:
        inside = field.message_type
        if inside is not None and inside.full_name.startswith("millrun."):
            known = ("name", "etag")
            names = (each.name for each in inside.fields if not is_answer_only(each))
            yield from (name for name in names if name not in known)


def _grafted(name: str, mine: Names) -> list[str]:
    """Return another's thing under one's own enterprise, where only its id can tell."""
    parts = name.split("/")
    if parts[0] != "enterprises" or len(parts) < 4:
        return []
    return ["/".join([mine["enterprises/*"][0], *parts[2:]])]


def _first(forms: Sequence[str], names: Names) -> str:
    return next((names[form][0] for form in forms if names.get(form)), "")


def _is_there(request: Mapping[str, Any], path: str) -> bool:
    return _camel(path.partition(".")[0]) in request


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)
