"""The OpenAPI 3.1 document: paths, messages and sentences of the protos, nothing written twice."""

import re
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from services.gateway.contract import Contract, Method, Rule
from services.gateway.examples import KEY, Examples
from services.gateway.schemas import WELL_KNOWN, Schemas, is_required, reference
from services.gateway.told import tell_events

Json = dict[str, Any]

PROBLEM: Json = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Always `about:blank`; see `reason`."},
        "title": {"type": "string", "description": "The name of the HTTP status."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "One sentence that says what is wrong."},
        "reason": {"type": "string", "description": "What to tell problems apart by."},
        "facts": {
            "type": "object",
            "description": "The values in the sentence.",
            "additionalProperties": {"type": "string"},
        },
        "fix": {"type": "string", "description": "Who can do what about it."},
        "trace_id": {"type": "string", "description": "What to quote when asking about it."},
    },
    "examples": [
        {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "There is nothing at /v1/order.",
            "reason": "NO_SUCH_PATH",
            "facts": {"path": "/v1/order"},
            "fix": "See /docs for the paths there are.",
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        }
    ],
}
INTRODUCTION = """\
The public API of Millrun. Sign in with `POST /v1/sessions:signIn` and send the access token of the
answer as `Authorization: Bearer …`; exchange the session secret for a fresh one before it ends.

A POST that creates or moves something needs an `Idempotency-Key`: the same key and the same request
give the same answer, whatever happened on the way. Lists give a `nextPageToken`; send it as
`pageToken`. Send the `etag` you read as `If-Match` to change only what you saw. With
`"validateOnly": true` a request is checked and nothing is stored; where the body is what is made
or changed, `validateOnly=true` stands in the query.

A partner system gets its access token with `POST /v1/partnerClients:exchange` and its own secret,
and another one in the same way when it reads 401. It follows what becomes of orders with
`GET /v1/enterprises/{enterprise}/orderEvents`: keep the `nextPageToken` together with what was made
of the events before it, and ask with it again, after an empty answer as well. So nothing is missed
and nothing has to be acknowledged; who begins again from an earlier token knows events by their
`id`.

429 and 503 say in `Retry-After` after how many seconds to ask again; the same `Idempotency-Key`
makes that safe.
"""
ACCESS_TOKEN = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
REFUSED: Json = {
    "description": "It was refused; `detail` says why and `fix` what to do.",
    "headers": {
        "Retry-After": {
            "description": "With 429 and 503: after how many seconds to ask again.",
            "schema": {"type": "integer"},
        }
    },
    "content": {"application/problem+json": {"schema": reference("Problem")}},
}
IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Chosen by you; a repeated request with it gets the first answer.",
    "schema": {"type": "string"},
    "example": KEY,
}
IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "description": "Only if it still has this etag.",
    "schema": {"type": "string"},
}
PUBLIC = ("Anybody may call it", "Anybody who holds")


def document(contract: Contract, origin: str = "") -> Json:
    """Return the document; `origin` is where the API is reached."""
    writer = _Writer(contract)
    paths: dict[str, Json] = {}
    for method in contract.methods:
        for number, rule in enumerate(method.rules):
            place = paths.setdefault(path_of(rule.template), {})
            place[rule.verb.lower()] = writer.operation(method, rule, number)
    tell_events(writer.schemas, contract)
    tags = [
        {"name": service, "description": contract.comment(full_name)}
        for service, full_name in contract.services.items()
    ]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Millrun", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": origin or "/"}],
        "tags": tags,
        "security": [{"accessToken": []}],
        "paths": paths,
        "components": {
            "schemas": {**writer.schemas.all(), "Problem": PROBLEM},
            "securitySchemes": {"accessToken": ACCESS_TOKEN},
            "responses": {"Problem": REFUSED},
        },
    }


def path_of(template: str) -> str:
    """`/v1/{name=modules/*/firmware/*}` → `/v1/modules/{module}/firmware/{firmware}`."""
    return re.sub(r"\{([^}=]+)(?:=([^}]+))?\}", _expanded, template)


def _expanded(found: re.Match[str]) -> str:
    if not found[2]:
        return f"{{{found[1]}}}"
    segments = found[2].split("/")
    return "/".join(
        f"{{{singular(segments[index - 1])}}}" if segment == "*" else segment
        for index, segment in enumerate(segments)
    )


def singular(collection: str) -> str:
    """The name of one of a collection: `productAssociations` → `productAssociation`."""
    if collection.endswith("ies"):
        return collection[:-3] + "y"
    if collection.endswith(("sses", "ches", "xes")):
        return collection[:-2]
    return collection.removesuffix("s")


def path_fields(template: str) -> list[str]:
    """The request fields a template holds."""
    return re.findall(r"\{([^}=]+)", template)


class _Writer:
    """Writes operations, and collects the schemas they name."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.schemas = Schemas(contract)
        self.examples = Examples(contract)

    def operation(self, method: Method, rule: Rule, number: int) -> Json:
        """Return one way to call a method."""
        summary, _, rest = method.comment.partition(". ")
        operation: Json = {
            "operationId": method.name if not number else f"{method.name}{number + 1}",
            "tags": [method.service],
            "summary": summary.rstrip("."),
            "parameters": [*self._parameters(method, rule)],
            "responses": {
                "200": {"description": "Done.", "content": self._answer(method)},
                "default": {"$ref": "#/components/responses/Problem"},
            },
        }
        if rest:
            operation["description"] = method.comment
        if any(words in method.comment for words in PUBLIC):
            operation["security"] = []
        if rule.body:
            operation["requestBody"] = self._request_body(method, rule)
        return operation

    def _answer(self, method: Method) -> Json:
        if method.gives_bytes:
            # The media type is the file's own: `text/csv`, `application/pdf`.
            return {"*/*": {"schema": {"type": "string", "format": "binary"}}}
        schema, sample = self.schemas.of(method.answer), self.examples.answer(method.answer)
        return {"application/json": {"schema": schema, "example": sample}}

    def _request_body(self, method: Method, rule: Rule) -> Json:
        message, elsewhere = method.request, {"request_id", *path_fields(rule.template)}
        if rule.body == "*":
            schema = self.schemas.without(message, elsewhere)
        else:
            message = message.fields_by_name[rule.body].message_type
            schema, elsewhere = self.schemas.of(message), set()
        sample = self.examples.request(message, elsewhere)
        content = {"application/json": {"schema": schema, "example": sample}}
        return {"required": True, "content": content}

    def _parameters(self, method: Method, rule: Rule) -> Iterator[Json]:
        for name in re.findall(r"\{([^}]+)\}", path_of(rule.template)):
            yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        fields = method.request.fields_by_name
        if "request_id" in fields:
            yield IDEMPOTENCY_KEY | {"required": rule.verb == "POST"}
        resource = fields[rule.body].message_type if rule.body in fields else None
        if "etag" in fields or (resource is not None and "etag" in resource.fields_by_name):
            yield IF_MATCH
        if rule.body != "*":
            yield from self._query(method, rule)

    def _query(self, method: Method, rule: Rule) -> Iterator[Json]:
        elsewhere = {rule.body, "request_id", "etag", *path_fields(rule.template)}
        for field in method.request.fields:
            if field.name not in elsewhere:
                yield from self._query_of(field, field.camelcase_name, is_required(field))

    def _query_of(self, field: FieldDescriptor, name: str, required: bool) -> Iterator[Json]:
        """Return a field as the query spells it: `totalFrom.units` is a part of `totalFrom`."""
        inside = field.message_type
        if inside is not None and inside.full_name not in WELL_KNOWN:
            for part in inside.fields:
                path = f"{name}.{part.camelcase_name}"
                yield from self._query_of(part, path, required and is_required(part))
            return
        yield {
            "name": name,
            "in": "query",
            "required": required,
            "description": self.contract.comment(field.full_name),
            "schema": self.schemas.value(field),
        }
