"""Licence codes: what is paid and to be issued, and codes that are released once more (A7, I7)."""

from pathlib import Path

from millrun.fulfillment.v1.fulfillment_pb2 import (
    GetLicenseIssueRequest,
    IssueLicensesRequest,
    ListLicenseIssuesRequest,
    ListLicensesRequest,
    ReleaseLicensesRequest,
)
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from millrun.fulfillment.v1.license_pb2 import LicenseIssue
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, page_of
from services.console.people import STAFF, names
from services.console.reading import choices, chosen
from services.console.roles import FACTORY, PRODUCTION, RELEASERS
from shared.errors import Malformed
from shared.web import Form, Nav, Pages, _, call, page, redirect, together

pages = Pages(Path(__file__).parent)

AT_ONCE = 5000
"""How many codes are made in one step."""


class NoFileOfCodes(Malformed):
    """No file was chosen."""

    fix = "Choose the CSV file with a code in each row, or have codes made here."


@pages.get("/licenseIssues", roles=FACTORY, nav=Nav("Licence codes", icon="license"))
def list_issues(request: Request) -> Response:
    """List issues of licences by state, or those of one order."""
    state = chosen(request, "state", LicenseIssue.State)
    asked = ListLicenseIssuesRequest(
        parent="enterprises/-",
        page_token=request.query_params.get("page_token", ""),
        order=request.query_params.get("order", ""),
        states=[state] if state else [],
    )
    found = call(request, FulfillmentServiceStub, "ListLicenseIssues", asked)
    if asked.order and len(found.license_issues) == 1:
        return redirect(request, page_of(found.license_issues[0].name))
    states = choices(LicenseIssue.State)
    return page(request, "license_issues.html", fragment="rows", found=found, states=states)


@pages.get("/licenseIssues/{enterprise}/{id}", roles=FACTORY)
def show_issue(request: Request) -> Response:
    """Show one issue: what is left to issue, its codes masked, and its ledger."""
    name = named(request, "licenseIssues")
    token = request.query_params.get("page_token", "")
    found = together(
        request,
        issue=(FulfillmentServiceStub, "GetLicenseIssue", GetLicenseIssueRequest(name=name)),
        codes=(
            FulfillmentServiceStub,
            "ListLicenses",
            ListLicensesRequest(parent=name, page_size=20, page_token=token),
        ),
        staff=STAFF,
    )
    issue: LicenseIssue = found["issue"].insist()
    left = issue.quantity - issue.issued_quantity
    return page(
        request,
        "license_issue.html",
        fragment="rows",
        issue=issue,
        codes=found["codes"],
        left=left,
        at_once=min(left, AT_ONCE),
        people=names(request, found["staff"]),
    )


@pages.post("/licenseIssues/{enterprise}/{id}/generate", roles=PRODUCTION, again=show_issue)
def generate(request: Request, form: Form) -> Response:
    """Have codes made and sealed."""
    return _issue(request, form, IssueLicensesRequest(generate=form.number("quantity")))


@pages.post("/licenseIssues/{enterprise}/{id}/import", roles=PRODUCTION, again=show_issue)
def take_codes(request: Request, form: Form) -> Response:
    """Seal the codes of a file."""
    upload = form.upload("file")
    if upload is None:
        raise NoFileOfCodes(field="file")
    return _issue(request, form, IssueLicensesRequest(content=upload.content))


@pages.post("/licenseIssues/{enterprise}/{id}/release", roles=RELEASERS, again=show_issue)
def release(request: Request, form: Form) -> Response:
    """Let the buyer open codes once more."""
    asked = ReleaseLicensesRequest(
        name=named(request, "licenseIssues"),
        reason=form["reason"],
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, FulfillmentServiceStub, "ReleaseLicenses", asked)
    return redirect(request, page_of(asked.name), _("The buyer can open the codes once more."))


def _issue(request: Request, form: Form, asked: IssueLicensesRequest) -> Response:
    asked.name = named(request, "licenseIssues")
    asked.etag, asked.request_id = form["etag"], form["request_id"]
    call(request, FulfillmentServiceStub, "IssueLicenses", asked)
    return redirect(request, page_of(asked.name), _("The codes are issued, and sealed."))
