"""What was found in an uploaded copy, and whether it is the contract that is to be signed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from services.contract.domain import alteration, errors
from services.contract.domain.alteration import Alteration
from services.contract.domain.edition import Edition
from services.contract.domain.signature import Method
from services.contract.domain.terms import as_fact, differences, in_words

if TYPE_CHECKING:
    from services.contract.domain.contract import Contract


class Kind(Enum):
    """What an uploaded file turned out to be."""

    SCAN = "scan"
    """Pictures of pages."""

    PDF = "pdf"
    """A PDF with text: the sealed document and what was added to it, or something made anew."""


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A digital signature in a PDF, other than the vendor's seal."""

    subject: str
    sound: bool
    """Whether it is what its certificate made of these bytes."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an inspection found in a file; it says nothing of what is right."""

    kind: Kind
    media_type: str
    pages: int
    codes: tuple[tuple[str, ...], ...]
    """The codes on each page, whosever they are."""

    signed: tuple[Signed, ...] = ()
    changed: tuple[Alteration, ...] = ()
    """What changed after the seal besides signatures; what a PDF made anew says otherwise."""


@dataclass(frozen=True)
class Copy:
    """An uploaded file that was looked at."""

    found: Found
    sealed: int = 0
    """The number of the edition whose document it begins with, byte for byte; 0 if it does not."""


@dataclass(frozen=True)
class Code:
    """What the code on a page says."""

    contract_no: str
    number: int
    digest: str
    is_last: bool
    """Whether it stands on the page with the signatures."""


def code_of(edition: Edition, contract_no: str, *, last: bool = False) -> str:
    """Return the code of an edition's pages; only signs a QR code can pack tightly."""
    digest = edition.content_digest.removeprefix("sha256:").upper()
    return f"MILLRUN:{contract_no}/{edition.number}/{digest}" + ("/S" if last else "")


def judge(contract: Contract, copy: Copy) -> tuple[Method, str]:
    """Return how the copy is signed and by whose certificate; refuse what is not to be kept."""
    found = copy.found
    if copy.sealed:
        insist_current(contract, contract.numbered(copy.sealed))
        return Method.DIGITAL, _insist_signed(contract, found)
    codes = [code for page in found.codes for text in page if (code := _read(text))]
    for code in codes:
        _insist_right(contract, code)
    if found.kind is Kind.PDF:
        raise errors.NotTheSealedDocument(
            contract_no=contract.contract_no, **_altered(found.changed)
        )
    if not codes:
        raise errors.NoCodeFound(contract_no=contract.contract_no)
    if not any(code.is_last for code in codes):
        raise errors.SignaturePageMissing(contract_no=contract.contract_no)
    return Method.SCAN, ""


def recognised(found: Found) -> int:
    """Return how many pages show a code of ours."""
    return sum(any(map(_read, page)) for page in found.codes)


def _read(text: str) -> Code | None:
    found = _CODE.fullmatch(text)
    if not found:
        return None
    return Code(found[1], int(found[2]), f"sha256:{found[3].lower()}", bool(found[4]))


_CODE = re.compile(r"MILLRUN:([A-Z0-9-]{1,40})/(\d{1,6})/([0-9A-F]{64})(/S)?")


def _insist_right(contract: Contract, code: Code) -> None:
    if code.contract_no != contract.contract_no:
        raise errors.AnotherContract(contract_no=contract.contract_no, uploaded=code.contract_no)
    known = {each.number: each for each in contract.editions}
    edition = known.get(code.number)
    if edition is None or edition.content_digest != code.digest:
        raise errors.CodeForged(contract_no=contract.contract_no, version=code.number)
    insist_current(contract, edition)


def insist_current(contract: Contract, edition: Edition) -> None:
    """Refuse an earlier edition, or a copy of one, and say what changed since (§6.3)."""
    if edition.number != contract.current:
        changes = differences(edition.terms, contract.edition.terms)
        raise errors.StaleCopy(
            contract_no=contract.contract_no,
            uploaded=edition.number,
            current=contract.current,
            changes=in_words(changes) or "nothing but its number",
            differences=as_fact(changes),
            differences_count=len(changes),
        )


def _insist_signed(contract: Contract, found: Found) -> str:
    """Return whose signatures stand in the sealed PDF; refuse none, broken ones and more."""
    for each in found.signed:
        if not each.sound:
            raise errors.SignatureBroken(signer=each.subject)
    if found.changed:
        raise errors.ChangedAfterSealing(
            contract_no=contract.contract_no, **_altered(found.changed)
        )
    if not found.signed:
        raise errors.NotSigned(contract_no=contract.contract_no)
    return "; ".join(each.subject for each in found.signed)


def _altered(found: tuple[Alteration, ...]) -> dict[str, str | int]:
    """Return the facts that say what was altered: in words, and for programs."""
    return {
        "what": alteration.in_words(found),
        "alterations": alteration.as_fact(found),
        "alterations_count": len(found),
    }
