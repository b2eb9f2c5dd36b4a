"""Having an uploaded copy of a contract looked at (reliability §4)."""

from collections.abc import Mapping
from typing import Any

from services.contract.domain import alteration
from services.contract.domain.alteration import Alteration
from services.contract.domain.upload import Copy, Found, Kind, Signed
from services.contract.settings import ContractSettings
from shared.inspection import asking

INSPECTION = "services.contract.inspection"


def inspect(content: bytes, known: Mapping[int, bytes], settings: ContractSettings) -> Copy:
    """Return what is in an uploaded file; refuse what is hostile, damaged or no document at all.

    `known` are the sealed documents of the contract by number: a digital signature is added to one,
    so that the file begins with it.
    """
    sealed = max((number for number, each in known.items() if content.startswith(each)), default=0)
    said = asking.ask(content, settings, inspection=INSPECTION)
    found = Found(
        kind=Kind(said["kind"]),
        media_type=said["media_type"],
        pages=said["pages"],
        codes=tuple(tuple(page) for page in said["seen"]),
        signed=tuple(Signed(**each) for each in said.get("signed", ())),
        changed=_changed(said, known.get(sealed, b"")),
    )
    return Copy(found, sealed)


def _changed(said: Mapping[str, Any], document: bytes) -> tuple[Alteration, ...]:
    """Return what changed since the seal; the seal that says so has to be the one we put on.

    Whoever adds to a PDF can take a seal out of its form, or put one of their own in its place: all
    of that stands behind the document, and only ours ends where the document does.
    """
    if document and said.get("signed") and said["sealed_bytes"] != len(document):
        return (Alteration(alteration.Kind.SEAL_REMOVED),)
    return tuple(Alteration(alteration.Kind[kind], page) for kind, page in said.get("changed", ()))
