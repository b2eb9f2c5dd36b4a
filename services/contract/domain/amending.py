"""How a contract follows its order: a new edition, or an addendum to what both signed (§6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from services.contract.domain import events
from services.contract.domain.chart import Move, State
from services.contract.domain.edition import Edition, Standing, signed_content
from services.contract.domain.ending import Cause, Ending
from services.contract.domain.record import Act
from services.contract.domain.terms import (
    Clause,
    Difference,
    Terms,
    differences,
    digest_of,
    in_words,
)
from shared.clock import now
from shared.money import Money

if TYPE_CHECKING:
    from services.contract.domain.contract import Contract

TAKEN_BACK = Ending(cause=Cause.AMENDMENT_TAKEN_BACK)


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What an order, as it is confirmed now, says of its contract."""

    terms: Terms
    total: Money
    deposit: Money
    valid_until: datetime
    enterprise_legal_name: str
    business_manager: str


def begin(contract: Contract, agreed: Agreed, *, found: list[Difference]) -> None:
    """Begin the next edition; an addendum if something is in force."""
    number, amended = len(contract.editions) + 1, contract.in_force
    content = signed_content(
        agreed.terms,
        contract_no=contract.contract_no,
        order_no=contract.order_no,
        number=number,
        amended=amended,
    )
    edition = Edition(
        number=number,
        addendum=bool(amended),
        enterprise=contract.enterprise,
        terms=content,
        content_digest=digest_of(content),
        total=agreed.total,
        deposit=agreed.deposit,
        valid_until=agreed.valid_until,
    )
    edition.keep(found)
    contract.editions.append(edition)
    contract.enterprise_legal_name = agreed.enterprise_legal_name
    contract.business_manager = agreed.business_manager
    _show(contract, edition)


def amend(contract: Contract, agreed: Agreed, *, addendum_suffices: bool) -> None:
    """The order changed: what is signed follows, unless nothing of it is touched."""
    signed = contract.in_force
    found = differences((signed or contract.editions)[-1].terms, agreed.terms)
    if signed:
        # Until when one could sign what is signed says nothing any more.
        found = [each for each in found if each.clause is not Clause.VALIDITY]
    if not differences(contract.edition.terms, agreed.terms):
        return
    if found:
        _begin_instead(contract, agreed, found, addendum_suffices)
    elif contract.state is not State.SIGNED:
        call_off(contract, TAKEN_BACK)


def end(contract: Contract, why: Ending) -> None:
    """The order ended: nothing holds any more, not even what both signed.

    What the buyer owes for an order that ended by request is owed by what they agreed to when they
    asked, and the reason says it.
    """
    contract.move(Move.VOID)
    for each in contract.editions:
        if not each.end_reason:
            each.end(why, replaced=False)
    contract.note(Act.VOIDED, note=why.note)
    contract.tell(
        events.ContractVoided,
        reason=str(why),
        cause=why.cause,
        order_reason=why.note,
        liability=why.liability,
    )


def call_off(contract: Contract, why: Ending) -> None:
    """The amendment ended before both had signed the addendum; what they signed before holds."""
    contract.move(Move.VOID_ADDENDUM)
    contract.edition.end(why, replaced=False)
    contract.note(Act.ADDENDUM_VOIDED)
    contract.tell(events.ContractAddendumVoided, reason=str(why), cause=why.cause)
    _show(contract, contract.in_force[-1])


def _begin_instead(
    contract: Contract, agreed: Agreed, found: list[Difference], addendum_suffices: bool
) -> None:
    """Begin an edition in place of those that do not stay."""
    contract.move(Move.AMEND)
    why = Ending(cause=Cause.NEWER_VERSION, note=str(len(contract.editions) + 1))
    ended = [
        each
        for each in contract.editions
        if not each.end_reason and not (each.in_force and addendum_suffices)
    ]
    voided = [each for each in ended if each.standing in (Standing.SIGNED, Standing.BUYER_SIGNED)]
    act = Act.SIGNATURES_VOIDED if voided else Act.REPLACED
    for each in ended:
        each.end(why, replaced=True)
    begin(contract, agreed, found=found)
    contract.note(Act.ADDENDUM_BEGUN if contract.in_force else act, note=in_words(found))
    contract.tell(
        events.ContractAmended,
        addendum=contract.edition.addendum,
        signatures_voided=bool(voided),
        changes=in_words(found),
        differences=tuple(found),
    )


def _show(contract: Contract, edition: Edition) -> None:
    """Make `edition` the current one."""
    contract.current, contract.document_digest = edition.number, edition.document_digest
    contract.total, contract.deposit = edition.total, edition.deposit
    contract.valid_until, contract.generated_at = edition.valid_until, edition.generated_at
    contract.prepare_after = now()
    contract.return_reason = ""
