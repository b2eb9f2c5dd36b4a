"""Sending a message outside Millrun, over whatever apprise knows."""

from collections.abc import Mapping
from urllib.parse import quote

from services.notification.domain.errors import MailAway, NoMail, NotForYou
from services.notification.domain.message import Channel
from shared.caller import Caller

PATIENCE = 10.0
"""Seconds a channel has to take a message."""


AUTHORIZATION = "services/authorization"
"""Who alone may have something sent that is not kept."""


def send_confidentially(
    channels: Mapping[Channel, str], *, caller: Caller, address: str, subject: str, text: str
) -> None:
    """Send a mail and keep nothing of it; NotForYou, NoMail, or MailAway if it was not taken."""
    if caller.account != AUTHORIZATION:
        raise NotForYou
    if Channel.MAIL not in channels:
        raise NoMail
    template = channels[Channel.MAIL]
    if send(template, channel=Channel.MAIL, address=address, subject=subject, text=text):
        raise MailAway


def send(template: str, *, channel: Channel, address: str, subject: str, text: str) -> str:
    """Send a message to `address` over the channel at `template`; return what went wrong, or "".

    What it says never holds the template, in which there may be a password.
    """
    import apprise  # It knows some 180 services: seconds to import, so only once there is one.

    outside = apprise.Apprise()
    if not outside.add(template.replace("{address}", quote(address, safe=""))):
        return f"The {channel.value} channel is set up wrongly, or cannot write to this address."
    with outside.notify(body=text or subject, title=subject, timeout=PATIENCE) as outcome:
        warnings = [str(entry.message) for entry in outcome.logs()]
        if outcome:
            return ""
    return warnings[-1][:500] if warnings else f"The {channel.value} channel did not take it."
