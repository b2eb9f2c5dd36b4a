"""Files on their way to a service: too large for one message, so in pieces (reliability §3).

Who asks and who answers both hold one request with the whole file in its field `content`; only on
the wire there are several, of which all but the first hold nothing but more of the file.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from google.protobuf.message import Message

from shared.errors import Malformed

PIECE = 256 * 1024
"""How many bytes of a file travel in one message."""

LARGEST = 20 * 1024 * 1024
"""How many bytes a file may have (reliability §4)."""

M = TypeVar("M", bound=Message)


class FileTooLarge(Malformed):
    """A file may have {most} MiB at most."""

    fix = "Send a smaller file: scan with fewer colours, or at 200 to 300 dots per inch."


class NothingSent(Malformed):
    """Nothing was sent."""

    fix = "Send the request, with the file in its first and the following messages."


def apart(request: M) -> Iterator[M]:
    """Yield `request` as it travels."""
    content: bytes = getattr(request, "content")  # noqa: B009 - every upload has one, no Message
    first: Any = type(request)()
    first.CopyFrom(request)
    first.content = content[:PIECE]
    yield first
    for start in range(PIECE, len(content), PIECE):
        more: Any = type(request)()
        more.content = content[start : start + PIECE]
        yield more


def together(messages: Iterable[M]) -> M:
    """Return the request that travelled as `messages`; FileTooLarge before all of it is read."""
    whole: Any = None
    parts, size = [], 0
    for message in messages:
        content: bytes = getattr(message, "content")  # noqa: B009
        size += len(content)
        if size > LARGEST:
            raise FileTooLarge(most=LARGEST // 1024**2)
        parts.append(content)
        whole = whole if whole is not None else message
    if whole is None:
        raise NothingSent
    whole.content = b"".join(parts)
    found: M = whole
    return found
