"""Golden events: what a producer tells and a consumer hears, kept beside the protos.

The producer's test renders each event with `golden`, consumers' tests react to it with `example`.
An event that changed on purpose is written anew by `GOLDEN=write`.
"""

import json
import os
from pathlib import Path
from typing import TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message

from shared.events import Envelope
from shared.names import enterprise_of

EXAMPLES = Path(__file__).parents[2] / "protos" / "examples"
_M = TypeVar("_M", bound=Message)


def golden(event: Message) -> None:
    """Insist that `event` looks as the example of its type does."""
    path, rendered = _path(type(event)), json_format.MessageToDict(event)
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(rendered, indent=2, ensure_ascii=False) + "\n")
    assert json.loads(path.read_text()) == rendered


def example(kind: type[_M]) -> _M:
    """Return the example of an event, as its producer tells it."""
    return json_format.Parse(_path(kind).read_text(), kind())


def heard(event: Message, *, aggregate: str, sequence: int = 1, **more: str) -> Envelope:
    """Return `event` as it is heard of `aggregate`, whose enterprise is read from its name."""
    return Envelope(
        type=event.DESCRIPTOR.full_name,
        enterprise=more.pop("enterprise", enterprise_of(aggregate)),
        aggregate=aggregate,
        sequence=sequence,
        data=json_format.MessageToDict(event),
        **more,
    )


def _path(kind: type[Message]) -> Path:
    service, _, name = str(kind.DESCRIPTOR.full_name).split(".")[1:]
    return EXAMPLES / service / f"{name}.json"
