"""What events look like on their way: exactly as protobuf itself would write them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, json_format
from google.type import date_pb2, money_pb2

from shared.events import message_class
from shared.money import Money
from shared.sealing import NotInContract, data_of

Kind = descriptor_pb2.FieldDescriptorProto
SINGLE = {
    "text": Kind.TYPE_STRING,
    "number": Kind.TYPE_INT32,
    "big": Kind.TYPE_INT64,
    "yes": Kind.TYPE_BOOL,
}
MESSAGES = {
    "money": ".google.type.Money",
    "day": ".google.type.Date",
    "at": ".google.protobuf.Timestamp",
    "part": ".millrun.sealing.v1.Part",
}


def _contract():
    """Return the message Sealed, with a field of every kind events use."""
    file = descriptor_pb2.FileDescriptorProto(
        name="millrun/sealing/v1/events.proto", package="millrun.sealing.v1", syntax="proto3"
    )
    file.dependency.extend(
        ["google/type/money.proto", "google/type/date.proto", "google/protobuf/timestamp.proto"]
    )
    colour = file.enum_type.add(name="Colour")
    for number, name in enumerate(("COLOUR_UNSPECIFIED", "RED")):
        colour.value.add(name=name, number=number)
    file.message_type.add(name="Part").field.add(
        name="pid", number=1, type=Kind.TYPE_STRING, label=Kind.LABEL_OPTIONAL
    )
    sealed = file.message_type.add(name="Sealed")
    entry = sealed.nested_type.add(name="LabelsEntry")
    entry.options.map_entry = True
    for number, name in enumerate(("key", "value"), 1):
        entry.field.add(name=name, number=number, type=Kind.TYPE_STRING, label=Kind.LABEL_OPTIONAL)

    def add(name, type_, label=Kind.LABEL_OPTIONAL, **more):
        number = len(sealed.field) + 1
        sealed.field.add(name=name, number=number, type=type_, label=label, **more)

    for name, type_ in SINGLE.items():
        add(name, type_)
    for name, type_name in MESSAGES.items():
        add(name, Kind.TYPE_MESSAGE, type_name=type_name)
    add("colour", Kind.TYPE_ENUM, type_name=".millrun.sealing.v1.Colour")
    add("small_numbers", Kind.TYPE_INT32, Kind.LABEL_REPEATED)
    add("parts", Kind.TYPE_MESSAGE, Kind.LABEL_REPEATED, type_name=".millrun.sealing.v1.Part")
    labels = ".millrun.sealing.v1.Sealed.LabelsEntry"
    add("labels", Kind.TYPE_MESSAGE, Kind.LABEL_REPEATED, type_name=labels)
    sealed.oneof_decl.add(name="_perhaps")
    add("perhaps", Kind.TYPE_INT32, proto3_optional=True, oneof_index=0)
    descriptor_pool.Default().Add(file)
    return message_class("millrun.sealing.v1.Sealed")


assert date_pb2
assert money_pb2
Message = _contract()


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Part:
    pid: str = ""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    text: str = ""
    number: int = 0
    big: int = 0
    yes: bool = False
    money: Money | None = None
    day: date | None = None
    at: datetime | None = None
    part: Part | None = None
    colour: Colour | None = None
    small_numbers: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    perhaps: int | None = None


@dataclass(frozen=True, kw_only=True)
class Unknown(Sealed):
    secret: str = "x"


EVENTS = [
    Sealed(),
    Sealed(text="a", number=-3, big=2**53 + 1, yes=True, perhaps=0),
    Sealed(money=Money("EUR", Decimal("-12.34")), day=date(2026, 2, 28)),
    Sealed(money=Money("JPY", Decimal(0)), at=datetime(2026, 1, 2, 3, 4, 5, 678000, UTC)),
    Sealed(part=Part(), parts=(Part(pid="x"), Part()), small_numbers=(0, 1)),
    Sealed(colour=Colour.RED, labels={"b": "", "a": "1"}, perhaps=7),
]


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_it_is_what_protobuf_writes_of_the_same_message(event):
    data = data_of(event, Message.DESCRIPTOR)

    assert data == json_format.MessageToDict(json_format.ParseDict(data, Message()))
    told = {
        name: value for name, value in vars(event).items() if value not in ("", 0, (), {}, None)
    }
    assert {key.lower() for key in data} >= {name.replace("_", "") for name in told}


def test_amounts_are_exact_and_big_numbers_are_text():
    event = Sealed(big=2**53 + 1, money=Money("EUR", Decimal("0.000000001")))
    data = data_of(event, Message.DESCRIPTOR)

    assert data == {"big": "9007199254740993", "money": {"currencyCode": "EUR", "nanos": 1}}


def test_a_field_the_contract_does_not_know_is_not_told_in_silence():
    with pytest.raises(NotInContract, match="secret"):
        data_of(Unknown(), Message.DESCRIPTOR)
