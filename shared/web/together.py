"""Asking several services at once for one page; one that is away costs its card, not the page."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import structlog
from google.protobuf.message import Message
from starlette.requests import Request

from shared.errors import NotFound, Refusal, Unauthenticated, Unavailable
from shared.status import PeerFailed
from shared.web.calls import call
from shared.web.problem import Problem

Question = tuple[type[Any], str, Message] | tuple[type[Any], str, Message, str]
"""What `call` takes: the stub, the method's name, the request, and where if many host it."""

log = structlog.get_logger()
_threads = ThreadPoolExecutor(32, thread_name_prefix="together")


class CannotBeShown(Unavailable):
    """This part of the page cannot be shown at the moment."""


@dataclass(frozen=True)
class Part:
    """One of the answers a page is made of, or why there is none."""

    answer: Any = None
    refusal: Refusal | None = None

    def insist(self) -> Any:
        """Return the answer; raise the refusal if that is what came."""
        if self.refusal:
            raise self.refusal
        return self.answer

    @property
    def problem(self) -> Problem | None:
        """Why there is no answer; None too for what is simply not there yet."""
        if self.refusal is None or isinstance(self.refusal, NotFound):
            return None
        return Problem.of(self.refusal)


def together(request: Request, **questions: Question) -> dict[str, Part]:
    """Ask all `questions` at the same time with the visitor's token; return each one's Part.

    Raises only Unauthenticated: without a sign-in there is no page at all.
    """
    asked = {
        name: _threads.submit(contextvars.copy_context().run, _ask, request, question)
        for name, question in questions.items()
    }
    return {name: future.result() for name, future in asked.items()}


def _ask(request: Request, question: Question) -> Part:
    try:
        return Part(call(request, *question))
    except Unauthenticated:
        raise
    except Refusal as refusal:
        if isinstance(refusal, Unavailable) and refusal.cause:
            log.warning("part of a page away", asked=question[1], cause=refusal.cause)
        return Part(refusal=refusal)
    except PeerFailed as error:
        log.error("part of a page failed", asked=question[1], exc_info=error)
        return Part(refusal=CannotBeShown())
