"""What an order has to go through, by what it is for: the flow profiles (requirements §4).

A gate that does not apply is recorded as not required, and a step that needs it is not on the
order's way. Nothing of this relaxes bulk hardware: R5 stands in `gates` and takes no profile.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.ordering.domain.gates import Gate, Gates, cleared_for_production
from services.ordering.domain.words import Family, Purpose, State
from shared.errors import Disallowed

if TYPE_CHECKING:
    from services.ordering.domain.order import Order


class SoftwareNotAskedFor(Disallowed):
    """Order {order} needs nobody to confirm its software."""

    fix = "Nothing has to be done."


def paid_in_full(gates: Gates) -> bool:
    """Whether everything that an order without a deposit needs has happened (A7, A8)."""
    return gates.balance is Gate.PASSED and all(
        gate.is_open for gate in (gates.price, gates.software, gates.contract)
    )


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How orders of one kind go."""

    gates: Gates
    """What they need; all else is not required."""

    cleared: Callable[[Gates], bool]
    """Whether the vendor may make or issue what was ordered."""

    not_on_the_way: frozenset[State] = frozenset()
    """Steps they do not take."""

    @property
    def deposit_percent(self) -> int:
        """How much is due before anything is made; 0 if the business manager says it."""
        return 0 if self.gates.deposit is Gate.PENDING else 100

    @property
    def has_contract(self) -> bool:
        """Whether both sides sign."""
        return self.gates.contract is Gate.PENDING

    @property
    def is_shipped(self) -> bool:
        """Whether goods go to an address; licences are delivered as codes."""
        return self.gates.shipment is Gate.PENDING

    def called(self, state: State) -> str:
        """Return how a step is called on their way: without a deposit, none is paid."""
        if state is State.DEPOSIT_PAID and self.gates.production is Gate.NOT_REQUIRED:
            return "paid in full"
        return state.value

    def named(self, states: Iterable[State]) -> str:
        """Return those of `states` that are on their way, as a refusal says them."""
        return " or ".join(self.called(each) for each in states if each not in self.not_on_the_way)


BULK = Profile(gates=Gates(), cleared=cleared_for_production)
"""Bulk hardware: price, software, contract and deposit; nothing relaxes it (R5)."""

SAMPLE = Profile(
    gates=Gates(
        price=Gate.NOT_REQUIRED,
        software=Gate.NOT_REQUIRED,
        contract=Gate.NOT_REQUIRED,
        deposit=Gate.NOT_REQUIRED,
    ),
    cleared=paid_in_full,
    not_on_the_way=frozenset({State.CONTRACT_SIGNED}),
)
"""Debugging modules and R&D samples: list price, no contract, paid in full (A8)."""

_LICENSES = Gates(
    software=Gate.NOT_REQUIRED,
    deposit=Gate.NOT_REQUIRED,
    production=Gate.NOT_REQUIRED,
    shipment=Gate.NOT_REQUIRED,
)
_NOT_MADE = frozenset(
    {State.IN_PRODUCTION, State.READY_TO_SHIP, State.PARTIALLY_SHIPPED, State.SHIPPED}
)

SIGNED_LICENSE = Profile(gates=_LICENSES, cleared=paid_in_full, not_on_the_way=_NOT_MADE)
"""Licences under a contract: confirmed, signed, paid in full before codes are issued (A7)."""

LICENSE = Profile(
    gates=_LICENSES.without_contract(),
    cleared=paid_in_full,
    not_on_the_way=_NOT_MADE | {State.CONTRACT_SIGNED},
)
"""Licences where the vendor asks for no contract."""


def profile_for(purpose: Purpose, family: Family, *, license_contract: bool = False) -> Profile:
    """Return how an order begins; licences need a contract if the vendor's policy says so."""
    if family is Family.LICENSE:
        return SIGNED_LICENSE if license_contract else LICENSE
    return SAMPLE if purpose in {Purpose.DEBUGGING, Purpose.RND_SAMPLE} else BULK


def profile_of(order: "Order") -> Profile:
    """Return how an order goes; what the policy was when it began holds to its end."""
    signed = order.gates.contract is not Gate.NOT_REQUIRED
    return profile_for(order.purpose, order.family, license_contract=signed)
