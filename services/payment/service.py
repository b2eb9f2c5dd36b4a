"""The payment service: what there is to run."""

from millrun.payment.v1 import events_pb2

from services.payment.clocks import audit_ledger
from services.payment.reactions import reactions
from services.payment.settings import PaymentSettings
from shared.service import Clock, Service

service = Service(
    name="payment",
    events=events_pb2,
    api="services.payment.api",
    settings=PaymentSettings,
    reactions=reactions,
    clocks=(Clock(every=24 * 3600, tick=audit_ledger),),
)
