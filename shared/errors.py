"""How a rule says no.

A refusal is a class whose docstring is the sentence the caller will read and whose keyword
arguments are the facts in it. Its `fix` says who can do what about it. It knows nothing of gRPC
or HTTP; the family it belongs to tells the edge which status to answer with.
"""

import re
from inspect import cleandoc
from typing import ClassVar


class Refusal(Exception):
    """The request was refused."""

    fix: ClassVar[str] = ""
    """Who can do what about it: a sentence that may name the facts."""

    def __init__(self, **facts: object) -> None:
        self.facts = {name: str(fact) for name, fact in facts.items()}
        super().__init__(cleandoc(type(self).__doc__ or "").format(**self.facts))

    @property
    def reason(self) -> str:
        """The name machines know this refusal by: `OrderNotFound` is `ORDER_NOT_FOUND`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).upper()

    @property
    def remedy(self) -> str:
        """`fix`, with the facts in it."""
        return self.fix.format(**self.facts)


class Malformed(Refusal):
    """The request can never succeed, whatever the state of the world."""


class Unauthenticated(Refusal):
    """Nobody is signed in, or the sign-in is over."""

    fix = "Sign in again."


class NotFound(Refusal):
    """The thing asked for is not there, or not there for this caller."""


class Forbidden(Refusal):
    """The caller may not do this."""


class Disallowed(Refusal):
    """The world is not in a state that allows this."""


class Outdated(Refusal):
    """The caller acted on something that has changed since; read it again."""

    fix = "Read it again and repeat the change if it still makes sense."


class Exhausted(Refusal):
    """Too much was asked in too short a time."""

    fix = "Wait a little and try again."


class Unavailable(Refusal):
    """Something this needs does not answer at the moment."""

    fix = "Try again in a moment."
    cause = ""
    """What was seen of it, for the log: whoever asked is not told."""
