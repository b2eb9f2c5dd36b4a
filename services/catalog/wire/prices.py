"""Prices in and out of protobuf."""

from collections.abc import Iterable

from google.type.money_pb2 import Money as MoneyMessage
from millrun.catalog.v1 import module_pb2
from millrun.catalog.v1 import value_added_service_pb2 as service_pb

from services.catalog.domain.prices import Charge, PriceTier
from shared.money import Money
from shared.wire import money_from, money_message


def tier_messages(tiers: Iterable[PriceTier]) -> list[module_pb2.PriceTier]:
    """Return price tiers as they are answered."""
    return [
        module_pb2.PriceTier(
            from_quantity=tier.from_quantity, unit_price=money_message(tier.unit_price)
        )
        for tier in tiers
    ]


def charge_message(charge: Charge) -> service_pb.Charge:
    """Return what something costs as it is answered."""
    return service_pb.Charge(
        price_tiers=tier_messages(charge.tiers),
        price_per_order=fee_message(charge.per_order),
        setup_fee=fee_message(charge.setup_fee),
    )


def fee_message(fee: Money | None) -> MoneyMessage | None:
    """Return an amount, or nothing for none."""
    return None if fee is None else money_message(fee)


def charge_from(message: service_pb.Charge) -> Charge | None:
    """Read what something costs; None if nothing is said, BadAmount for a price that is none."""
    per_order, setup_fee = (
        money_from(getattr(message, fee)) if message.HasField(fee) else None
        for fee in ("price_per_order", "setup_fee")
    )
    if not (message.price_tiers or per_order or setup_fee):
        return None
    tiers = tuple(
        PriceTier(tier.from_quantity, money_from(tier.unit_price)) for tier in message.price_tiers
    )
    return Charge(tiers=tiers, per_order=per_order, setup_fee=setup_fee)
