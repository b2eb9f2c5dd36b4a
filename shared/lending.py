"""Connections as transactions borrow them: what was used last is used next, as it is.

To have SQLAlchemy's pool hand out a connection and take it back costs as much as a small question,
and whoever answers one asks one. So a connection goes through the pool, which finds out whether it
still lives and replaces it in time, only after it rested, or when another one was lost: a database
that goes away takes all of them with it.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from psycopg.pq import TransactionStatus

from shared import connections
from shared.driver import driver_of


class Lending:
    """Lends the connections of an engine, each to one borrower at a time."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._here: list[tuple[sa.Connection, float]] = []
        self._waiting = 0
        self._over = False

    @property
    def lent(self) -> int:
        """How many are with their borrowers."""
        pool: Any = self._engine.pool
        with self._lock:
            return int(pool.checkedout()) - len(self._here)

    def borrow(self) -> sa.Connection:
        """Return a connection that was alive a second ago.

        SQLAlchemy's TimeoutError if all are lent for long, its OperationalError if the database
        cannot be reached.
        """
        with self._lock:
            connection, since = self._here.pop() if self._here else (None, 0.0)
            if connection and time.monotonic() - since < connections.IDLE_BEFORE_CHECK:
                return connection
            self._waiting += 1
        try:
            if connection:
                connections.to_pool(connection, since)
            return self._engine.connect()
        finally:
            with self._lock:
                self._waiting -= 1

    def give_back(self, connection: sa.Connection) -> None:
        """Keep a connection for whoever comes next, if it is fit and nobody waits at the pool."""
        if connection.invalidated:
            self._suspect_all()
        if is_fit(connection):
            with self._lock:
                if not (self._waiting or self._over):
                    self._here.append((connection, time.monotonic()))
                    return
        connection.close()

    @contextmanager
    def lend(self) -> Iterator[sa.Connection]:
        """Lend a connection that nothing was said on; it may be closed instead of given back."""
        connection = self.borrow()
        try:
            yield connection
        finally:
            self.give_back(connection)

    def _suspect_all(self) -> None:
        """Have whatever is here asked whether it lives before it is lent again."""
        with self._lock:
            self._here = [(connection, -math.inf) for connection, _ in self._here]

    def close(self) -> None:
        """Close what is here, and from now on what is given back."""
        with self._lock:
            self._over, here, self._here = True, self._here, []
        for connection, _ in here:
            connection.close()
        self._engine.dispose()


def is_fit(connection: sa.Connection) -> bool:
    """Whether a connection is as good as a new one: not lost, in no transaction, not old."""
    if connection.closed or connection.invalidated or connection.in_transaction():
        return False
    status = driver_of(connection).pgconn.transaction_status
    return status == TransactionStatus.IDLE and not connections.is_old(connection)
