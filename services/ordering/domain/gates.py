"""What an order needs to have happened, and the one gate that opens production."""

from dataclasses import dataclass, replace
from enum import Enum


class Gate(Enum):
    """Whether something an order needs has happened."""

    PENDING = "PENDING"
    PASSED = "PASSED"
    NOT_REQUIRED = "NOT_REQUIRED"

    @property
    def is_open(self) -> bool:
        """Whether the order may go on here."""
        return self is not Gate.PENDING


@dataclass(frozen=True, kw_only=True)
class Gates:
    """All gates of an order; each is the fact of one service."""

    price: Gate = Gate.PENDING
    software: Gate = Gate.PENDING
    contract: Gate = Gate.PENDING
    deposit: Gate = Gate.PENDING
    production: Gate = Gate.PENDING
    balance: Gate = Gate.PENDING
    shipment: Gate = Gate.PENDING
    receipt: Gate = Gate.PENDING
    invoice: Gate = Gate.NOT_REQUIRED

    def passing(self, **these: bool) -> "Gates":
        """Return them with those that are named and true passed: `passing(price=True)`.

        What is not required stays so.
        """
        passed = {
            name: Gate.PASSED
            for name, happened in these.items()
            if happened and getattr(self, name) is not Gate.NOT_REQUIRED
        }
        return replace(self, **passed)

    def again(self, *names: str) -> "Gates":
        """Return them with those that are named yet to be passed; what is not required stays so."""
        needed = [name for name in names if getattr(self, name) is not Gate.NOT_REQUIRED]
        return replace(self, **dict.fromkeys(needed, Gate.PENDING))

    def without_contract(self) -> "Gates":
        """Return them with nothing to be signed."""
        return replace(self, contract=Gate.NOT_REQUIRED)

    def wanting_invoice(self) -> "Gates":
        """Return them with the invoice yet to be issued."""
        return replace(self, invoice=Gate.PENDING)


def cleared_for_production(gates: Gates) -> bool:
    """Whether production may start: confirmed by both, signed by both, deposit received (R5).

    The only place that decides this. It takes no settings, so none can switch it off, and a gate
    that is not required does not count as passed here.
    """
    needed = (gates.price, gates.software, gates.contract, gates.deposit)
    return all(gate is Gate.PASSED for gate in needed)
