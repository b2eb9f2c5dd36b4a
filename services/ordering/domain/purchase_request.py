"""The purchase request: somebody asks whoever can change it to let a product be ordered (R41)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.ordering.domain.checks import Kind
from services.ordering.domain.errors import NoteTooLong, NothingToAsk
from services.ordering.domain.events import PurchaseAsked
from services.ordering.domain.explaining import Explanation, Finding, Party, State
from shared.caller import Caller, Role
from shared.clock import now
from shared.domain import Aggregate
from shared.ids import new_id

LONGEST_NOTE = 500


class PurchaseRequest(Aggregate):
    """What somebody asked, whom and when; one a day for an account, a product and a check."""

    id: UUID
    account: str
    product: str
    license_type: str
    """Which codes for the product it is about; empty for the product itself."""

    kind: Kind
    party: Party
    day: date
    note: str
    created_at: datetime

    @classmethod
    def ask(
        cls, explanation: Explanation, kind: Kind, *, caller: Caller, note: str
    ) -> PurchaseRequest:
        """Ask about the check `kind`; NothingToAsk unless it fails and is not the caller's to mend.

        Refuses with NoteTooLong a word that nobody reads.
        """
        finding, offer = explanation.of(kind), explanation.purchase.offer
        if not is_askable(finding, explanation, caller):
            raise NothingToAsk(kind=kind.value, pid=offer.pid)
        if len(note := note.strip()) > LONGEST_NOTE:
            raise NoteTooLong(most=LONGEST_NOTE)
        request = cls()
        request.id, request.enterprise = new_id(), explanation.enterprise
        request.account, request.product = explanation.account, offer.product
        request.license_type = offer.license_type
        request.kind, request.party = kind, finding.party or Party.ORDERER
        request.note, request.created_at = note, now()
        request.day, request.version, request.sequence = request.created_at.date(), 1, 0
        request.record(
            PurchaseAsked(
                purchase_request=request.name,
                product=request.product,
                pid=offer.pid,
                kind=kind,
                sentence=finding.sentence,
                note=note,
                asker=caller.account,
                asker_display_name=caller.display_name,
                enterprise_legal_name=explanation.purchase.assortment.customer.legal_name,
                asked=_asked(request.party, explanation),
            )
        )
        return request

    @property
    def name(self) -> str:
        return f"enterprises/{self.enterprise}/purchaseRequests/{self.id}"


def is_askable(finding: Finding, explanation: Explanation, caller: Caller) -> bool:
    """Whether `caller` can ask somebody else about it: not what they can change themselves."""
    if finding.state is not State.FAILED or caller.is_staff:
        return False
    own = explanation.purchase.offer.owner == explanation.enterprise
    theirs = finding.party is Party.ADMINISTRATOR or (finding.party is Party.OWNER and own)
    return finding.party is not Party.ORDERER and not (theirs and caller.has(Role.ADMINISTRATOR))


def _asked(party: Party, explanation: Explanation) -> str:
    """Return who is told: an account, an enterprise's administrators, or nobody but certifiers."""
    assortment, product = explanation.purchase.assortment, explanation.purchase.offer.product
    return {
        Party.ADMINISTRATOR: f"enterprises/{explanation.enterprise}",
        Party.OWNER: f"enterprises/{explanation.purchase.offer.owner}",
        Party.BUSINESS_MANAGER: assortment.customer.business_manager,
        Party.PROJECT_MANAGER: assortment.project_manager([product]),
    }.get(party, "")
