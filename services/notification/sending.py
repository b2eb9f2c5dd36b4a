"""Sending a message outside Millrun, over whatever apprise knows."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from urllib.parse import quote

import structlog

from services.notification.domain.errors import MailAway, NoMail, NotForYou
from services.notification.domain.message import Channel
from shared.caller import Caller

PATIENCE = 10.0
"""Seconds a channel has to take a message."""


log = structlog.get_logger()

AUTHORIZATION = "services/authorization"
"""Who alone may have something sent that is not kept."""


PENDING = 100
"""So many mails may wait to be sent; beyond that something is wrong with the mail server."""

PAUSES = (1.0, 10.0)
"""Seconds until a mail that was not taken is tried again; after that it is given up."""


class Courier:
    """Sends mail that is kept nowhere but here: what was not sent when the process ends is lost.

    Nobody waits for a mail server meanwhile; who misses a code asks for another one.
    """

    def __init__(self, channels: Mapping[Channel, str]) -> None:
        self._template = channels.get(Channel.MAIL)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="courier")
        self._room = BoundedSemaphore(PENDING)

    def take(self, *, caller: Caller, address: str, subject: str, text: str) -> None:
        """Take a mail on its way; NotForYou, NoMail, or MailAway if too many wait already."""
        if caller.account != AUTHORIZATION:
            raise NotForYou
        if self._template is None:
            raise NoMail
        if not self._room.acquire(blocking=False):
            raise MailAway
        self._pool.submit(self._bring, self._template, address, subject, text)

    def _bring(self, template: str, address: str, subject: str, text: str) -> None:
        try:
            for pause in (*PAUSES, 0.0):
                wrong = send(
                    template, channel=Channel.MAIL, address=address, subject=subject, text=text
                )
                if not wrong:
                    return
                time.sleep(pause)
            log.warning("mail not taken")
        except Exception:
            log.exception("mail not sent")
        finally:
            self._room.release()


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
