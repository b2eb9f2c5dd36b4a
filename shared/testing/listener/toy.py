"""What the listener hears: events of a service that does not exist, told by nobody but tests."""

from types import ModuleType
from typing import Any, cast

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.message import Message

from shared.events import Envelope, message_class

SOURCE, CONSUMER = "toy", "listener"


def _events() -> ModuleType:
    """Make the module that protoc would: one message, `millrun.toy.v1.ThingDone`."""
    file = descriptor_pb2.FileDescriptorProto(
        name="millrun/toy/v1/events.proto", package="millrun.toy.v1", syntax="proto3"
    )
    kind = descriptor_pb2.FieldDescriptorProto.TYPE_STRING
    file.message_type.add(name="ThingDone").field.add(name="note", number=1, type=kind, label=1)
    pool: descriptor_pool.DescriptorPool = descriptor_pool.Default()  # type: ignore[no-untyped-call]
    module: Any = ModuleType("millrun.toy.v1.events_pb2")
    pool.Add(file)  # type: ignore[no-untyped-call]
    module.DESCRIPTOR = pool.FindFileByName(file.name)  # type: ignore[no-untyped-call]
    module.ThingDone = message_class("millrun.toy.v1.ThingDone")
    return cast(ModuleType, module)


events = _events()
ThingDone: type[Message] = events.ThingDone


def thing_done(aggregate: str, sequence: int, note: str = "", **more: Any) -> Envelope:
    """Return the event number `sequence` of `aggregate`."""
    return Envelope(
        type="millrun.toy.v1.ThingDone",
        aggregate=aggregate,
        sequence=sequence,
        data={"note": note},
        **more,
    )


def history(aggregates: int, events_each: int) -> list[Envelope]:
    """Return events of several aggregates, mixed, each aggregate's own in order."""
    return [
        thing_done(f"things/{aggregate}", sequence)
        for sequence in range(1, events_each + 1)
        for aggregate in range(aggregates)
    ]
