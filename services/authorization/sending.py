"""Sending codes: notification sends the mail and keeps nothing of it."""

from datetime import timedelta
from typing import cast

import structlog
from millrun.notification.v1.notification_pb2 import SendMailRequest

from services.authorization.commands.codes import make_due
from services.authorization.commands.signing_in import signing_key
from services.authorization.domain.mails import Words, mail
from services.authorization.settings import AuthorizationSettings
from services.authorization.store import Codes
from shared import call
from shared.call import Call
from shared.caller import Caller
from shared.clock import now
from shared.errors import Refusal, Unavailable
from shared.service import Runtime
from shared.storage import EVERYTHING
from shared.tokens import mint

log = structlog.get_logger()

GIVEN_UP = timedelta(hours=1)
"""A code that could not be sent for so long is not wanted any more."""


def send_code(runtime: Runtime) -> int:
    """Send one code that was asked for; how many were due.

    The code is known only while it is sent: what is kept of it cannot be sent again, so another
    one is made if it could not be. Which address it is for belongs to no enterprise.
    """
    vendor = cast(AuthorizationSettings, runtime.settings).vendor_name
    with runtime.database.transaction(EVERYTHING) as tx:
        due = make_due(tx)
        given_up = due is not None and now() - due[0].since >= GIVEN_UP
    if due is None:
        return 0
    asked, account, code = due
    words = mail(asked.purpose, code=code, vendor=vendor)
    if account and not given_up and not _sent(runtime, account.email, words):
        return 0
    with runtime.database.transaction(EVERYTHING) as tx:
        Codes(tx).of(asked.email, asked.purpose).sent()
    return 1


def _sent(runtime: Runtime, address: str, words: Words) -> bool:
    """Have notification send a mail; whether that is settled, one way or the other."""
    # A worker knows the clocks, though it does not watch them, and must not have gRPC.
    from millrun.notification.v1.notification_pb2_grpc import NotificationServiceStub

    itself = Caller(account="services/authorization")
    request = SendMailRequest(address=address, subject=words.subject, text=words.text)
    assert runtime.clients is not None
    try:
        with call.within(Call(token=mint(itself, key=signing_key(runtime.settings.keys)))):
            runtime.clients.of(NotificationServiceStub).SendMail(request)
    except Unavailable as refusal:
        log.warning("code not sent yet", reason=refusal.reason)
        return False
    except Refusal as refusal:
        log.warning("code not sent", why=str(refusal), fix=refusal.remedy, reason=refusal.reason)
    return True
