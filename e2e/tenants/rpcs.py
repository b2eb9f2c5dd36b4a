"""Every RPC there is, read from the protos: who may call it, and what its request can name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions

import shared.operations  # noqa: F401 — it has its servicer beside every other
from deploy.local.house import manifest, services
from services.gateway.contract import Contract, Rule
from services.gateway.schemas import is_answer_only
from shared.caller import CUSTOMER_ROLES, STAFF_ROLES, Role
from shared.rpc import ANYBODY, Servicer
from shared.servicer import Allow, Permission

OPERATIONS = "operations"
"""What every service hosts beside its own."""

FIELD = re.compile(r"\{([^}=]+)")
"""What of a request stands in the path of its route."""

CUSTOMERS = CUSTOMER_ROLES | {Role.PARTNER}


@dataclass(frozen=True, kw_only=True)
class Rpc:
    """One RPC of one service."""

    service: str
    """Who answers: `ordering`."""

    method: MethodDescriptor
    rules: tuple[Rule, ...]
    """How REST calls it; nothing for what is not public."""

    allow: Permission
    names: dict[str, tuple[str, ...]]
    """What of the request names a resource, as `line.product`, and the forms its names have."""

    def __str__(self) -> str:
        return f"{self.service}.{self.method.name}"

    @property
    def path(self) -> str:
        """How gRPC calls it."""
        return f"/{self.method.containing_service.full_name}/{self.method.name}"

    @property
    def harmless(self) -> bool:
        """Whether it only reads."""
        return bool(self.method.GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS)

    @property
    def for_customers(self) -> bool:
        """Whether anybody of an enterprise may call it."""
        return isinstance(self.allow, Allow) or bool(self.allow & CUSTOMERS)

    @property
    def for_staff(self) -> bool:
        """Whether anybody of the vendor's may call it."""
        return isinstance(self.allow, Allow) or bool(self.allow & STAFF_ROLES)

    @property
    def for_anybody(self) -> bool:
        """Whether nobody has to be signed in."""
        return self.allow is ANYBODY


@cache
def rpcs() -> tuple[Rpc, ...]:
    """Return every RPC of every service, and what each of them hosts beside its own."""
    return tuple(rpc for service in services() for rpc in _of(service))


@cache
def contract() -> Contract:
    """Return what the protos promise, with their comments."""
    return Contract.load()


def _of(service: str) -> Iterator[Rpc]:
    import_module(manifest(service).api)
    public = {method.path: method.rules for method in contract().methods}
    for package in (service, OPERATIONS):
        described = import_module(f"millrun.{package}.v1.{package}_pb2").DESCRIPTOR
        for descriptor in described.services_by_name.values():
            servicer = _servicer(package, descriptor.name)
            for method in descriptor.methods:
                rules = public.get(f"/{descriptor.full_name}/{method.name}", ())
                in_paths = {name for rule in rules for name in FIELD.findall(rule.template)}
                yield Rpc(
                    service=service,
                    method=method,
                    rules=rules,
                    allow=getattr(servicer, method.name).allow,
                    names=dict(names_in(method.input_type, in_paths)),
                )


def _servicer(package: str, name: str) -> type:
    """Return what answers; a test's double is none of ours."""
    stubs = import_module(f"millrun.{package}.v1.{package}_pb2_grpc")
    found = [
        kind
        for kind in _below(getattr(stubs, f"{name}Servicer"))
        if issubclass(kind, Servicer) and ".tests." not in kind.__module__
    ]
    assert len(found) == 1, found
    return found[0]


def _below(kind: type) -> Iterator[type]:
    each: type
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def names_in(
    message: Descriptor, told: Collection[str], path: str = "", above: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the fields that hold resource names, with the forms their comments give.

    What only answers carry is left out, but for what is `told` in a path: `authorization.name`.
    """
    for field in message.fields:
        inside: Any = field.message_type
        if is_answer_only(field) and path + field.name not in told:
            continue
        if inside is not None and inside.full_name not in above:
            if inside.full_name.startswith("millrun."):
                deeper = (*above, inside.full_name)
                yield from names_in(inside, told, f"{path}{field.name}.", deeper)
        elif forms := forms_of(field):
            yield path + field.name, forms


def forms_of(field: FieldDescriptor) -> tuple[str, ...]:
    """Return the forms of the names a field holds, as `enterprises/*/orders/*`."""
    said = re.findall(r"`([a-z]\w*/[^`\s]*\{[^`\s]*)`", contract().comment(field.full_name))
    return tuple(dict.fromkeys(re.sub(r"\{\w+\}", "*", each) for each in said))
