"""The certification: an enterprise's request to be let in, and what became of it (R27)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

from services.authorization.domain.enterprise import Enterprise
from services.authorization.domain.errors import (
    AlreadyCertified,
    CertificationCannotBecome,
    CertificationDecided,
    TooManyDocuments,
)
from services.authorization.domain.events import CertificationRejected, CertificationRequested
from services.authorization.domain.rules import text
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

MOST_PROOFS = 5


class State(Enum):
    """Where a request stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


BECOMES: dict[State, frozenset[State]] = {
    State.PENDING: frozenset({State.APPROVED, State.REJECTED}),
    State.APPROVED: frozenset(),
    State.REJECTED: frozenset(),
}


class Proof:
    """A file that a request is proved with."""

    digest: str
    file_name: str
    media_type: str
    size: int
    attached_at: datetime

    def __init__(self, *, digest: str, file_name: str, media_type: str, size: int) -> None:
        self.digest, self.file_name = digest, text("file name", file_name)
        self.media_type, self.size, self.attached_at = media_type, size, now()


class Certification(Aggregate):
    """A request to be certified."""

    PATTERN = "enterprises/*/certifications/*"

    id: UUID
    state: State
    legal_name: str
    """As it stood when asked."""

    registration_no: str
    reason: str
    """Why it was rejected; else empty."""

    proofs: list[Proof]
    expires_at: datetime | None
    """Until when what was approved is good."""

    created_at: datetime
    decided_at: datetime | None

    @classmethod
    def request(cls, enterprise: Enterprise, *, registration_no: str) -> Certification:
        """Its administrator asks; refuses with AlreadyCertified or BadText."""
        if not enterprise.is_due:
            raise AlreadyCertified(enterprise=enterprise.name, legal_name=enterprise.legal_name)
        certification = cls()
        certification.enterprise = enterprise.enterprise
        certification.id = new_id()
        certification.state = State.PENDING
        certification.legal_name = enterprise.legal_name
        certification.registration_no = text("registration number", registration_no)
        certification.reason, certification.proofs = "", []
        certification.created_at = now()
        certification.decided_at = certification.expires_at = None
        certification.record(
            CertificationRequested(
                certification=certification.name,
                enterprise=enterprise.name,
                legal_name=enterprise.legal_name,
            )
        )
        return certification

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/certifications/{self.id}"

    def attach(self, proof: Proof) -> None:
        """Its administrator adds a file; the same one again is none. Only while it is PENDING."""
        self.insist_open()
        if not self.is_proved_with(proof.digest):
            if len(self.proofs) >= MOST_PROOFS:
                raise TooManyDocuments(most=MOST_PROOFS)
            self.proofs.append(proof)

    def insist_open(self) -> None:
        """Refuse with CertificationDecided unless it is PENDING."""
        if self.state is not State.PENDING:
            raise CertificationDecided(certification=self.name, state=self.state.value)

    def is_proved_with(self, digest: str) -> bool:
        """Whether a file with this digest belongs to it."""
        return any(each.digest == digest for each in self.proofs)

    def approve(self, *, until: datetime) -> None:
        """A certifier lets the enterprise in; that is told by the enterprise itself."""
        self._decide(State.APPROVED)
        self.expires_at = until

    def reject(self, *, reason: str) -> None:
        """A certifier does not let it in; it may ask again."""
        self._decide(State.REJECTED)
        self.reason = text("reason", reason, most=2000)
        self.record(
            CertificationRejected(
                certification=self.name,
                enterprise=f"enterprises/{self.enterprise}",
                reason=self.reason,
            )
        )

    def _decide(self, state: State) -> None:
        if state not in BECOMES[self.state]:
            raise CertificationCannotBecome(
                certification=self.name, state=self.state.value, wanted=state.value
            )
        self.state, self.decided_at = state, now()
