"""The notification service: what there is to run."""

from millrun.notification.v1 import events_pb2

from services.notification.clocks import clocks
from services.notification.reactions import reactions
from services.notification.settings import NotificationSettings
from shared.service import Service

service = Service(
    name="notification",
    events=events_pb2,
    api="services.notification.api",
    settings=NotificationSettings,
    reactions=reactions,
    clocks=clocks,
)
