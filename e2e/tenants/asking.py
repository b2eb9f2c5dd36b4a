"""Asking an RPC as anybody, over gRPC or over REST, and what came back: all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import grpc
import httpx
from google.protobuf import json_format
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2

from e2e.tenants.filling import get, message
from e2e.tenants.rpcs import Rpc
from services.gateway.contract import Rule
from shared.clients import OPTIONS
from shared.status import DETAILS, _status_in
from shared.testing import LONG

PATIENCE = LONG


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: str
    """`OK`, `NOT_FOUND` …, whichever way it was asked."""

    reason: str
    body: Any
    """JSON, or the bytes of a file."""

    said: str
    """Everything that came, heads and all."""

    @property
    def is_empty(self) -> bool:
        """Whether it is the answer of a list with nothing in it, or a table with only a head."""
        if isinstance(self.body, bytes):
            return self.status == "OK" and self.body.count(b"\n") <= 1
        lists = [each for each in self.body.values() if isinstance(each, list)]
        return self.status == "OK" and bool(lists) and not any(lists)


class Speaks:
    """Every service, wherever it answers, and the public API."""

    def __init__(self, services: Mapping[str, str], rest: str = "") -> None:
        self._channels = {
            name: grpc.insecure_channel(address, options=list(OPTIONS.items()))
            for name, address in services.items()
        }
        self._rest = httpx.Client(base_url=rest, timeout=PATIENCE)

    def close(self) -> None:
        """Close all connections."""
        self._rest.close()
        for channel in self._channels.values():
            channel.close()

    def rpc(self, rpc: Rpc, request: Mapping[str, Any], token: str = "") -> Answer:
        """Ask over gRPC."""
        channel: Any = self._channels[rpc.service]
        kind = channel.unary_stream if rpc.method.server_streaming else channel.unary_unary
        ask = kind(
            rpc.path,
            request_serializer=lambda each: each.SerializeToString(),
            response_deserializer=GetMessageClass(rpc.method.output_type).FromString,
        )
        metadata = [("authorization", f"Bearer {token}")] if token else []
        try:
            came = ask(message(rpc, request), timeout=PATIENCE, metadata=metadata)
            if rpc.method.server_streaming:
                content = b"".join(part.data for part in came)
                return Answer("OK", "", content, content.decode(errors="replace"))
        except grpc.RpcError as error:
            return _refused(error)
        body = json_format.MessageToDict(came, always_print_fields_with_no_presence=True)
        return Answer("OK", "", body, json.dumps(body, ensure_ascii=False))

    def routes(
        self, rpc: Rpc, request: Mapping[str, Any], token: str = ""
    ) -> Iterator[tuple[str, Answer]]:
        """Ask over REST, by every route there is."""
        for rule in rpc.rules:
            yield f"{rule.verb} {rule.template}", self.rest(rule, request, token)

    def rest(self, rule: Rule, request: Mapping[str, Any], token: str = "") -> Answer:
        """Ask over REST."""
        path, inside = _path(rule.template, request)
        left = {name: value for name, value in request.items() if name not in inside}
        key = str(left.pop("requestId", ""))
        headers = {"idempotency-key": key} if key else {}
        if token:
            headers["authorization"] = f"Bearer {token}"
        if rule.body == "*":
            what: dict[str, Any] = {"json": left}
        else:
            field = "".join(p.title() if i else p for i, p in enumerate(rule.body.split("_")))
            body = left.pop(field, {})
            what = {"params": dict(_query(left))} | ({"json": body} if rule.body else {})
        came = self._rest.request(rule.verb, path, headers=headers, **what)
        return _read(came)


def _path(template: str, request: Mapping[str, Any]) -> tuple[str, set[str]]:
    """Return a path with what the request names in it, and the fields that went into it."""
    inside: set[str] = set()

    def fill(found: re.Match[str]) -> str:
        inside.add(found[1])
        return quote(str(get(request, found[1])), safe="/")

    return re.sub(r"\{([^}=]+)(?:=[^}]*)?\}", fill, template), inside


def _query(left: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in left.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", each) for inner, each in _query(value))
        else:
            yield name, str(value).lower() if isinstance(value, bool) else value


def _refused(error: Any) -> Answer:
    status = _status_in(error)
    info = error_details_pb2.ErrorInfo()
    for detail in status.details if status is not None else ():
        detail.Unpack(info)
    heads = [str(value) for key, value in error.trailing_metadata() or () if key != DETAILS]
    said = "\n".join([error.details() or "", str(info), *heads])
    return Answer(error.code().name, info.reason, {}, said)


STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


def _read(came: httpx.Response) -> Answer:
    status = "OK" if came.is_success else STATUSES.get(came.status_code, str(came.status_code))
    is_json = "json" in came.headers.get("content-type", "")
    body = came.json() if is_json and came.content else came.content
    heads = "\n".join(f"{name}: {value}" for name, value in came.headers.items())
    reason = body.get("reason", "") if isinstance(body, dict) else ""
    return Answer(status, reason, body, f"{heads}\n{came.content.decode(errors='replace')}")
