"""What is done with the codes of licences."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.fulfillment.domain import codes
from services.fulfillment.domain import license_errors as errors
from services.fulfillment.domain.license_issue import Entry, LicenseIssue
from services.fulfillment.license_keys import vault
from services.fulfillment.settings import ours
from services.fulfillment.store.licenses import LicenseIssues, Licenses
from shared.caller import Caller
from shared.clock import now
from shared.documents import Document, digest_of

COLUMNS = ("no", "product", "license", "code")
GENERATED = 0
"""The row of a code that comes from no file."""


@dataclass(frozen=True)
class Kept:
    """An issue with its ledger."""

    issue: LicenseIssue
    entries: Sequence[Entry] = field(default_factory=tuple)
    download_until: datetime | None = None
    """Until when the caller can download codes they opened; None if they did not."""


def open_license_issues(tx: Session, *, enterprise: str, purchase_order: Mapping[str, Any]) -> None:
    """The order is paid: open an issue of codes for each line (A7)."""
    for line in purchase_order["lines"]:
        LicenseIssues(tx).add(
            LicenseIssue.open(
                enterprise=enterprise,
                license_issue_no=LicenseIssues(tx).next_number(),
                purchase_order=purchase_order,
                line=line,
            )
        )


def issue_licenses(
    tx: Session, *, name: str, caller: Caller, generate: int, content: bytes, etag: str
) -> Kept:
    """Make `generate` codes, or take those in a CSV file, and seal them (I7)."""
    issue = LicenseIssues(tx).get(name, caller)
    issue.expect(etag)
    wanted = codes.read(content) if content else []
    count = len(wanted) or generate
    if count > codes.MOST_AT_ONCE:
        raise errors.TooManyCodesAtOnce(count=count, most=codes.MOST_AT_ONCE)
    issue.insist_issuable(count)
    wanted = wanted or [(GENERATED, codes.generate()) for _ in range(count)]
    sealed = Licenses(tx, issue)
    digest = sealed.seal(wanted, vault(ours(tx).license_keys))
    sealed.write(issue.issue(count, digest=digest, by=caller.account))
    return kept(tx, issue, caller)


def open_licenses(tx: Session, *, name: str, caller: Caller, etag: str) -> Kept:
    """The buyer opens all codes that are sealed, for themselves and a few minutes."""
    issue = LicenseIssues(tx).get(name, caller)
    issue.expect(etag)
    issue.insist_openable()
    vault(ours(tx).license_keys)  # Whoever cannot be given codes does not open them.
    sealed = Licenses(tx, issue)
    entry = issue.unseal(digest=sealed.digest_of_sealed(), by=caller.account)
    sealed.write(entry)
    sealed.open_with(entry)
    return kept(tx, issue, caller)


def download_licenses(tx: Session, *, name: str, caller: Caller) -> Document:
    """Return the codes the caller opened, as CSV, and write down that they have them."""
    issue = LicenseIssues(tx).get(name, caller)
    sealed = Licenses(tx, issue)
    opened = sealed.open_to(caller.account, now() - ours(tx).license_patience)
    if opened is None:
        raise errors.NotOpenToYou(license_issue_no=issue.license_issue_no)
    found = sealed.unsealed(opened, vault(ours(tx).license_keys))
    sealed.write(issue.downloaded(len(found), digest=opened.digest, by=caller.account))
    return _file(issue, found)


def release_licenses(tx: Session, *, name: str, caller: Caller, reason: str, etag: str) -> Kept:
    """Let the buyer open codes once more."""
    issue = LicenseIssues(tx).get(name, caller)
    issue.expect(etag)
    sealed = Licenses(tx, issue)
    sealed.write(issue.release(reason=reason, by=caller.account))
    sealed.seal_again()
    return kept(tx, issue, caller)


def kept(tx: Session, issue: LicenseIssue, caller: Caller) -> Kept:
    """Return an issue with its ledger, as `caller` may see it."""
    tx.flush()
    sealed, patience = Licenses(tx, issue), ours(tx).license_patience
    opened = sealed.open_to(caller.account, now() - patience)
    return Kept(issue, sealed.entries(), opened.at + patience if opened else None)


def _file(issue: LicenseIssue, found: Sequence[tuple[int, str]]) -> Document:
    pid, sku = issue.product.rpartition("/")[2], issue.license_type.rpartition("/")[2]
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows((serial_no, pid, sku, code) for serial_no, code in found)
    content = text.getvalue().encode()
    return Document(
        digest=digest_of(content),
        enterprise=issue.enterprise,
        media_type="text/csv",
        content=content,
    )
