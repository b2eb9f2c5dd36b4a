"""Changes, cancellations and passports in and out of protobuf."""

from collections.abc import Iterable, Sequence
from typing import Any

from millrun.ordering.v1 import amending_pb2 as amending
from millrun.ordering.v1 import ending_pb2 as ending
from millrun.ordering.v1 import ordering_pb2
from millrun.ordering.v1 import passport_pb2 as passport

from services.ordering.domain.amendment import Changed, Meaning
from services.ordering.domain.liability import Liability
from services.ordering.queries.revisions import Issued, Revised
from services.ordering.store.snapshots import Frozen
from shared.money import Money
from shared.wire import money_message, time_message

MONEY_FIELDS = frozenset(
    {"unit_price", "list_unit_price", "amount", "total", "price_per_order", "setup_fee"}
)


def amendment_message(meant: Meaning, *, priced: bool) -> amending.Amendment:
    """Return what a change means; money only if it is shown."""
    effect, proposal = meant.effect, meant.proposal
    before, after = effect.deposit_before, effect.deposit_after
    return amending.Amendment(
        changes=differences_message(
            each
            for each in meant.changes
            if priced or each.field.rpartition(".")[2] not in MONEY_FIELDS
        ),
        proposed_by=proposal.by,
        proposed_as=amending.Amendment.Side.Value(proposal.party.name),
        awaits=[amending.Amendment.Side.Value(party.name) for party in meant.awaits],
        reason=proposal.reason,
        propose_time=time_message(proposal.since),
        total_before=money_message(effect.total_before) if priced else None,
        total_after=money_message(effect.total_after) if priced else None,
        deposit_before=money_message(before) if priced and before else None,
        deposit_after=money_message(after) if priced and after else None,
        addendum_suffices=meant.addendum,
        to_be_signed=meant.to_be_signed,
    )


def differences_message(changes: Iterable[Changed]) -> list[amending.Difference]:
    """Return what differs, field by field."""
    return [amending.Difference(**vars(each)) for each in changes]


def cancellation_message(order: Any) -> ending.Cancellation:
    """Return a buyer's wish to end an order."""
    asked = order.cancellation
    settled = Money(order.currency, order.settled_amount)
    owed = Liability(
        stage=asked.stage,
        percent=asked.percent,
        amount=Money(order.currency, asked.amount),
        settled=settled,
    )
    return ending.Cancellation(
        requested_by=asked.by,
        reason=asked.reason,
        request_time=time_message(asked.since),
        liability=liability_message(owed),
    )


def liability_message(owed: Liability | None) -> ending.Liability:
    """Return what ending an order costs; nothing where nobody is to be asked."""
    if owed is None:
        return ending.Liability()
    return ending.Liability(
        stage=ending.Liability.Stage.Value(owed.stage.name),
        percent=owed.percent,
        amount=money_message(owed.amount),
        settled=money_message(owed.settled),
        refund=money_message(owed.refund),
        due=money_message(owed.due),
    )


def passport_message(frozen: Frozen) -> passport.Passport:
    """Return what was frozen and signed."""
    return passport.Passport(
        order=f"enterprises/{frozen.enterprise}/orders/{frozen.order_id}",
        revision=frozen.revision,
        content=frozen.content,
        digest=frozen.digest,
        signature=frozen.signature,
        key_id=frozen.key_id,
        sign_time=time_message(frozen.frozen_at),
    )


def verdict_message(issued: Issued) -> ordering_pb2.VerifyPassportResponse:
    """Return what there is to say about a passport."""
    return ordering_pb2.VerifyPassportResponse(
        genuine=not issued.reason,
        reason=issued.reason,
        digest=issued.digest,
        key_id=issued.key_id,
        latest=issued.latest,
        sign_time=time_message(issued.signed_at),
    )


def keys_message(keys: Sequence[dict[str, Any]]) -> ordering_pb2.ListPassportKeysResponse:
    """Return the public keys as a JSON Web Key Set."""
    named = passport.PassportKey.DESCRIPTOR.fields_by_name
    return ordering_pb2.ListPassportKeysResponse(
        keys=[
            passport.PassportKey(**{name: str(key.get(name, "")) for name in named}) for key in keys
        ]
    )


def revisions_message(revisions: Sequence[Revised]) -> ordering_pb2.ListOrderRevisionsResponse:
    """Return the revisions of an order, the latest first."""
    return ordering_pb2.ListOrderRevisionsResponse(
        revisions=[
            amending.OrderRevision(
                revision=each.frozen.revision,
                digest=each.frozen.digest,
                freeze_time=time_message(each.frozen.frozen_at),
                reason=each.frozen.reason,
                changes=differences_message(each.changes),
                proposed_by=each.by,
                total=money_message(each.total),
                deposit=money_message(each.deposit) if each.deposit else None,
            )
            for each in reversed(revisions)
        ]
    )


def comparison_message(changes: Iterable[Changed]) -> ordering_pb2.CompareOrderRevisionsResponse:
    """Return what differs between two revisions."""
    return ordering_pb2.CompareOrderRevisionsResponse(differences=differences_message(changes))
