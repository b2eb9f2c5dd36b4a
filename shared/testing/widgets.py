"""A service as small as can be, for tests of what carries services.

A widget is made and then painted, any number of times. Whoever hears of it notes an effect, so
that a test can count what happened and in which order.
"""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.message import Message
from sqlalchemy.orm import Session, registry

from shared.domain import Aggregate, Event
from shared.events import Envelope, message_class
from shared.reactions import Reactions
from shared.service import Service
from shared.storage import aggregate_columns, enterprise_column

PACKAGE = "millrun.widgets.v1"


def _contract() -> Any:
    """Return the module that `events.proto` would be generated to."""
    file = descriptor_pb2.FileDescriptorProto(
        name="millrun/widgets/v1/events.proto", package=PACKAGE, syntax="proto3"
    )
    for name, field in (("WidgetMade", "widget"), ("WidgetPainted", "colour")):
        message = file.message_type.add(name=name)
        message.field.add(
            name=field,
            number=1,
            type=descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
            label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL,
        )
    pool: Any = descriptor_pool
    pool.Default().Add(file)
    module: Any = ModuleType(f"{PACKAGE}.events_pb2")
    module.DESCRIPTOR = pool.Default().FindFileByName(file.name)
    for message in file.message_type:
        setattr(module, message.name, message_class(f"{PACKAGE}.{message.name}"))
    return module


events: Any = _contract()
mapper = registry()

widgets = sa.Table(
    "widgets",
    mapper.metadata,
    sa.Column("widget", sa.Text, primary_key=True),
    sa.Column("colour", sa.Text, nullable=False),
    *aggregate_columns(),
)
effects = sa.Table(
    "effects",
    mapper.metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
    enterprise_column(),
    sa.Column("aggregate", sa.Text, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class WidgetMade(Event):
    """A widget was made."""

    widget: str


@dataclass(frozen=True, kw_only=True)
class WidgetPainted(Event):
    """A widget got another colour."""

    colour: str


class Widget(Aggregate):
    """Something that is made and painted."""

    def __init__(self, widget: str, enterprise: str = "acme") -> None:
        self.widget, self.enterprise, self.colour = widget, enterprise, "none"
        self.record(WidgetMade(widget=widget))

    @property
    def name(self) -> str:
        """Its resource name."""
        return f"enterprises/{self.enterprise}/widgets/{self.widget}"

    def paint(self, colour: str) -> None:
        """Give it a colour."""
        self.colour = colour
        self.record(WidgetPainted(colour=colour))


mapper.map_imperatively(Widget, widgets, version_id_col=widgets.c.version)


def note_effect(tx: Session, event: Message, heard: Envelope) -> None:
    """Note that the event was heard, in whose name and in which order."""
    tx.execute(
        sa.insert(effects).values(
            enterprise=heard.enterprise,
            aggregate=heard.aggregate,
            sequence=heard.sequence,
            event_id=heard.id,
        )
    )


reactions = Reactions()
reactions.to_all(events)(note_effect)

service = Service(name="widgets", events=events, api="", reactions=reactions)
"""It hears itself, so that one database is enough to see an event come round."""


def heard(widget: str, sequence: int, *, enterprise: str = "acme", **more: Any) -> Envelope:
    """Return the event `sequence` of a widget as another service would hear it."""
    type_, data = ("WidgetMade", {"widget": widget}) if sequence == 1 else ("WidgetPainted", {})
    return Envelope(
        **{
            "type": f"{PACKAGE}.{type_}",
            "enterprise": enterprise,
            "aggregate": f"enterprises/{enterprise}/widgets/{widget}",
            "sequence": sequence,
            "data": data,
            **more,
        }
    )
