"""One version of a contract: a document and who signed it.

It is called an edition here, because an aggregate's `version` counts its changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from services.contract.domain.ending import Ending
from services.contract.domain.signature import Signature
from services.contract.domain.terms import Clause, Difference, Terms
from shared.clock import now
from shared.ids import new_id
from shared.money import Money


class Standing(Enum):
    """Where an edition stands."""

    PREPARING = "preparing"
    GENERATED = "generated"
    BUYER_SIGNED = "signed by the buyer"
    SIGNED = "signed"
    REPLACED = "replaced"
    VOID = "void"


@dataclass(kw_only=True, eq=False)
class Edition:
    """A document, made once; what is signed is its terms."""

    number: int
    addendum: bool
    enterprise: str
    terms: Terms
    content_digest: str
    total: Money
    deposit: Money
    valid_until: datetime
    changed: list[dict[str, Any]] = field(default_factory=list)
    """What differs from the edition it amends or replaces."""

    document_digest: str = ""
    in_force: bool = False
    """Whether both signed it and nothing took its place since."""

    replaced: bool = False
    end_reason: str = ""
    """Why it holds no more, in a sentence."""

    ended: Mapping[str, Any] | None = None
    """The same in parts, as `Ending` keeps them; None for what ended before they were kept."""

    created_at: datetime = field(default_factory=now)
    generated_at: datetime | None = None
    buyer_signature: Signature | None = None
    vendor_signature: Signature | None = None
    id: UUID = field(default_factory=new_id)

    @property
    def standing(self) -> Standing:
        """Where it stands: derived, so that it cannot contradict what it is derived from."""
        if self.end_reason:
            return Standing.REPLACED if self.replaced else Standing.VOID
        if self.in_force:
            return Standing.SIGNED
        if self.buyer_signature is not None:
            return Standing.BUYER_SIGNED
        return Standing.GENERATED if self.document_digest else Standing.PREPARING

    @property
    def differences(self) -> list[Difference]:
        """What differs from the edition it amends or replaces."""
        return [Difference(**{**each, "clause": Clause(each["clause"])}) for each in self.changed]

    def keep(self, found: list[Difference]) -> None:
        """Remember what differs."""
        self.changed = [{**vars(each), "clause": each.clause.value} for each in found]

    @property
    def ending(self) -> Ending | None:
        """Why it holds no more, where that is known in parts."""
        return Ending.of(self.ended) if self.ended else None

    def end(self, why: Ending, *, replaced: bool) -> None:
        """From now on it does not hold and cannot be signed."""
        self.in_force, self.replaced = False, replaced
        self.end_reason, self.ended = str(why), why.kept()


def signed_content(
    terms: Terms, *, contract_no: str, order_no: str, number: int, amended: list[Edition]
) -> Mapping[str, Any]:
    """Return all that the digest on the document stands for: the terms, and what they belong to."""
    amends = [
        {"version": each.number, "digest": each.content_digest or each.document_digest}
        for each in amended
    ]
    return {
        **terms,
        "contract": {
            "number": contract_no,
            "order_no": order_no,
            "version": number,
            "amends": amends,
        },
    }
