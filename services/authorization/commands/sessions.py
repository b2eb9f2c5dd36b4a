"""Sessions: exchanged for access tokens, listed, ended."""

from typing import cast
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.authorization.commands.revoking import revoke_tokens
from services.authorization.commands.signing_in import SignedIn, admit, held, spaces_for
from services.authorization.domain.errors import SessionOver
from services.authorization.domain.session import SignInSession, Standing, new_secret
from services.authorization.domain.space import choose
from services.authorization.settings import AuthorizationSettings
from services.authorization.store import Sessions
from services.authorization.store.names import person
from services.authorization.store.sessions import Shown
from shared.caller import Caller
from shared.storage import EVERYTHING, Database, settings_of

log = structlog.get_logger()


def recognise(database: Database, *, secret: str) -> UUID:
    """Return whose session a secret opens; SessionOver if it opens none.

    A secret that two used ends its session, though the request is refused: so it has a transaction
    of its own. Whoever of the two is the rightful one signs in again, the other cannot.
    """
    with database.transaction(EVERYTHING) as tx:
        shown = Sessions(tx).shown(secret)
        if shown is None:
            raise SessionOver
        if shown.standing is not Standing.STOLEN:
            return shown.session.account_id
        log.warning("session secret used twice", session=shown.session.name)
        _end(tx, shown.session)
    raise SessionOver


def exchange_session(
    tx: Session, *, account_id: UUID, secret: str, space: str, network: str = ""
) -> SignedIn:
    """Give a fresh access token with the roles of now, and the session's next secret.

    Refuses with SessionOver or SpaceNotFound (R51).
    """
    account = held(tx, account_id)
    shown = _still_open(tx, secret)
    spaces = spaces_for(tx, account)
    chosen = choose(spaces, asked=space, last=shown.session.space)
    shown.session.use(space=chosen.enterprise, network=network)
    next_secret = ""
    if shown.standing is Standing.NEXT:
        next_secret = new_secret()
        Sessions(tx).exchange(shown, next_secret)
    return admit(tx, account, spaces, chosen, session=shown.session, secret=next_secret)


def sign_out(tx: Session, *, secret: str) -> None:
    """End a session and the access tokens it gave; that it was not there is as good."""
    if shown := Sessions(tx).shown(secret):
        _end(tx, shown.session)


def end_session(tx: Session, *, name: str, caller: Caller) -> None:
    """End one of the caller's sessions; SessionNotFound."""
    _end(tx, Sessions(tx).get(name, person(caller)))


def end_other_sessions(tx: Session, *, name: str, caller: Caller) -> None:
    """End all sessions of the caller but the one named; SessionNotFound."""
    kept = Sessions(tx).get(name, person(caller))
    revoke_tokens(tx, subject=caller.account)
    Sessions(tx).end_all(kept.account_id, but=kept.id)


def _still_open(tx: Session, secret: str) -> Shown:
    settings = cast(AuthorizationSettings, settings_of(tx))
    shown = Sessions(tx).shown(secret)
    if shown is None or shown.standing is Standing.STOLEN:
        raise SessionOver
    shown.session.insist_open(idle=settings.session_idle, lifetime=settings.session_lifetime)
    return shown


def _end(tx: Session, session: SignInSession) -> None:
    revoke_tokens(tx, subject=f"accounts/{session.account_id}")
    Sessions(tx).end(session)
