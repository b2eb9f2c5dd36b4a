"""From the bus to the reactions: at least once delivered, once applied, in order per aggregate.

One transaction holds the fact that an event was heard and everything done about it. What fails is
kept, with its reason, and what follows it waits; nothing is ever left to the bus to remember.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

import structlog
from google.protobuf.json_format import ParseError
from sqlalchemy.orm import Session

from shared import cursors as turns
from shared import waiting
from shared.connections import is_away, is_conflict
from shared.cursors import Cursor, Key, key_of
from shared.events import Envelope
from shared.reactions import Reaction, Reactions, Registered
from shared.storage import EVERYTHING, NOTHING, Database, Scope, flush, forget, see

__all__ = ["Inbox", "Reaction", "Reactions"]

log = structlog.get_logger()

_T = TypeVar("_T")

CONFLICTS = 3
"""How often a change that ran into another one is made again before that counts as a failure."""


class Inbox:
    """Where a service hears of events."""

    def __init__(self, database: Database, reactions: Reactions, consumer: str) -> None:
        self.database, self.reactions, self.consumer = database, reactions, consumer

    def receive(self, envelopes: Sequence[Envelope]) -> None:
        """Apply `envelopes`, in one transaction if all goes well.

        Returns once each is applied, parked or recorded as failed. Raises what SQLAlchemy raised
        when the database is away, and nothing has happened to those not applied by then.
        """
        if len(envelopes) > 1:
            try:
                with self.database.transaction(NOTHING) as tx:
                    self._take(tx, envelopes)
                return
            except Exception as error:
                _insist_that_it_is_there(error)
        for envelope in envelopes:
            self._take_alone(envelope)

    def retry_due(self) -> int:
        """Try again what failed and is due, then what waits behind it; return how much it was."""
        with self.database.transaction(NOTHING) as tx:
            keys = waiting.due(tx, limit=100)
        return sum(self._follow(key) for key in keys)

    def _take(
        self, tx: Session, envelopes: Sequence[Envelope], *, alone: bool = False
    ) -> list[Key]:
        """Apply those never heard and, unless `alone`, what waited for them; park those too early.

        Return the aggregates with events that still wait.
        """
        fresh, cursors = turns.take(tx, envelopes)
        behind = [key for key, cursor in cursors.items() if cursor.waiting]
        before = [] if alone else waiting.parked(tx, behind)
        early = self._advance(tx, cursors, before, fresh)
        parked = [envelope for envelope in fresh if envelope.id in early]
        released = [envelope for envelope in before if envelope.id not in early]
        for change, those in ((1, parked), (-1, released)):
            for envelope in those:
                cursors[key_of(envelope)].waiting += change
        waiting.park(tx, parked)
        waiting.remove(tx, [envelope.id for envelope in released])
        turns.save(tx, cursors)
        return [key for key, cursor in cursors.items() if cursor.waiting]

    def _advance(
        self,
        tx: Session,
        cursors: dict[Key, Cursor],
        before: Sequence[Envelope],
        fresh: Sequence[Envelope],
    ) -> set[str]:
        """React to each of `fresh` as soon as it is its turn; return the ids of what is early."""
        early: dict[Key, dict[int, Envelope]] = defaultdict(dict)
        turns: list[Envelope] = []
        for envelope in before:
            early[key_of(envelope)][envelope.sequence] = envelope
        for envelope in fresh:
            key, cursor = key_of(envelope), cursors[key_of(envelope)]
            if envelope.sequence > cursor.sequence:
                early[key].setdefault(envelope.sequence, envelope)
            while turn := early[key].pop(cursor.sequence + 1, None):
                turns.append(turn)
                cursor.sequence = turn.sequence
        self._react(tx, turns)
        return {envelope.id for those in early.values() for envelope in those.values()}

    def _take_alone(self, envelope: Envelope) -> None:
        """Apply one event in a transaction of its own, so that a failure is surely its own."""
        try:
            behind = self._in_peace(lambda tx: self._take(tx, [envelope], alone=True))
        except Exception as error:
            self._fail(envelope, error)
        else:
            for key in behind:
                self._follow(key)

    def _follow(self, key: Key) -> int:
        """Apply what waits behind the cursor of `key`, one by one; return how many were tried."""
        tried = 0
        while envelope := self._in_peace(lambda tx: waiting.next_due(tx, key)):
            try:
                self._in_peace(lambda tx, turn=envelope: self._take_waiting(tx, turn))  # type: ignore[misc]
            except Exception as error:
                self._fail(envelope, error)
            tried += 1
        return tried

    def _take_waiting(self, tx: Session, envelope: Envelope) -> None:
        cursor = turns.lock(tx, [key_of(envelope)])[key_of(envelope)]
        if envelope.sequence == cursor.sequence + 1 and waiting.remove(tx, [envelope.id]):
            self._react(tx, [envelope])
            turns.save(tx, {key_of(envelope): Cursor(envelope.sequence, cursor.waiting - 1)})

    def _react(self, tx: Session, turns: Sequence[Envelope]) -> None:
        """Do what is to be done about `turns`, in their order."""
        for todo, run in groupby(turns, self.reactions.of):
            heard = list(run)
            if all(each.together for each in todo):
                for each in todo:
                    self._do(tx, each, EVERYTHING, heard)
                continue
            for envelope in heard:
                self._react_to_one(tx, todo, envelope)

    def _react_to_one(self, tx: Session, todo: Sequence[Registered], envelope: Envelope) -> None:
        event = envelope.open()
        tx.info |= {"actor": envelope.actor, "trace": envelope.trace}
        for each in todo:
            if each.together:
                self._do(tx, each, EVERYTHING, [envelope])
                continue
            all_ = each.everything or not envelope.enterprise
            scope = EVERYTHING if all_ else Scope(envelope.enterprise)
            self._do(tx, each, scope, event, envelope)

    def _do(self, tx: Session, reaction: Registered, scope: Scope, *about: object) -> None:
        see(tx, scope)
        reaction.react(tx, *about)
        # What it did is stored in its own scope, and the next one starts with nothing at hand.
        flush(tx)
        forget(tx)

    def _fail(self, envelope: Envelope, error: Exception) -> None:
        """Keep an event whose reaction failed; those behind it will wait."""
        _insist_that_it_is_there(error)
        said = f"{type(error).__name__}: {error}"
        hopeless = isinstance(error, ParseError)
        with self.database.transaction(NOTHING) as tx:
            kept = waiting.fail(tx, envelope, said, hopeless=hopeless)
        if kept:
            facts = {"consumer": self.consumer, "type": envelope.type, "event_id": envelope.id}
            say = log.error if kept.state == "DEAD" else log.warning
            say(
                "reaction failed", state=kept.state, attempts=kept.attempts, exc_info=error, **facts
            )

    def _in_peace(self, work: Callable[[Session], _T]) -> _T:
        """Do `work` in a transaction; once more when it ran into another one."""
        for _ in range(CONFLICTS):
            try:
                with self.database.transaction(NOTHING) as tx:
                    return work(tx)
            except Exception as error:
                if not is_conflict(error):
                    raise
        with self.database.transaction(NOTHING) as tx:
            return work(tx)


def _insist_that_it_is_there(error: Exception) -> None:
    """Raise `error` if the database is away: nobody's reaction is to blame for that."""
    if is_away(error):
        raise error
