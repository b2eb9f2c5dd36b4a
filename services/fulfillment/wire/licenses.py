"""Issues of licences in protobuf."""

from collections.abc import Iterable
from typing import Any

from millrun.fulfillment.v1 import fulfillment_pb2 as pb
from millrun.fulfillment.v1 import license_pb2 as message

from services.fulfillment.commands.licenses import Kept
from services.fulfillment.domain.license_issue import Entry, LicenseIssue, State
from shared.paging import Page
from shared.wire import time_message


def kept_message(kept: Kept) -> message.LicenseIssue:
    """Return an issue with its ledger."""
    made = issue_message(kept.issue)
    made.entries.extend(map(_entry_message, kept.entries))
    if until := time_message(kept.download_until):
        made.download_until.CopyFrom(until)
    return made


def issue_message(made: LicenseIssue) -> message.LicenseIssue:
    """Return an issue as it stands in lists."""
    return message.LicenseIssue(
        name=made.name,
        license_issue_no=made.license_issue_no,
        state=message.LicenseIssue.State.Value(made.state.name),
        order=made.order,
        order_no=made.order_no,
        line_no=made.line_no,
        product=made.product,
        product_display_name=made.product_display_name,
        license_type=made.license_type,
        license_type_display_name=made.license_type_display_name,
        quantity=made.quantity,
        issued_quantity=made.issued_quantity,
        opened_quantity=made.opened_quantity,
        sealed_quantity=made.sealed_quantity,
        hold_reason=made.hold_reason,
        enterprise_legal_name=made.enterprise_legal_name,
        customer_batch_no=made.customer_batch_no,
        snapshot_digest=made.snapshot_digest,
        create_time=time_message(made.created_at),
        etag=made.etag,
    )


def issues_message(page: Page[LicenseIssue]) -> pb.ListLicenseIssuesResponse:
    """Return a page of issues."""
    return pb.ListLicenseIssuesResponse(
        license_issues=map(issue_message, page.items), next_page_token=page.next_token
    )


def licenses_message(page: Page[Any]) -> pb.ListLicensesResponse:
    """Return a page of codes, masked."""
    return pb.ListLicensesResponse(
        licenses=map(_license_message, page.items), next_page_token=page.next_token
    )


def states_from(states: "Iterable[message.LicenseIssue.State.ValueType]") -> list[State]:
    """Read states to filter by; none means all."""
    return [State[message.LicenseIssue.State.Name(state)] for state in states if state]


def _entry_message(entry: Entry) -> message.LicenseEntry:
    return message.LicenseEntry(
        act=message.LicenseEntry.Act.Value(entry.act.name),
        quantity=entry.quantity,
        account=entry.account,
        time=time_message(entry.at),
        digest=entry.digest,
        reason=entry.reason,
    )


def _license_message(row: Any) -> message.License:
    state = message.License.OPENED if row.opened_by else message.License.SEALED
    return message.License(
        serial_no=row.serial_no,
        masked_code=row.masked_code,
        state=state,
        issue_time=time_message(row.issued_at),
    )
