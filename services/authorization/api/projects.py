"""Projects over gRPC; of them no customer sees anything."""

from millrun.authorization.v1 import project_pb2 as pb
from sqlalchemy.orm import Session

from services.authorization import queries
from services.authorization.api.staff import ASSIGNING
from services.authorization.commands import projects
from services.authorization.domain.project import Project
from services.authorization.store import Projects
from services.authorization.wire import project_message, projects_message
from shared.caller import STAFF_ROLES, Caller
from shared.paging import Page
from shared.rpc import Servicer, command, query


class ProjectRpcs(Servicer):
    """Which products are in whose hands."""

    @command(answer=project_message, allow=ASSIGNING)
    def CreateProject(
        self, request: pb.CreateProjectRequest, tx: Session, caller: Caller
    ) -> Project:
        return projects.create_project(
            tx,
            parent=request.parent,
            display_name=request.project.display_name,
            project_manager=request.project.project_manager,
            products=request.project.products,
            caller=caller,
        )

    @query(answer=project_message, allow=STAFF_ROLES)
    def GetProject(self, request: pb.GetProjectRequest, tx: Session, caller: Caller) -> Project:
        return Projects(tx).get(request.name)

    @query(answer=projects_message, allow=STAFF_ROLES)
    def ListProjects(
        self, request: pb.ListProjectsRequest, tx: Session, caller: Caller
    ) -> Page[Project]:
        return queries.list_projects(
            tx,
            parent=request.parent,
            project_manager=request.project_manager,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=project_message, allow=ASSIGNING)
    def UpdateProject(
        self, request: pb.UpdateProjectRequest, tx: Session, caller: Caller
    ) -> Project:
        return projects.update_project(
            tx,
            name=request.project.name,
            display_name=request.project.display_name,
            project_manager=request.project.project_manager,
            products=request.project.products,
            fields=request.update_mask.paths,
            etag=request.project.etag,
            caller=caller,
        )

    @command(answer=project_message, allow=ASSIGNING)
    def CloseProject(self, request: pb.CloseProjectRequest, tx: Session, caller: Caller) -> Project:
        return projects.close_project(tx, name=request.name, etag=request.etag, caller=caller)
