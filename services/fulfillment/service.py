"""The fulfillment service: what there is to run."""

from millrun.fulfillment.v1 import events_pb2

from services.fulfillment.clocks import confirm_overdue_receipts
from services.fulfillment.license_keys import vault
from services.fulfillment.reactions import reactions
from services.fulfillment.settings import FulfillmentSettings
from shared.service import Clock, Service

service = Service(
    name="fulfillment",
    events=events_pb2,
    api="services.fulfillment.api",
    settings=FulfillmentSettings,
    reactions=reactions,
    look=lambda settings: vault(settings.license_keys),
    clocks=(Clock(every=60, tick=confirm_overdue_receipts),),
)
