"""Which fields of a resource a request changes (AIP-134)."""

from collections.abc import Sequence
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from services.catalog.domain.errors.sold import NothingToChange

UNSAID = frozenset({"name", "etag"})
"""What a resource is known by: REST counts it among what was sent."""


def changes(message: Message, mask: FieldMask, *changeable: str) -> dict[str, Any]:
    """Return the new values of the fields that change, by their names; NothingToChange.

    Without a mask all that can change does.
    """
    named: Sequence[str] = [path for path in mask.paths if path not in UNSAID]
    if mask.paths and (not named or not set(named) <= set(changeable)):
        raise NothingToChange(field="update_mask", changeable=", ".join(changeable))
    return {name: getattr(message, name) for name in named or changeable}
