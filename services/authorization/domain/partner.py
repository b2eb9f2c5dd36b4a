"""The partner client: the credentials of a partner system."""

from __future__ import annotations

import hmac
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.authorization.domain.errors import PartnerClientCannotBecome, WrongPartnerSecret
from services.authorization.domain.events import PartnerEnrolled, PartnerRevoked
from services.authorization.domain.rules import text
from services.authorization.domain.session import hash_of
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id


class State(Enum):
    """Whether a partner system can sign in."""

    ACTIVE = "active"
    REVOKED = "revoked"


BECOMES: dict[State, frozenset[State]] = {
    State.ACTIVE: frozenset({State.REVOKED}),
    State.REVOKED: frozenset(),
}


class PartnerClient(Aggregate):
    """A partner system that follows an enterprise's order events."""

    PATTERN = "enterprises/*/partnerClients/*"

    id: UUID
    display_name: str
    secret_hash: bytes
    state: State
    created_at: datetime

    @classmethod
    def enroll(cls, enterprise: str, *, display_name: str, secret: str) -> PartnerClient:
        """Its administrator lets a partner system in; of `secret` only the hash is kept."""
        client = cls()
        client.enterprise = enterprise
        client.id = new_id()
        client.display_name = text("display name", display_name)
        client.secret_hash = hash_of(secret)
        client.state = State.ACTIVE
        client.created_at = now()
        client.record(PartnerEnrolled(partner_client=client.name, display_name=client.display_name))
        return client

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/partnerClients/{self.id}"

    def insist_secret(self, secret: str) -> None:
        """Refuse with WrongPartnerSecret, the same whether it is wrong or not valid any more."""
        same = hmac.compare_digest(hash_of(secret), self.secret_hash)
        if not same or self.state is not State.ACTIVE:
            raise WrongPartnerSecret

    def revoke(self) -> None:
        """Its administrator takes the access back; tokens already given out end by themselves."""
        if State.REVOKED not in BECOMES[self.state]:
            raise PartnerClientCannotBecome(
                partner_client=self.name, state=self.state.value, wanted=State.REVOKED.value
            )
        self.state = State.REVOKED
        self.record(PartnerRevoked(partner_client=self.name))
