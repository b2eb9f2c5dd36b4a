"""Where issues of licences, their sealed codes and their ledger are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.fulfillment.domain import license_errors as errors
from services.fulfillment.domain.codes import masked
from services.fulfillment.domain.license_issue import Act, Entry, LicenseIssue, State
from services.fulfillment.license_keys import Vault, digest_of
from services.fulfillment.store import columns
from services.fulfillment.store.columns import mapper
from shared.caller import Caller
from shared.clock import now
from shared.ids import new_id
from shared.numbering import numbered
from shared.storage import aggregate_columns, enterprise_column
from shared.tenancy import key_in

issue_numbers = sa.Sequence("license_issue_numbers", metadata=mapper.metadata)

license_issues = sa.Table(
    "license_issues",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    *aggregate_columns(),
    sa.Column("license_issue_no", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Enum(State, native_enum=False, length=20), nullable=False),
    *columns.text("order", "order_no", "product", "product_display_name"),
    *columns.text("license_type", "license_type_display_name", "customer_batch_no"),
    *columns.text("snapshot_digest", "enterprise_legal_name", "hold_reason"),
    *columns.counts("line_no", "quantity", "issued_quantity", "opened_quantity"),
    *columns.counts("sealed_quantity"),
    columns.moment("created_at"),
    sa.CheckConstraint(
        "issued_quantity BETWEEN 0 AND quantity", name="license_issues_issued_quantity"
    ),
    sa.UniqueConstraint("enterprise", "id", name="license_issues_enterprise_id_key"),
    sa.UniqueConstraint("order", "line_no", name="license_issues_order_line_no_key"),
)
"""The database counts, too: issued is never more than paid (I7)."""


def _of_issue(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["enterprise", "license_issue_id"],
        ["license_issues.enterprise", "license_issues.id"],
        name=name,
    )


licenses = sa.Table(
    "licenses",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    enterprise_column(),
    sa.Column("license_issue_id", sa.Uuid, nullable=False),
    *columns.counts("serial_no"),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    *columns.text("masked_code", "sealed"),
    sa.Column("opened_by", sa.Uuid, nullable=True),
    columns.moment("issued_at"),
    sa.UniqueConstraint("fingerprint", name="licenses_fingerprint_key"),
    _of_issue("licenses_license_issue"),
    sa.Index("licenses_by_issue", "license_issue_id", "id"),
)
"""Codes, sealed; `opened_by` is the entry of the ledger they were last opened with."""

license_entries = sa.Table(
    "license_entries",
    mapper.metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    enterprise_column(),
    sa.Column("license_issue_id", sa.Uuid, nullable=False),
    sa.Column("act", sa.Enum(Act, native_enum=False, length=20), nullable=False),
    *columns.counts("quantity"),
    *columns.text("account", "digest", "reason"),
    columns.moment("at"),
    _of_issue("license_entries_license_issue"),
    sa.Index("license_entries_by_issue", "license_issue_id", "id"),
)
"""The licence ledger: rows are added, never changed."""

mapper.map_imperatively(Entry, license_entries)
mapper.map_imperatively(LicenseIssue, license_issues, version_id_col=license_issues.c.version)


class LicenseIssues:
    """All issues of licences the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def add(self, issue: LicenseIssue) -> None:
        """Keep a new issue."""
        self._tx.add(issue)

    def get(self, name: str, caller: Caller) -> LicenseIssue:
        """Return the one called `enterprises/*/licenseIssues/*`, if it exists for `caller`."""
        id_ = key_in("enterprises/*/licenseIssues/*", name, caller)
        found = self._tx.get(LicenseIssue, id_) if id_ else None
        if found is None or found.name != name:
            raise errors.LicenseIssueNotFound(license_issue=name)
        return found

    def of_order(self, order: str) -> Sequence[LicenseIssue]:
        """Return the issues of an order, a line each."""
        asked = sa.select(LicenseIssue).where(license_issues.c.order == order)
        return self._tx.scalars(asked.order_by(license_issues.c.line_no)).all()

    def next_number(self) -> str:
        """Return the number of a new issue: `ML-2026-000123`."""
        return numbered("ML", self._tx.scalar(issue_numbers))


class Licenses:
    """The sealed codes of one issue, and its ledger."""

    def __init__(self, tx: Session, issue: LicenseIssue) -> None:
        self._tx = tx
        self._issue = issue
        self._mine = licenses.c.license_issue_id == issue.id

    def write(self, entry: Entry) -> None:
        """Add a line to the ledger."""
        self._tx.add(entry)

    def entries(self) -> Sequence[Entry]:
        """Return the ledger, oldest first."""
        mine = license_entries.c.license_issue_id == self._issue.id
        return self._tx.scalars(sa.select(Entry).where(mine).order_by(license_entries.c.id)).all()

    def seal(self, codes: Sequence[tuple[int, str]], vault: Vault) -> str:
        """Keep codes, sealed, each with the row it came from; return their digest.

        Refuses with CodeIssuedBefore a code that any order ever had.
        """
        first, at = self._issue.issued_quantity + 1, now()
        numbered = enumerate((code for _, code in codes), first)
        rows = [self._row(serial_no, code, vault, at) for serial_no, code in numbered]
        new = insert(licenses).on_conflict_do_nothing(index_elements=["fingerprint"])
        kept = self._tx.scalars(new.returning(licenses.c.serial_no), rows).all()
        if missing := {row["serial_no"] for row in rows} - set(kept):
            raise errors.CodeIssuedBefore(row=codes[min(missing) - first][0])
        return digest_of(row["fingerprint"] for row in rows)

    def digest_of_sealed(self) -> str:
        """Return the digest of all codes that can be opened now."""
        asked = sa.select(licenses.c.fingerprint).where(self._mine, licenses.c.opened_by.is_(None))
        return digest_of(self._tx.scalars(asked))

    def open_with(self, entry: Entry) -> None:
        """Open all codes that are sealed, as the entry says."""
        still = sa.update(licenses).where(self._mine, licenses.c.opened_by.is_(None))
        self._tx.execute(still.values(opened_by=entry.id))

    def seal_again(self) -> None:
        """Have every code be opened once more."""
        self._tx.execute(sa.update(licenses).where(self._mine).values(opened_by=None))

    def open_to(self, account: str, since: datetime) -> Entry | None:
        """Return with which entry `account` opened codes after `since`, if they still are."""
        opened = sa.exists().where(licenses.c.opened_by == license_entries.c.id)
        return self._tx.scalar(
            sa.select(Entry)
            .where(
                license_entries.c.license_issue_id == self._issue.id,
                license_entries.c.act == Act.OPENED,
                license_entries.c.account == account,
                license_entries.c.at > since,
                opened,
            )
            .order_by(license_entries.c.id.desc())
            .limit(1)
        )

    def unsealed(self, entry: Entry, vault: Vault) -> list[tuple[int, str]]:
        """Return the codes that were opened with an entry, each with its number."""
        known = licenses.c
        asked = sa.select(known.serial_no, known.sealed)
        rows = self._tx.execute(asked.where(known.opened_by == entry.id).order_by(known.serial_no))
        return [
            (row.serial_no, vault.open(row.sealed, place=self._place(row.serial_no)))
            for row in rows
        ]

    def _row(self, serial_no: int, code: str, vault: Vault, at: datetime) -> dict[str, Any]:
        return {
            "id": new_id(),
            "enterprise": self._issue.enterprise,
            "license_issue_id": self._issue.id,
            "serial_no": serial_no,
            "fingerprint": vault.fingerprint(code),
            "masked_code": masked(code),
            "sealed": vault.seal(code, place=self._place(serial_no)),
            "opened_by": None,
            "issued_at": at,
        }

    def _place(self, serial_no: int) -> str:
        return f"{self._issue.name}/{serial_no}"


def masked_licenses(issue: LicenseIssue) -> sa.Select[Any]:
    """Return the question for the codes of an issue, masked."""
    known = licenses.c
    asked = sa.select(
        known.id, known.serial_no, known.masked_code, known.opened_by, known.issued_at
    )
    return asked.where(known.license_issue_id == issue.id)
