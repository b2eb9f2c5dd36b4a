"""Our JSON is protobuf's JSON, only sooner."""

import json
import math
from typing import Any

from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.contract import Contract
from services.gateway.parsing import parse
from services.gateway.tests.conftest import Sample
from services.gateway.writing import write

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
fields: dict[str, st.SearchStrategy[Any]] = {
    "name": text,
    "title": text,
    "quantity": st.integers(-(2**31), 2**31 - 1),
    "big": st.integers(-(2**63), 2**63 - 1),
    "weight": st.floats(),
    "shiny": st.booleans(),
    "state": st.sampled_from([0, 1, 2, 77]),
    "tags": st.lists(text, max_size=3),
    "labels": st.dictionaries(text, text, max_size=3),
    "raw": st.binary(max_size=8),
    "note": text,
    "history": st.lists(st.sampled_from([1, 2, 77]), max_size=3),
    "price": st.fixed_dictionaries({"currency_code": text, "units": st.integers(-9, 9)}),
    "create_time": st.fixed_dictionaries(
        {
            "seconds": st.integers(0, 250_000_000_000),
            "nanos": st.sampled_from([0, 5_000_000, 5_000, 5]),
        }
    ),
    "extra": st.fixed_dictionaries({"fields": st.just({})}),
}
things = st.recursive(
    st.fixed_dictionaries({}, optional=fields),
    lambda inner: st.fixed_dictionaries(
        {}, optional={**fields, "parts": st.lists(inner, max_size=2)}
    ),
    max_leaves=4,
)


def test_whole_numbers_of_any_other_data_are_written_as_such(contract: Contract) -> None:
    data = {
        "lines": [{"quantity": 300, "price": 14.5, "pids": ["a", None, True]}],
        "units": 9007199254740991,
        "none": {},
        "big": 1e300,
    }
    thing = Sample(contract).message("GetThing", extra=data)
    written = json.loads(write(thing))["extra"]
    assert written == data
    assert json.dumps(written) == json.dumps(data, sort_keys=True)


def test_it_writes_what_the_library_writes(contract: Contract) -> None:
    sample = Sample(contract)

    @settings(max_examples=300, deadline=None)
    @given(things)
    def same(fields: dict[str, Any]) -> None:
        thing = sample.message("GetThing", **fields)
        theirs = json_format.MessageToDict(thing, always_print_fields_with_no_presence=True)
        assert _comparable(json.loads(write(thing))) == _comparable(theirs)

    same()


def test_it_can_be_read_back(contract: Contract) -> None:
    sample = Sample(contract)
    thing = sample.message(
        "GetThing", title="灯 \u2028 </script>", big=2**60, raw=b"\x00\xff", note="", state=2
    )
    thing.places[7].title = "left"
    thing.extra.update({"a": [1, None, {"b": True}]})
    thing.create_time.FromJsonString("2026-03-04T08:00:00.120Z")
    assert parse(thing.DESCRIPTOR, json.loads(write(thing))) == thing


def test_a_state_nobody_chose_is_not_written(contract: Contract) -> None:
    written = json.loads(write(Sample(contract).message("GetThing")))
    assert "state" not in written
    assert written["quantity"] == 0
    assert written["tags"] == []
    assert "price" not in written


def _comparable(data: Any) -> Any:
    """Leave out states nobody chose, and make numbers that are none comparable."""
    match data:
        case dict():
            kept = {k: v for k, v in data.items() if v != "STATE_UNSPECIFIED"}
            return {key: _comparable(value) for key, value in kept.items()}
        case list():
            return [_comparable(item) for item in data]
        case float() if math.isnan(data):
            return "NaN"
        case _:
            return data
