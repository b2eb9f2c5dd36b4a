"""Asking what may stand still: once at a time, in a thread nobody has to wait for."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

A = TypeVar("A")


class Asking(Generic[A]):
    """One question, asked again and again; a database that hangs gathers no crowd before it."""

    def __init__(self, ask: Callable[[], A], name: str) -> None:
        """`name` is what the thread is called that asks."""
        self._ask, self._name = ask, name
        self._lock = threading.Lock()
        self._asked: Future[A] | None = None

    def begin(self) -> "Future[A]":
        """Ask, if that is not under way since an earlier time; return where the answer comes."""
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                threading.Thread(
                    target=self._answer, args=(self._asked,), name=self._name, daemon=True
                ).start()
            return self._asked

    def _answer(self, asked: "Future[A]") -> None:
        try:
            asked.set_result(self._ask())
        except Exception as error:
            asked.set_exception(error)


def answer_of(asked: "Future[A]", until: float) -> A | None:
    """Return what was answered; None if there is nothing yet at a monotonic moment."""
    try:
        return asked.result(max(0, until - time.monotonic()))
    except TimeoutError:
        return None
