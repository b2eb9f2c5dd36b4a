"""Value-added services as pages show them: sold by the catalogue, and on a line."""

from google.type.money_pb2 import Money
from millrun.catalog.v1.module_pb2 import PriceTier
from millrun.catalog.v1.value_added_service_pb2 import Charge, ValueAddedService
from millrun.ordering.v1.order_pb2 import OrderLineService, Purpose

LABELS, BURN_IN = "valueAddedServices/labels", "valueAddedServices/burn-in"


def _yuan(units: int, nanos: int = 0) -> Money:
    return Money(currency_code="CNY", units=units, nanos=nanos)


def sold() -> list[ValueAddedService]:
    """Return what is sold on top of every module: labels, and burn-in from 5,000 pieces on."""
    active, both = ValueAddedService.ACTIVE, [Purpose.TRIAL_PRODUCTION, Purpose.MASS_PRODUCTION]
    tiers = [PriceTier(from_quantity=1, unit_price=_yuan(0, 125_000_000))]
    return [
        ValueAddedService(
            name=LABELS,
            display_name="Custom <label>",
            description="Hand in the label as a PDF.",
            purposes=both,
            state=active,
            charge=Charge(price_tiers=tiers, price_per_order=_yuan(50), setup_fee=_yuan(300)),
        ),
        ValueAddedService(
            name=BURN_IN,
            display_name="Burn-in, 8 hours",
            purposes=both[1:],
            minimum_quantity=5000,
            added_lead_time_days=2,
            state=active,
            charge=Charge(price_tiers=tiers),
        ),
    ]


def labels(**more: object) -> OrderLineService:
    """Return labels on a line of 2,000, whose set-up the business manager waived."""
    known = {
        "service": LABELS,
        "display_name": "Custom <label>",
        "description": "Hand in the label as a PDF.",
        "list_unit_price": _yuan(0, 125_000_000),
        "unit_price": _yuan(0, 100_000_000),
        "list_price_per_order": _yuan(50),
        "price_per_order": _yuan(50),
        "list_setup_fee": _yuan(300),
        "price_reason": "A <regular>.",
        "amount": _yuan(250),
    }
    return OrderLineService(**{**known, **more})  # type: ignore[arg-type]
