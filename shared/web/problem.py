"""What went wrong, as a person or a program is told: one sentence, its facts, and the way out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from shared import errors
from shared.web import altered, revised
from shared.web.refusals import refused

STATUS_OF_FAMILY: Mapping[type[errors.Refusal], int] = {
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Disallowed: 409,
    errors.Outdated: 409,
    errors.Exhausted: 429,
    errors.Unavailable: 503,
}
"""Which HTTP status a family of refusals is answered with (architecture §5)."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A refusal on its way out: the body of an RFC 9457 answer and of the error page alike."""

    status: int
    detail: str
    """The sentence that says what is wrong."""

    reason: str = ""
    """What programs tell refusals apart by: `ORDER_NOT_FOUND`."""

    facts: Mapping[str, str] = field(default_factory=dict)
    fix: str = ""
    """Who can do what about it."""

    outdated: bool = False
    """Whether it changed since it was read: reading it again is the way on."""

    trace_id: str = ""
    """What to quote when asking about it; finds the request in logs and traces."""

    @classmethod
    def of(cls, refusal: errors.Refusal, trace_id: str = "") -> "Problem":
        """Return `refusal` as a problem, as its reader is told on pages."""
        facts = {**refusal.facts, **revised.changes(refusal.facts), **altered.what(refusal.facts)}
        return replace(
            cls.stated(refusal, trace_id),
            detail=refused("refusal", refusal.reason, facts, str(refusal)),
            fix=refused("fix", refusal.reason, facts, refusal.remedy),
        )

    @classmethod
    def stated(cls, refusal: errors.Refusal, trace_id: str = "") -> "Problem":
        """Return `refusal` as a problem in the words of its service, as programs are told.

        A family nobody knows is a conflict.
        """
        status = next((s for f, s in STATUS_OF_FAMILY.items() if isinstance(refusal, f)), 409)
        return cls(
            status=status,
            detail=str(refusal),
            reason=refusal.reason,
            facts=refusal.facts,
            fix=refusal.remedy,
            outdated=isinstance(refusal, errors.Outdated),
            trace_id=trace_id,
        )

    @property
    def title(self) -> str:
        """The name of the HTTP status."""
        return HTTPStatus(self.status).phrase

    @property
    def fields(self) -> frozenset[str]:
        """The fields it is about, each by its last part and, as that may not be unique, in whole.

        `invoice_title.phone` is known as `phone` and as `invoice_title_phone`.
        """
        named = f"{self.facts.get('field', '')},{self.facts.get('fields', '')}".split(",")
        paths = [path.strip() for path in named if path.strip()]
        last = (path.rpartition(".")[2] for path in paths)
        return frozenset((*last, *(path.replace(".", "_") for path in paths)))

    def to_dict(self) -> dict[str, Any]:
        """Return the members of the `application/problem+json` body; empty ones are left out."""
        members = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "reason": self.reason,
            "facts": dict(self.facts),
            "fix": self.fix,
            "trace_id": self.trace_id,
        }
        return {name: value for name, value in members.items() if value}
