"""Projects: which of a customer's products are in which project manager's hands (R62)."""

from pathlib import Path

from millrun.authorization.v1.account_pb2 import PROJECT_MANAGER
from millrun.authorization.v1.authorization_pb2 import (
    GetEnterpriseRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Enterprise
from millrun.authorization.v1.project_pb2 import (
    CloseProjectRequest,
    CreateProjectRequest,
    GetProjectRequest,
    ListProjectsRequest,
    Project,
    UpdateProjectRequest,
)
from starlette.requests import Request
from starlette.responses import Response

from services.console.addresses import named, parent
from services.console.customers import every_customer, to_choose
from services.console.people import STAFF, with_role
from services.console.roles import ABSENT, ASSIGNING
from shared.caller import Role
from shared.web import Form, Nav, Pages, _, call, page, redirect, together, visitor
from shared.web.offering import offer, products_of
from shared.web.together import Question

pages = Pages(Path(__file__).parent)

PATH = "/projects/{enterprise}/{id}"


@pages.get("/projects", roles=ASSIGNING, nav=Nav("Projects", icon="stack-2"))
def list_projects(request: Request) -> Response:
    """List projects: everybody's, one customer's, or those in one's own hands."""
    wanted = request.query_params
    asked = ListProjectsRequest(
        parent=f"enterprises/{wanted.get('enterprise') or '-'}",
        project_manager="accounts/me" if wanted.get("mine") else "",
        page_token=wanted.get("page_token", ""),
    )
    found = call(request, AuthorizationServiceStub, "ListProjects", asked)
    return page(request, "projects.html", found=found)


@pages.get("/projects/new", roles=ABSENT)
def show_new(request: Request) -> Response:
    """Ask for the customer first, then for its products and who has them."""
    owner = request.query_params.get("owner", "")
    asked: dict[str, Question] = {"staff": STAFF}
    if owner:
        asked["products"] = products_of(request, owner, owner)
    parts = together(request, **asked)
    enterprises = every_customer(request)
    return page(
        request,
        "project_new.html",
        owner=next((each for each in enterprises if each.name == owner), None),
        owners=to_choose(each for each in enterprises if each.business_manager),
        project_managers=with_role(parts["staff"], PROJECT_MANAGER),
        offer=offer(request, parts["products"].insist()) if owner else None,
    )


@pages.post("/projects/new", roles=ABSENT, again=show_new)
def create(request: Request, form: Form) -> Response:
    """Put the products into somebody's hands, or only look for some."""
    if form["find"]:
        request.state.form = form
        return show_new(request)
    asked = CreateProjectRequest(
        parent=request.query_params.get("owner", ""),
        project=_project(form),
        request_id=form["request_id"],
    )
    made = call(request, AuthorizationServiceStub, "CreateProject", asked)
    return redirect(request, "/projects", _given(made))


@pages.get(PATH, roles=ASSIGNING)
def show_project(request: Request) -> Response:
    """Show a project, and the form to change it for who may."""
    owner = parent(request)
    asked = GetProjectRequest(name=named(request, "projects"))
    parts = together(
        request,
        project=(AuthorizationServiceStub, "GetProject", asked),
        enterprise=(AuthorizationServiceStub, "GetEnterprise", GetEnterpriseRequest(name=owner)),
        products=products_of(request, owner, owner),
        staff=STAFF,
    )
    project = parts["project"].insist()
    return page(
        request,
        "project.html",
        project=project,
        why_not=_why_not(request, project, parts["enterprise"].insist()),
        offer=offer(request, parts["products"].insist(), project.products),
        project_managers=with_role(parts["staff"], PROJECT_MANAGER),
    )


@pages.post(PATH, roles=ABSENT, again=show_project)
def change(request: Request, form: Form) -> Response:
    """Give it to somebody else, or other products into it; or only look for some."""
    if form["find"]:
        request.state.form = form
        return show_project(request)
    wanted = _project(form)
    wanted.name, wanted.etag = named(request, "projects"), form["etag"]
    asked = UpdateProjectRequest(project=wanted, request_id=form["request_id"])
    asked.update_mask.paths.extend(["display_name", "project_manager", "products"])
    changed = call(request, AuthorizationServiceStub, "UpdateProject", asked)
    return redirect(request, "/projects", _given(changed))


@pages.post(PATH + "/close", roles=ABSENT)
def close(request: Request, form: Form) -> Response:
    """Close it: its products are the customer's project manager's again."""
    name = named(request, "projects")
    asked = CloseProjectRequest(name=name, etag=form["etag"], request_id=form["request_id"])
    call(request, AuthorizationServiceStub, "CloseProject", asked)
    done = _("The project is closed; its products are the customer's project manager's again.")
    return redirect(request, "/projects", done)


def _project(form: Form) -> Project:
    return Project(
        display_name=form["display_name"],
        project_manager=form["project_manager"],
        products=form.all("products"),
    )


def _given(project: Project) -> str:
    return _(
        "New orders of %(project)s go to %(name)s; orders that were submitted stay where they are.",
        project=project.display_name,
        name=project.project_manager_display_name,
    )


def _why_not(request: Request, project: Project, enterprise: Enterprise) -> str:
    """Return why the reader cannot change the project; empty if they can."""
    me = visitor(request)
    hands = (project.project_manager, enterprise.business_manager, enterprise.project_manager)
    if project.state == Project.CLOSED:
        return _("It is closed; make another project for what shall be in somebody's hands.")
    if me.has(Role.CERTIFIER) or any(map(me.acts_for, hands)):
        return ""
    return _("Its project manager, the customer's managers and certifiers may change it.")
