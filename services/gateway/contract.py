"""What the protos promise: every public RPC, its messages, its HTTP rules and its comments.

Read from the descriptor set `make protos` leaves beside the generated code. A method without a
`google.api.http` rule is internal and stays unknown to the edge.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from google.api import annotations_pb2
from google.api.http_pb2 import HttpRule
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pb2 import (
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    MethodOptions,
)
from google.protobuf.descriptor_pool import DescriptorPool

FILE = Path(__file__).parents[2] / "gen" / "millrun.binpb"

HTTP: Any = annotations_pb2.http
HTTP_BODY = "google.api.HttpBody"
"""The message that is not JSON but bytes with a media type."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One way to call a method by HTTP."""

    verb: str
    template: str
    """`/v1/{name=enterprises/*/orders/*}:submit`"""

    body: str
    """The request field the body is read into; `*` for the whole request, empty for no body."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """One public RPC."""

    service: str
    """The service that answers: `ordering`."""

    name: str
    path: str
    """How gRPC calls it: `/millrun.ordering.v1.OrderingService/SubmitOrder`."""

    comment: str
    request: Descriptor
    answer: Descriptor
    streams: bool
    in_pieces: bool
    """Whether the request holds a file that travels in several messages."""

    harmless: bool
    """Whether it may be repeated without effect (`idempotency_level = NO_SIDE_EFFECTS`)."""

    rules: tuple[Rule, ...]

    @property
    def full_name(self) -> str:
        """As logs and metrics say it: `ordering.SubmitOrder`."""
        return f"{self.service}.{self.name}"

    @property
    def gives_bytes(self) -> bool:
        """Whether the answer is a file and not JSON."""
        return bool(self.answer.full_name == HTTP_BODY)


class Contract:
    """All public methods of a descriptor set, and the comments on everything in it."""

    def __init__(self, files: Iterable[FileDescriptorProto]) -> None:
        self._files = list(files)
        self._pool = DescriptorPool()
        for file in self._files:
            self._pool.AddSerializedFile(file.SerializeToString())  # type: ignore[no-untyped-call]
        self.methods = tuple(method for file in self._files for method in self._methods(file))

    @classmethod
    def load(cls, path: Path = FILE) -> "Contract":
        """Read the descriptor set; FileNotFoundError if the protos were never generated."""
        return cls(FileDescriptorSet.FromString(path.read_bytes()).file)

    @cached_property
    def services(self) -> Mapping[str, str]:
        """The full names of the services that answer public methods, by short name."""
        return {method.service: method.path.split("/")[1] for method in self.methods}

    def comment(self, full_name: str) -> str:
        """Return what the proto says above a service, method, message, field or enum value."""
        return self._comments.get(full_name, "")

    def _methods(self, file: FileDescriptorProto) -> Iterator[Method]:
        for service in file.service:
            full_name = f"{file.package}.{service.name}"
            for method in service.method:
                rules = tuple(_rules(method.options.Extensions[HTTP]))
                if rules:
                    yield self._method(full_name, method, rules)

    def _method(
        self, service: str, method: MethodDescriptorProto, rules: tuple[Rule, ...]
    ) -> Method:
        return Method(
            service=service.split(".")[1],
            name=method.name,
            path=f"/{service}/{method.name}",
            comment=self.comment(f"{service}.{method.name}"),
            request=self.message(method.input_type),
            answer=self.message(method.output_type),
            streams=method.server_streaming,
            in_pieces=method.client_streaming,
            harmless=bool(method.options.idempotency_level == MethodOptions.NO_SIDE_EFFECTS),
            rules=rules,
        )

    def message(self, name: str) -> Descriptor:
        """Return a message by its full name; KeyError if there is none."""
        found: Descriptor = self._pool.FindMessageTypeByName(name.lstrip("."))  # type: ignore[no-untyped-call]
        return found

    @cached_property
    def _comments(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for file in self._files:
            for location in file.source_code_info.location:
                if location.leading_comments:
                    name = _name_at(file, list(location.path))
                    found[name] = _unwrap(location.leading_comments)
        return found


def _rules(rule: HttpRule) -> Iterator[Rule]:
    verb = rule.WhichOneof("pattern")
    if verb:
        template = rule.custom.path if verb == "custom" else getattr(rule, verb)
        verb = rule.custom.kind if verb == "custom" else verb
        yield Rule(verb=verb.upper(), template=template, body=rule.body)
    for additional in rule.additional_bindings:
        yield from _rules(additional)


def _name_at(file: FileDescriptorProto, path: list[int]) -> str:
    """Return the full name of what a source location points at; nothing if it has none.

    A location is field numbers and indexes in turn: `[4, 0, 2, 1]` is the second field of the first
    message.
    """
    names: list[str] = [file.package]
    place: Any = file
    for number, index in zip(path[::2], path[1::2], strict=False):
        part = getattr(place, place.DESCRIPTOR.fields_by_number[number].name)
        if len(path) % 2 or not isinstance(part, Sequence):
            return ""
        place = part[index]
        names.append(getattr(place, "name", ""))
    return ".".join(names)


_OURS = re.compile(r"\s+\((?:[^()]*\b[RAI]\d+\b[^()]*|transitions? \d+)\)")
"""Numbers of rules and transitions: who reads the code knows them, who reads the API does not."""


def _unwrap(comment: str) -> str:
    """Join the lines of each paragraph, a list keeps its lines; our own numbers are left out."""
    paragraphs = [p.strip("\n").split("\n") for p in _OURS.sub("", comment).split("\n\n")]
    joined = ["\n".join(lines) if _is_list(lines) else _line(lines) for lines in paragraphs]
    return "\n\n".join(part for part in joined if part)


def _is_list(lines: list[str]) -> bool:
    return len(lines) > 1 and all(line.strip().startswith(("-", "*")) for line in lines)


def _line(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines if line.strip())
