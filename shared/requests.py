"""Requests with an id of the caller's: answered once, and the same answer ever after."""

from sqlalchemy.orm import Session

from shared.clock import now
from shared.errors import Disallowed
from shared.prepared import Prepared
from shared.sql import later, run, say_now

_RECALL = "select request_hash, response from requests where caller = %s and request_id = %s"
_REMEMBER = Prepared(
    "update requests set response = %s where caller = %s and request_id = %s",
    *("bytea", "text", "text"),
)


class RequestIdReused(Disallowed):
    """The request id {request_id} was used before, for a different request."""

    fix = "Send a new request id with a new request, and the old one only to repeat the old one."


class Repeated(Exception):
    """Somebody made this request before: not for who asks, but for who answers."""


def claim(tx: Session, *, caller: str, request_id: str, request_hash: bytes) -> None:
    """Say, with the next statement or the commit, that this is the first to make a request.

    That waits while another transaction makes the same request, and claims it if that one fails;
    it raises Repeated if it does not. Nothing is claimed if the transaction rolls back.
    """
    later(tx, _CLAIM, (caller, request_id, request_hash, now()))


def insist_claimed(tx: Session) -> None:
    """Wait until it is known whether a request is the first; Repeated if it is not."""
    say_now(tx)


# As the driver takes it: what SQLAlchemy adds to a text doubles what a statement costs here.
_CLAIM = Prepared(
    """
    insert into requests (caller, request_id, request_hash, response, created_at)
    values (%s, %s, %s, '', %s)
    """,
    *("text", "text", "bytea", "timestamptz"),
).meaning(requests_pkey=Repeated)


def recall(tx: Session, *, caller: str, request_id: str, request_hash: bytes) -> bytes | None:
    """Return the stored answer to this request, or None if it was never answered.

    Refuses with RequestIdReused if the id stood for a request with another hash.
    """
    earlier = run(tx, _RECALL, (caller, request_id))
    if not earlier:
        return None
    ((known_hash, response),) = earlier
    if bytes(known_hash) != request_hash:
        raise RequestIdReused(request_id=request_id)
    return bytes(response)


def remember(tx: Session, *, caller: str, request_id: str, response: bytes) -> None:
    """Keep `response` as the answer to the request claimed in this transaction."""
    later(tx, _REMEMBER, (response, caller, request_id))
