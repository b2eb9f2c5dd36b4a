"""An API client that leaves its mark in every text it sends: what is found elsewhere has leaked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import httpx
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from deploy.local.people import Api, Refused
from e2e.tenants.rpcs import contract, forms_of
from services.gateway.parsing import find
from services.gateway.router import Router
from services.gateway.schemas import is_answer_only

BOUND = frozenset(
    {
        *("email", "password", "session_secret", "secret", "code", "space", "page_token"),
        *("phone", "country_code", "currency_code", "tax_id", "bank_account", "postal_code"),
        *("digest", "document_digest", "firmware_digest", "media_type", "version"),
        *("etag", "request_id", "product_id", "module_id", "enterprise_id", "data_points"),
        *(
            "event_types",
            "new_password",
            "current_password",
            "delivery_date",
            "requested_delivery_date",
            "impact",
            "currency",
            "file_name",
        ),
    }
)
"""Texts with a form of their own, in which no mark has room: a new one belongs here."""


class Marking(Api):
    """The API of an enterprise's people, whose every text carries `mark`."""

    def __init__(self, url: str, mark: str) -> None:
        super().__init__(url)
        self.mark = mark
        self.marked: set[str] = set()
        """The fields that carried it, as `millrun.ordering.v1.OrderForm.po_no`."""

        self._router = Router(contract().methods)

    def ask(self, verb: str, path: str, **what: Any) -> httpx.Response:
        """Ask with the mark in every text; where one is refused, only in those that were said."""
        body = what.pop("body", None)
        if not body:
            return super().ask(verb, path, **what)
        descriptor = self._descriptor(verb, path)
        said, unsaid = self._marked(descriptor, body), self._unsaid(descriptor, body)
        try:
            answer = super().ask(verb, path, body=unsaid | said, **what)
        except Refused:
            unsaid = {}
            answer = super().ask(verb, path, body=said, **what)
        self._note(descriptor, unsaid | said)
        return answer

    def _descriptor(self, verb: str, path: str) -> Descriptor:
        """Return what the body of a request is."""
        binding, _ = self._router.find(verb, f"/v1/{path}")
        request, whole = binding.method.request, binding.rule.body
        found: Any = request if whole == "*" else request.fields_by_name[whole].message_type
        return cast(Descriptor, found)

    def _marked(self, descriptor: Descriptor, data: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._value(find(descriptor, name), value) for name, value in data.items()}

    def _unsaid(self, descriptor: Descriptor, data: Mapping[str, Any]) -> dict[str, str]:
        """Return the texts that could be said besides."""
        names = {field.camelcase_name for field in descriptor.fields if is_free_text(field)}
        return dict.fromkeys(names - set(data), self.mark)

    def _note(self, descriptor: Descriptor, data: Mapping[str, Any]) -> None:
        """Remember which fields carried the mark."""
        for name, value in data.items():
            field = find(descriptor, name)
            assert field is not None
            if is_free_text(field) and self.mark in str(value):
                self.marked.add(field.full_name)
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, Mapping) and field.message_type is not None:
                    self._note(field.message_type, each)

    def _value(self, field: FieldDescriptor | None, value: Any) -> Any:
        if field is None:
            return value
        if isinstance(value, list | tuple):
            return [self._value(field, each) for each in value]
        inside = field.message_type
        if isinstance(value, Mapping) and inside is not None:
            # An address or an invoice title has no text of its own that refuses a mark.
            return self._unsaid(inside, value) | self._marked(inside, value)
        if isinstance(value, str) and is_free_text(field) and self.mark not in value:
            return f"{value}-{self.mark}"
        return value


def free_texts(descriptor: Descriptor, above: tuple[str, ...] = ()) -> Iterator[FieldDescriptor]:
    """Yield every text in a message and in what is in it."""
    for field in descriptor.fields:
        inside: Any = field.message_type
        if is_free_text(field):
            yield field
        elif inside is None or is_answer_only(field) or inside.full_name in above:
            continue
        elif inside.full_name.startswith("millrun."):
            yield from free_texts(inside, (*above, inside.full_name))


def is_free_text(field: FieldDescriptor) -> bool:
    """Whether people write into it what they like."""
    return (
        field.type == FieldDescriptor.TYPE_STRING
        and not field.is_repeated
        and field.name not in BOUND
        and not is_answer_only(field)
        and not forms_of(field)
    )
