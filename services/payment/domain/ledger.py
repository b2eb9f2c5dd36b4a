"""The ledger of an order: double entry, append-only, in smallest coins (I5, reliability §2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.payment.domain.errors import Unbalanced
from shared.clock import now
from shared.ids import new_id
from shared.money import Money

BANK = "bank"
DEPOSITS = "customer_deposits"
SUSPENSE = "suspense"
"""Money that came for what had ended, until it is sent back."""

RECEIVABLES = "receivables"
CHARGES = "charges_for_ended_orders"
"""What is owed for orders that ended, until it is paid or waived; beside what came for them."""


@dataclass(kw_only=True, eq=False)
class Posting:
    """One line of a journal: positive is debit, negative is credit."""

    id: UUID
    journal_id: UUID
    enterprise: str
    plan_id: UUID
    ledger_account: str
    currency: str
    amount_minor: int
    memo: str
    posted_at: datetime
    payment_id: UUID | None = None
    """The payment it is about; or else"""

    receivable_id: UUID | None = None
    """the receivable."""

    @property
    def amount(self) -> Money:
        """The amount, as money."""
        return Money.of_minor(self.currency, self.amount_minor)


def receipt(
    *,
    enterprise: str,
    plan_id: UUID,
    payment_id: UUID,
    amount: Money,
    memo: str,
    late: bool = False,
    back: bool = False,
) -> list[Posting]:
    """Return the journal of money that came: the bank has it, and we owe it to the customer.

    What came too late stands in suspense, apart from what was paid for an order. What goes `back`
    goes the way it came, the other way round.
    """
    came = -amount.minor if back else amount.minor
    other = SUSPENSE if late else DEPOSITS
    about = {"enterprise": enterprise, "plan_id": plan_id, "payment_id": payment_id, "memo": memo}
    return _journal(amount.currency, {BANK: came, other: -came}, about)


def owing(
    *,
    enterprise: str,
    plan_id: UUID,
    receivable_id: UUID,
    amount: Money,
    memo: str,
    less: bool = False,
) -> list[Posting]:
    """Return the journal of what is owed for an order that ended, or of so much `less` of it."""
    owed = -amount.minor if less else amount.minor
    about = {
        "enterprise": enterprise,
        "plan_id": plan_id,
        "receivable_id": receivable_id,
        "memo": memo,
    }
    return _journal(amount.currency, {RECEIVABLES: owed, CHARGES: -owed}, about)


def _journal(currency: str, amounts: dict[str, int], about: dict[str, Any]) -> list[Posting]:
    journal_id, at = new_id(), now()
    return balanced(
        [
            Posting(
                id=new_id(),
                journal_id=journal_id,
                ledger_account=account,
                currency=currency,
                amount_minor=amount,
                posted_at=at,
                **about,
            )
            for account, amount in amounts.items()
        ]
    )


def balanced(postings: list[Posting]) -> list[Posting]:
    """Return `postings` if they add up to zero in one currency; else raise Unbalanced."""
    currencies = {each.currency for each in postings}
    if len(currencies) != 1 or sum(each.amount_minor for each in postings) != 0:
        raise Unbalanced([(each.ledger_account, each.amount_minor) for each in postings])
    return postings
