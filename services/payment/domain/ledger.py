"""The ledger of an order: double entry, append-only, in smallest coins (I5, reliability §2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.payment.domain.errors import Unbalanced
from shared.clock import now
from shared.ids import new_id
from shared.money import Money

BANK = "bank"
DEPOSITS = "customer_deposits"
SUSPENSE = "suspense"
"""Money that came for what had ended, until it is sent back."""


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
    payment_id: UUID
    posted_at: datetime

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
    journal_id, at = new_id(), now()
    came = -1 if back else 1
    return balanced(
        [
            Posting(
                id=new_id(),
                journal_id=journal_id,
                enterprise=enterprise,
                plan_id=plan_id,
                ledger_account=account,
                currency=amount.currency,
                amount_minor=sign * amount.minor,
                memo=memo,
                payment_id=payment_id,
                posted_at=at,
            )
            for account, sign in ((BANK, came), (SUSPENSE if late else DEPOSITS, -came))
        ]
    )


def balanced(postings: list[Posting]) -> list[Posting]:
    """Return `postings` if they add up to zero in one currency; else raise Unbalanced."""
    currencies = {each.currency for each in postings}
    if len(currencies) != 1 or sum(each.amount_minor for each in postings) != 0:
        raise Unbalanced([(each.ledger_account, each.amount_minor) for each in postings])
    return postings
