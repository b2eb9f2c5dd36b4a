"""Licences over gRPC: issued by production, opened by the buyer."""

from typing import Any

from millrun.fulfillment.v1 import fulfillment_pb2 as pb
from sqlalchemy.orm import Session

from services.fulfillment.api.roles import BUYERS, PRODUCTION, READERS, RELEASERS
from services.fulfillment.commands import licenses as commands
from services.fulfillment.commands.licenses import Kept
from services.fulfillment.domain.license_issue import LicenseIssue
from services.fulfillment.queries import licenses as queries
from services.fulfillment.wire import licenses as wire
from shared.caller import Caller
from shared.documents import Document
from shared.paging import Page
from shared.rpc import Servicer, command, download, query


class LicenseRpcs(Servicer):
    """Codes that are paid, issued and opened."""

    @query(answer=wire.kept_message, allow=READERS)
    def GetLicenseIssue(
        self, request: pb.GetLicenseIssueRequest, tx: Session, caller: Caller
    ) -> Kept:
        return queries.get_license_issue(tx, name=request.name, caller=caller)

    @query(answer=wire.issues_message, allow=READERS)
    def ListLicenseIssues(
        self, request: pb.ListLicenseIssuesRequest, tx: Session, caller: Caller
    ) -> Page[LicenseIssue]:
        return queries.list_license_issues(
            tx,
            parent=request.parent,
            caller=caller,
            order=request.order,
            states=wire.states_from(request.states),
            size=request.page_size,
            token=request.page_token,
        )

    @query(answer=wire.licenses_message, allow=READERS)
    def ListLicenses(
        self, request: pb.ListLicensesRequest, tx: Session, caller: Caller
    ) -> Page[Any]:
        return queries.list_licenses(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=wire.kept_message, allow=PRODUCTION)
    def IssueLicenses(self, request: pb.IssueLicensesRequest, tx: Session, caller: Caller) -> Kept:
        return commands.issue_licenses(
            tx,
            name=request.name,
            caller=caller,
            generate=request.generate,
            content=request.content,
            etag=request.etag,
        )

    @command(answer=wire.kept_message, allow=BUYERS)
    def OpenLicenses(self, request: pb.OpenLicensesRequest, tx: Session, caller: Caller) -> Kept:
        return commands.open_licenses(tx, name=request.name, caller=caller, etag=request.etag)

    @download(allow=BUYERS, recorded=True)
    def DownloadLicenses(
        self, request: pb.DownloadLicensesRequest, tx: Session, caller: Caller
    ) -> Document:
        return commands.download_licenses(tx, name=request.name, caller=caller)

    @command(answer=wire.kept_message, allow=RELEASERS)
    def ReleaseLicenses(
        self, request: pb.ReleaseLicensesRequest, tx: Session, caller: Caller
    ) -> Kept:
        return commands.release_licenses(
            tx, name=request.name, caller=caller, reason=request.reason, etag=request.etag
        )
