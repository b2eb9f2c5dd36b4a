"""What happens to contracts."""

from dataclasses import dataclass

from services.contract.domain.ending import Cause
from services.contract.domain.signature import Method
from services.contract.domain.terms import Difference
from shared.domain import Event
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class OfContract(Event):
    """What all of them say: which contract, of which order, in which version."""

    contract: str
    contract_no: str
    order: str
    order_no: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ContractGenerated(OfContract):
    """The document is there to be signed."""

    document_digest: str
    addendum: bool
    content_digest: str


@dataclass(frozen=True, kw_only=True)
class ContractBuyerSigned(OfContract):
    """The buyer signed."""

    business_manager: str
    method: Method
    addendum: bool


@dataclass(frozen=True, kw_only=True)
class ContractReturned(OfContract):
    """The business manager returned the buyer's signature."""

    reason: str
    addendum: bool


@dataclass(frozen=True, kw_only=True)
class ContractSigned(OfContract):
    """Both sides signed."""

    document_digest: str
    total: Money
    deposit: Money
    addendum: bool


@dataclass(frozen=True, kw_only=True)
class ContractAmended(OfContract):
    """A new version is being made, of a contract or of an addendum to it."""

    addendum: bool
    signatures_voided: bool
    changes: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class ContractAddendumVoided(OfContract):
    """An addendum was called off; what was signed before it holds."""

    reason: str
    cause: Cause


@dataclass(frozen=True, kw_only=True)
class ContractVoided(OfContract):
    """The contract no longer holds."""

    reason: str
    cause: Cause
    order_reason: str
    liability: Money | None
