"""Who belongs to the enterprise."""

from collections.abc import Iterator
from pathlib import Path

from millrun.authorization.v1.account_pb2 import Role
from millrun.authorization.v1.authorization_pb2 import (
    CreateMembershipRequest,
    ListMembershipsRequest,
    RemoveMembershipRequest,
    UpdateMembershipRequest,
)
from millrun.authorization.v1.authorization_pb2_grpc import AuthorizationServiceStub
from millrun.authorization.v1.enterprise_pb2 import Membership
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import ADMINISTRATORS, CUSTOMERS, MOST, from_path, own
from shared.errors import NotFound
from shared.web import Form, Pages, _, call, page, redirect

pages = Pages(Path(__file__).parent)


class MemberNotFound(NotFound):
    """There is no such member."""

    fix = "Choose somebody from the list of members."


ROLES = {role.name: Role.Value(role.name) for role in CUSTOMERS}


@pages.get("/enterprise/members", roles=ADMINISTRATORS)
def show_members(request: Request) -> Response:
    """List the members, and offer to add one."""
    token = request.query_params.get("page_token", "")
    asked = ListMembershipsRequest(parent=own(request), page_token=token)
    found = call(request, AuthorizationServiceStub, "ListMemberships", asked)
    members = [(each, [Role.Name(role) for role in each.roles]) for each in found.memberships]
    return page(request, "members.html", members=members, next_page_token=found.next_page_token)


@pages.post("/enterprise/members", roles=ADMINISTRATORS, again=show_members)
def add_member(request: Request, form: Form) -> Response:
    """Make an account a member."""
    asked = CreateMembershipRequest(
        parent=own(request),
        membership=Membership(email=form["email"], roles=_roles(form)),
        request_id=form["request_id"],
    )
    added = call(request, AuthorizationServiceStub, "CreateMembership", asked)
    done = _("%(name)s is a member now.", name=added.display_name or added.email)
    return redirect(request, "/enterprise/members", done)


@pages.get("/enterprise/members/{membership}", roles=ADMINISTRATORS)
def show_member(request: Request) -> Response:
    """Show what a member may do, to be changed."""
    name = from_path(request, "memberships", "membership")
    member = next((each for each in _members(request) if each.name == name), None)
    if member is None:
        raise MemberNotFound
    return page(
        request, "member.html", member=member, roles=[Role.Name(role) for role in member.roles]
    )


@pages.post("/enterprise/members/{membership}", roles=ADMINISTRATORS, again=show_member)
def change_member(request: Request, form: Form) -> Response:
    """Give a member other roles."""
    member = Membership(
        name=from_path(request, "memberships", "membership"),
        roles=_roles(form),
        etag=form["etag"],
    )
    asked = UpdateMembershipRequest(membership=member, request_id=form["request_id"])
    asked.update_mask.paths.append("roles")
    changed = call(request, AuthorizationServiceStub, "UpdateMembership", asked)
    done = _("%(name)s may do this from now on.", name=changed.display_name or changed.email)
    return redirect(request, "/enterprise/members", done)


@pages.post("/enterprise/members/{membership}/remove", roles=ADMINISTRATORS)
def remove_member(request: Request, form: Form) -> Response:
    """End a membership."""
    asked = RemoveMembershipRequest(
        name=from_path(request, "memberships", "membership"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, AuthorizationServiceStub, "RemoveMembership", asked)
    return redirect(request, "/enterprise/members", _("The member has no access any more."))


def _roles(form: Form) -> list["Role.ValueType"]:
    return [ROLES[role] for role in form.all("roles") if role in ROLES]


def _members(request: Request) -> Iterator[Membership]:
    """Yield all members, newest first."""
    asked = ListMembershipsRequest(parent=own(request), page_size=MOST)
    while True:
        found = call(request, AuthorizationServiceStub, "ListMemberships", asked)
        yield from found.memberships
        if not found.next_page_token:
            return
        asked.page_token = found.next_page_token
