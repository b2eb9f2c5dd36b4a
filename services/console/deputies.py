"""Who does whose work while somebody is absent."""

from pathlib import Path

from google.protobuf.timestamp_pb2 import Timestamp
from millrun.authorization.v1.account_pb2 import (
    BUSINESS_MANAGER,
    PROJECT_MANAGER,
    Account,
    Deputyship,
)
from millrun.authorization.v1.account_pb2 import Role as RoleName
from millrun.authorization.v1.authorization_pb2 import (
    CreateDeputyshipRequest,
    EndDeputyshipRequest,
    ListDeputyshipsRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.console.people import STAFF
from services.console.reading import end_of_day, start_of_day
from services.console.roles import ABSENT
from shared.caller import Role
from shared.web import Form, Nav, Pages, _, call, page, redirect, together, visitor
from shared.web.formats import words
from shared.web.session import Visitor

pages = Pages(Path(__file__).parent)

MANAGERS = (BUSINESS_MANAGER, PROJECT_MANAGER)


@pages.get("/deputies", roles=ABSENT, nav=Nav("Deputies", icon="users"))
def list_deputies(request: Request) -> Response:
    """List who does or did whose work, and offer to name somebody."""
    asked = ListDeputyshipsRequest(
        parent="accounts/-", page_token=request.query_params.get("page_token", "")
    )
    parts = together(
        request, found=(AuthorizationServiceStub, "ListDeputyships", asked), staff=STAFF
    )
    staff = parts["staff"].answer.accounts if parts["staff"].answer else []
    managers = [each for each in staff if any(role in each.staff_roles for role in MANAGERS)]
    me = visitor(request)
    everybody = me.has(Role.CERTIFIER)
    return page(
        request,
        "deputies.html",
        found=parts["found"].insist(),
        absent=[_choice(each) for each in managers if everybody or each.name == me.account],
        deputies=[_choice(each) for each in managers if everybody or _shares_role(me, each)],
        everybody=everybody,
    )


@pages.post("/deputies", roles=ABSENT, again=list_deputies)
def name_deputy(request: Request, form: Form) -> Response:
    """Name who does somebody's work."""
    deputyship = Deputyship(
        deputy=form["deputy"],
        begin_time=_unless_today(start_of_day(form, "begins")),
        end_time=end_of_day(form, "ends"),
    )
    asked = CreateDeputyshipRequest(
        parent=form["absent"] or "accounts/me", deputyship=deputyship, request_id=form["request_id"]
    )
    made = call(request, AuthorizationServiceStub, "CreateDeputyship", asked)
    done = _(
        "%(deputy)s does the work of %(absent)s in that time.",
        deputy=made.deputy_display_name,
        absent=made.absent_display_name,
    )
    return redirect(request, "/deputies", done)


@pages.post("/deputies/{account}/{id}/end", roles=ABSENT)
def end(request: Request, form: Form) -> Response:
    """End a deputyship before its time."""
    name = "accounts/{account}/deputyships/{id}".format_map(request.path_params)
    asked = EndDeputyshipRequest(name=name, etag=form["etag"], request_id=form["request_id"])
    call(request, AuthorizationServiceStub, "EndDeputyship", asked)
    return redirect(request, "/deputies", _("The deputyship is over."))


def _shares_role(me: Visitor, account: Account) -> bool:
    """Whether somebody else could do the reader's work."""
    theirs = {RoleName.Name(role) for role in account.staff_roles if role in MANAGERS}
    return account.name != me.account and any(role.name in theirs for role in me.roles)


def _choice(account: Account) -> tuple[str, str]:
    does = [words(RoleName.Name(role)) for role in account.staff_roles if role in MANAGERS]
    return account.name, " · ".join([account.display_name or account.email, *does])


def _unless_today(begins: Timestamp | None) -> Timestamp | None:
    """A day that has begun means now."""
    now = Timestamp()
    now.GetCurrentTime()
    return begins if begins and begins.seconds > now.seconds else None
