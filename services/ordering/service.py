"""The ordering service: what there is to run."""

from millrun.ordering.v1 import events_pb2

from services.ordering.clocks import expire_orders
from services.ordering.passport_keys import signer
from services.ordering.reactions import reactions
from services.ordering.settings import OrderingSettings
from shared.service import Clock, Service

service = Service(
    name="ordering",
    events=events_pb2,
    api="services.ordering.api",
    settings=OrderingSettings,
    reactions=reactions,
    look=lambda settings: signer(settings.passport_keys),
    clocks=(Clock(every=2, tick=expire_orders),),
)
