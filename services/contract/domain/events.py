"""What happens to contracts."""

from dataclasses import dataclass

from shared.domain import Event
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class ContractGenerated(Event):
    """The document is there to be signed."""

    contract: str
    contract_no: str
    order: str
    order_no: str
    document_digest: str


@dataclass(frozen=True, kw_only=True)
class ContractBuyerSigned(Event):
    """The buyer signed."""

    contract: str
    contract_no: str
    order: str
    order_no: str
    business_manager: str


@dataclass(frozen=True, kw_only=True)
class ContractSigned(Event):
    """Both sides signed."""

    contract: str
    contract_no: str
    order: str
    order_no: str
    document_digest: str
    total: Money
    deposit: Money


@dataclass(frozen=True, kw_only=True)
class ContractVoided(Event):
    """The contract no longer holds."""

    contract: str
    contract_no: str
    order: str
    reason: str
