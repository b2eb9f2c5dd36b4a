"""What is required and missing is named; what may be left out may be left out."""

from typing import Any

import pytest

from shared.presence import FieldsMissing, insist_on_required
from shared.tests.probe.contract import pb

LABEL = {"key": "a", "weight": 1}


def box(**more: Any) -> Any:
    return pb.Box(**{"locked": False, "labels": [LABEL]} | more)


@pytest.mark.parametrize(
    "request_",
    [
        box(),
        box(inside=box()),
        box(named={"x": pb.Label()}),
        pb.UpdateNoteRequest(note=pb.Note()),
        pb.ListNotesRequest(),
    ],
    ids=lambda request: type(request).__name__,
)
def test_what_is_complete_passes(request_: Any) -> None:
    """Also: values of maps, a bool that cannot be told from false, a resource under a mask."""
    insist_on_required(request_)


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        (pb.Box(), "locked, labels"),
        (box(labels=[LABEL, {"key": "b"}]), "labels[1].weight"),
        (box(inside=box(inside=pb.Box(labels=[LABEL]))), "inside.inside.locked"),
        (pb.UpdateNoteRequest(), "note"),
        (pb.CreateNoteRequest(parent="enterprises/acme"), "note"),
        (pb.CreateNoteRequest(parent="enterprises/acme", note=pb.Note()), "note.text"),
        (pb.CreateNoteRequest(parent="acme", note=pb.Note(text=" \n\u3000")), "note.text"),
        (pb.CreateNoteRequest(parent="acme", note=pb.Note(text="\u200b \u202e")), "note.text"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_missing_is_named_with_its_path(request_: Any, fields: str) -> None:
    with pytest.raises(FieldsMissing) as refused:
        insist_on_required(request_)
    assert refused.value.facts == {"fields": fields}
    assert fields in refused.value.remedy
