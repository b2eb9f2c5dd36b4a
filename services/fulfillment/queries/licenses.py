"""What can be known about issues of licences."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.fulfillment.commands.licenses import Kept, kept
from services.fulfillment.domain import license_errors as errors
from services.fulfillment.domain.license_issue import LicenseIssue, State
from services.fulfillment.store.licenses import (
    LicenseIssues,
    license_issues,
    licenses,
    masked_licenses,
)
from shared.caller import Caller
from shared.paging import Page, page, page_of_rows
from shared.tenancy import within


def get_license_issue(tx: Session, *, name: str, caller: Caller) -> Kept:
    """Return one issue with its ledger."""
    return kept(tx, LicenseIssues(tx).get(name, caller), caller)


def list_license_issues(
    tx: Session,
    *,
    parent: str,
    caller: Caller,
    order: str,
    states: Sequence[State],
    size: int,
    token: str,
) -> Page[LicenseIssue]:
    """Return issues, newest first, without their ledgers."""
    missing = errors.LicenseIssueNotFound(license_issue=f"{parent}/licenseIssues")
    select = within(sa.select(LicenseIssue), license_issues, parent, caller, missing)
    if order:
        select = select.where(license_issues.c.order == order)
    if states:
        select = select.where(license_issues.c.state.in_(states))
    return page(tx, select, key=license_issues.c.id, size=size, token=token)


def list_licenses(tx: Session, *, parent: str, caller: Caller, size: int, token: str) -> Page[Any]:
    """Return the codes of an issue, masked, as they were issued."""
    issue = LicenseIssues(tx).get(parent, caller)
    asked = masked_licenses(issue)
    return page_of_rows(tx, asked, key=licenses.c.id, size=size, token=token, oldest_first=True)
