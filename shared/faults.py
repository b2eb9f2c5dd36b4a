"""What the database driver means, in the words of a refusal: translated here and nowhere else."""

from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from shared.connections import is_away
from shared.errors import Malformed, Outdated, Refusal, Unavailable


class ChangedMeanwhile(Outdated):
    """Somebody else changed this at the same moment."""


class NotStorable(Malformed):
    """The request holds a value that cannot be stored: a number out of range or a broken text."""

    fix = "Leave out control characters and keep numbers in the range their field describes."


class DatabaseAway(Unavailable):
    """Our database does not answer at the moment."""


_RACES = {
    "23505",  # unique_violation: somebody else was first
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "55P03",  # lock_not_available
}
_TOO_LARGE = "54000"  # program_limit_exceeded: a text no index holds
_TOO_SLOW = "57014"  # query_canceled, by the statement timeout


def refusal_of(error: BaseException) -> Refusal | None:
    """Return what to answer to `error`; None if it is a bug of ours."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, StaleDataError):
        return ChangedMeanwhile()
    if is_away(error):
        return DatabaseAway()
    return _refusal_of_driver(error) if isinstance(error, DBAPIError) else None


def _refusal_of_driver(error: DBAPIError) -> Refusal | None:
    state = getattr(error.orig, "sqlstate", None)
    if state in _RACES:
        return ChangedMeanwhile()
    if state == _TOO_SLOW:
        return DatabaseAway()
    return NotStorable() if state == _TOO_LARGE or isinstance(error, DataError) else None
