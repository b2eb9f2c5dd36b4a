"""What authorization does from time to time."""

from typing import cast

from services.authorization.commands.signing_in import WINDOW
from services.authorization.settings import AuthorizationSettings
from services.authorization.store import Failures, Revocations, Sessions
from shared.clock import now
from shared.service import Clock, Runtime
from shared.storage import EVERYTHING


def forget_sign_ins(runtime: Runtime) -> int:
    """Forget sessions that are over, failures and revocations that count no more; how many.

    Nobody is signed in here, and none of it belongs to an enterprise.
    """
    settings = cast(AuthorizationSettings, runtime.settings)
    with runtime.database.transaction(EVERYTHING) as tx:
        over = Sessions(tx).forget_over(
            used_before=now() - settings.session_idle,
            opened_before=now() - settings.session_lifetime,
        )
        return over + Failures(tx, WINDOW).forget_old() + Revocations(tx).forget_old()


clocks = (Clock(every=600, tick=forget_sign_ins),)
