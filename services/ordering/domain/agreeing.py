"""Who has to agree to which change, in which state: one table (issue 4, amendments)."""

from dataclasses import dataclass

from services.ordering.domain.amendment import Field
from services.ordering.domain.words import Party, State

BM, PM = Party.BUSINESS_MANAGER, Party.PROJECT_MANAGER


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a change asks for. Whoever it is that asks, the other side has to agree at least."""

    vendor: frozenset[Party] = frozenset()
    """Who of the vendor's has to agree; nobody where the buyer is free to change it."""

    addendum: bool = True
    """Whether an addendum is enough where both signed; else they sign the contract anew."""


FREE = Rule()
BUSINESS = Rule(vendor=frozenset({BM}))
TECHNICAL = Rule(vendor=frozenset({PM}))
TECHNICAL_ANEW = Rule(vendor=frozenset({PM}), addendum=False)

TABLE: dict[Field, dict[State, Rule]] = {
    # What production was told to make is not changed under its hands: order the rest anew.
    Field.QUANTITY: {
        State.INTENTION: BUSINESS,
        State.CONFIRMED: BUSINESS,
        State.CONTRACT_SIGNED: BUSINESS,
    },
    Field.LINE_REMOVED: {
        State.INTENTION: BUSINESS,
        State.CONFIRMED: BUSINESS,
        State.CONTRACT_SIGNED: BUSINESS,
    },
    Field.SERVICES: {
        State.INTENTION: BUSINESS,
        State.CONFIRMED: BUSINESS,
        State.CONTRACT_SIGNED: BUSINESS,
    },
    # Every unit is checked against the digest both signed: no addendum, the contract itself.
    Field.FIRMWARE: {
        State.INTENTION: TECHNICAL,
        State.CONFIRMED: TECHNICAL,
        State.CONTRACT_SIGNED: TECHNICAL_ANEW,
    },
    Field.DELIVERY_DATE: {
        State.INTENTION: FREE,
        State.CONFIRMED: BUSINESS,
        State.CONTRACT_SIGNED: BUSINESS,
        State.DEPOSIT_PAID: BUSINESS,
        State.IN_PRODUCTION: BUSINESS,
    },
    Field.DELIVERY_ADDRESS: {
        State.INTENTION: FREE,
        State.CONFIRMED: FREE,
        State.CONTRACT_SIGNED: BUSINESS,
        State.DEPOSIT_PAID: BUSINESS,
        State.IN_PRODUCTION: BUSINESS,
        State.READY_TO_SHIP: BUSINESS,
    },
    Field.INVOICE_TITLE: {
        State.INTENTION: FREE,
        State.CONFIRMED: FREE,
        State.CONTRACT_SIGNED: FREE,
        State.DEPOSIT_PAID: FREE,
        State.IN_PRODUCTION: FREE,
        State.READY_TO_SHIP: FREE,
    },
}
"""What is not in it is refused."""

OF_LINES = frozenset({Field.QUANTITY, Field.LINE_REMOVED, Field.SERVICES, Field.FIRMWARE})
"""What is said of a line, and is not changed once production was told to make it."""

NOT_FOR_BUSINESS = {Field.FIRMWARE, Field.INVOICE_TITLE, Field.SERVICES}
PROPOSED_BY = {BM: frozenset(Field) - NOT_FOR_BUSINESS, PM: {Field.FIRMWARE}}
"""What the vendor's people may ask the buyer to change."""


def can_change(field: Field, state: State, *, cleared: bool) -> bool:
    """Whether it can still be changed, whoever agrees; `cleared` once production may begin."""
    return state in TABLE[field] and not (cleared and field in OF_LINES)


def who_agrees(rules: list[Rule], asked_by: Party) -> frozenset[Party]:
    """Return all who have to agree, whoever asked among them."""
    of_vendor = frozenset().union(*(rule.vendor for rule in rules))
    asking = of_vendor | {asked_by}
    # What the vendor asks for, the buyer has to agree to.
    return asking if asked_by is Party.BUYER else asking | {Party.BUYER}
