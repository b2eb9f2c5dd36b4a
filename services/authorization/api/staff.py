"""The vendor's own people over gRPC; of it no customer sees anything."""

from millrun.authorization.v1 import authorization_pb2 as pb
from sqlalchemy.orm import Session

from services.authorization import queries
from services.authorization.commands import staff
from services.authorization.domain.deputyship import Deputyship
from services.authorization.domain.enterprise import Enterprise
from services.authorization.wire import deputyship_message, deputyships_message, enterprise_message
from shared.caller import STAFF_ROLES, Caller, Role
from shared.paging import Page
from shared.rpc import Servicer, command, query
from shared.wire import time_from

ASSIGNING = frozenset({Role.CERTIFIER, Role.BUSINESS_MANAGER, Role.PROJECT_MANAGER})


class StaffRpcs(Servicer):
    """Who has whose work in their hands."""

    @command(answer=deputyship_message, allow=ASSIGNING)
    def CreateDeputyship(
        self, request: pb.CreateDeputyshipRequest, tx: Session, caller: Caller
    ) -> Deputyship:
        return staff.create_deputyship(
            tx,
            parent=request.parent,
            deputy=request.deputyship.deputy,
            begins_at=time_from(request.deputyship.begin_time),
            ends_at=time_from(request.deputyship.end_time),
            caller=caller,
        )

    @query(answer=deputyships_message, allow=STAFF_ROLES)
    def ListDeputyships(
        self, request: pb.ListDeputyshipsRequest, tx: Session, caller: Caller
    ) -> Page[Deputyship]:
        return queries.list_deputyships(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=deputyship_message, allow=STAFF_ROLES)
    def EndDeputyship(
        self, request: pb.EndDeputyshipRequest, tx: Session, caller: Caller
    ) -> Deputyship:
        return staff.end_deputyship(tx, name=request.name, etag=request.etag, caller=caller)

    @command(answer=enterprise_message, allow=ASSIGNING)
    def AssignPeople(
        self, request: pb.AssignPeopleRequest, tx: Session, caller: Caller
    ) -> Enterprise:
        return staff.assign_people(
            tx,
            name=request.name,
            business_manager=request.business_manager,
            project_manager=request.project_manager,
            etag=request.etag,
            caller=caller,
        )
