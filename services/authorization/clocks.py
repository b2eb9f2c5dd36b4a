"""What authorization does from time to time."""

from datetime import timedelta
from typing import cast

from services.authorization.commands.revoking import revoke_tokens
from services.authorization.commands.signing_in import WINDOW
from services.authorization.commands.staff import turn
from services.authorization.sending import send_code
from services.authorization.settings import AuthorizationSettings
from services.authorization.store import (
    Authorizations,
    Challenges,
    Codes,
    Deputyships,
    Enterprises,
    Failures,
    Meters,
    Questions,
    Revocations,
    Sessions,
    TwoSteps,
)
from shared.clock import now
from shared.service import Clock, Runtime
from shared.storage import EVERYTHING

KEPT_FOR = timedelta(minutes=10)
"""How long pieces under a cap are kept for an order that is not submitted in the end."""


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
        forgotten = (
            Failures(tx, WINDOW),
            Revocations(tx),
            Challenges(tx),
            Codes(tx),
            Questions(tx),
        )
        return over + sum(each.forget_old() for each in forgotten)


def release_kept(runtime: Runtime) -> int:
    """Give back what was kept for orders that were not submitted after all; how much there was.

    Every enterprise's orders end up like that.
    """
    with runtime.database.transaction(EVERYTHING) as tx:
        return Meters(tx).release(kept_before=now() - KEPT_FOR)


def tell_expired(runtime: Runtime) -> int:
    """Tell of authorizations whose time is over, of every enterprise; how many there were."""
    with runtime.database.transaction(EVERYTHING) as tx:
        over = Authorizations(tx).over()
        for authorization in over:
            authorization.expire()
            revoke_tokens(tx, subject=authorization.account, enterprise=authorization.enterprise)
        return len(over)


def turn_deputyships(runtime: Runtime) -> int:
    """Begin and end deputyships whose time has come; how many."""
    with runtime.database.transaction(EVERYTHING) as tx:
        turning = Deputyships(tx).turning()
        for deputyship in turning:
            turn(tx, deputyship)
        return len(turning)


def tell_of_certifications(runtime: Runtime) -> int:
    """Tell enterprises that their certification ends soon or is over; how many were told."""
    settings = cast(AuthorizationSettings, runtime.settings)
    with runtime.database.transaction(EVERYTHING) as tx:
        ending = Enterprises(tx).ending(now() + settings.certification_reminder)
        for enterprise in ending:
            enterprise.tell_of_end()
        return len(ending)


def seal_two_steps(runtime: Runtime) -> int:
    """Encrypt secrets of devices with the key of now, a hundred at a time; how many."""
    with runtime.database.transaction(EVERYTHING) as tx:
        return TwoSteps(tx).seal_anew()


clocks = (
    Clock(every=600, tick=forget_sign_ins),
    Clock(every=1, tick=send_code),
    Clock(every=30, tick=release_kept),
    Clock(every=10, tick=tell_expired),
    Clock(every=5, tick=turn_deputyships),
    Clock(every=60, tick=tell_of_certifications),
    Clock(every=10, tick=seal_two_steps),
)
