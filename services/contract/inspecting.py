"""Having an uploaded copy of a contract looked at (reliability §4)."""

from collections.abc import Mapping
from typing import Any

from services.contract.domain.alteration import Alteration, Kind, Pages, reworded
from services.contract.domain.upload import Copy, Found, Signed
from services.contract.domain.upload import Kind as Uploaded
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
    kind = Uploaded(said["kind"])
    document = known.get(sealed, b"")
    changed = _changed(said, document)
    looks_otherwise = not document or any(each.kind is Kind.PAGE_CHANGED for each in changed)
    if kind is Uploaded.PDF and known and looks_otherwise:
        before = asking.ask(known[sealed or max(known)], settings, inspection=INSPECTION)
        changed = reworded(changed, _lines(before), _lines(said))
    found = Found(
        kind=kind,
        media_type=said["media_type"],
        pages=said["pages"],
        codes=tuple(tuple(page["codes"]) for page in said["seen"]),
        signed=tuple(Signed(**each) for each in said.get("signed", ())),
        changed=changed,
    )
    return Copy(found, sealed)


def _lines(said: Mapping[str, Any]) -> Pages:
    """Return what each page says."""
    return [page["lines"] for page in said["seen"]]


def _changed(said: Mapping[str, Any], document: bytes) -> tuple[Alteration, ...]:
    """Return what changed since the seal; the seal that says so has to be the one we put on.

    Whoever adds to a PDF can take a seal out of its form, or put one of their own in its place: all
    of that stands behind the document, and only ours ends where the document does.
    """
    if not document:
        return ()
    if said.get("signed") and said["sealed_bytes"] != len(document):
        return (Alteration(Kind.SEAL_REMOVED),)
    return tuple(Alteration(Kind[kind], page) for kind, page in said.get("changed", ()))
