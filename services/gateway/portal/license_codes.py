"""The codes of an order of licences: opened once, downloaded at once, masked ever after (A7)."""

from pathlib import Path

from millrun.fulfillment.v1.fulfillment_pb2 import (
    DownloadLicensesRequest,
    GetLicenseIssueRequest,
    ListLicensesRequest,
    OpenLicensesRequest,
)
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from millrun.fulfillment.v1.license_pb2 import LicenseIssue
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import CUSTOMERS, ORDERERS, from_path
from shared.web import Form, Pages, _, call, page, redirect, together, visitor
from shared.web.files import file

pages = Pages(Path(__file__).parent)

PATH = "/orders/{order}/licenses/{issue}"


@pages.get(PATH, roles=CUSTOMERS)
def show_codes(request: Request) -> Response:
    """Show the codes of one line, masked, and everything that was done with them."""
    name = from_path(request, "licenseIssues", "issue")
    token = request.query_params.get("page_token", "")
    found = together(
        request,
        issue=(FulfillmentServiceStub, "GetLicenseIssue", GetLicenseIssueRequest(name=name)),
        codes=(
            FulfillmentServiceStub,
            "ListLicenses",
            ListLicensesRequest(parent=name, page_size=20, page_token=token),
        ),
    )
    issue: LicenseIssue = found["issue"].insist()
    return page(
        request,
        "license_codes.html",
        fragment="rows",
        issue=issue,
        codes=found["codes"],
        why_not=_why_not(request, issue),
        me=visitor(request).account,
    )


@pages.post(PATH + "/open", roles=ORDERERS, again=show_codes)
def open_codes(request: Request, form: Form) -> Response:
    """Open all codes that are sealed: for whoever asks, and for some minutes."""
    asked = OpenLicensesRequest(
        name=from_path(request, "licenseIssues", "issue"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, FulfillmentServiceStub, "OpenLicenses", asked)
    done = _("The codes are open to you. Download them now.")
    return redirect(request, _page(request), done)


@pages.get(PATH + "/codes", roles=ORDERERS)
def download_codes(request: Request) -> Response:
    """Return the codes the reader opened a moment ago."""
    name = from_path(request, "licenseIssues", "issue")
    asked = DownloadLicensesRequest(name=name)
    called = request.query_params.get("as", "licences")
    return file(call(request, FulfillmentServiceStub, "DownloadLicenses", asked), called)


def _page(request: Request) -> str:
    return PATH.format(**request.path_params)


def _why_not(request: Request, issue: LicenseIssue) -> str:
    """Return why the reader cannot open codes now; empty if nothing is known against it."""
    if not visitor(request).roles & ORDERERS:
        return _("Only buyers and R&D do this.")
    if issue.hold_reason:
        return _("The order is on hold.")
    if issue.state == LicenseIssue.CLOSED:
        return _("The order ended.")
    return "" if issue.sealed_quantity else _("There is no sealed code.")
