"""What notification does from time to time: it sends messages outside.

Each channel has a clock, and so a thread, of its own: one that is down delays no other.
"""

from collections.abc import Callable
from typing import cast

from services.notification.domain.message import Channel
from services.notification.sending import send
from services.notification.settings import NotificationSettings
from services.notification.store import Messages
from shared.service import Clock, Runtime
from shared.storage import EVERYTHING


def send_one(runtime: Runtime, channel: Channel) -> int:
    """Send one message that is due over `channel`; return 1 if there was one.

    Begun and ended in two transactions, none open while somebody else is waited for. Killed in
    between, it sends it again once the lease ends: twice is better than never.
    """
    template = cast(NotificationSettings, runtime.settings).channels.get(channel)
    if template is None:
        return 0
    with runtime.database.transaction(EVERYTHING) as tx:
        begun = Messages(tx).begin_due(channel)
    if begun is None:
        return 0
    message, delivery = begun
    error = send(
        template,
        channel=channel,
        address=delivery.address,
        subject=message.subject,
        text=message.text,
    )
    with runtime.database.transaction(EVERYTHING) as tx:
        Messages(tx).locked(message.id).sent(channel, error=error)
    return 1


def _over(channel: Channel) -> Callable[[Runtime], int]:
    def tick(runtime: Runtime) -> int:
        return send_one(runtime, channel)

    tick.__name__ = f"send_{channel.value}"
    return tick


clocks = tuple(Clock(every=0.5, tick=_over(channel)) for channel in Channel)
