"""What happens to messages."""

from dataclasses import dataclass

from shared.domain import Event


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """A message could not be sent over any channel."""

    message: str
    about: str
    error: str
