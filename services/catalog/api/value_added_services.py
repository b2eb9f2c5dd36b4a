"""Value-added services over gRPC."""

from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.value_added_service_pb2 import ValueAddedService as Message
from sqlalchemy.orm import Session

from services.catalog.api.roles import PROJECT_MANAGER
from services.catalog.commands import sold as commands
from services.catalog.domain.value_added_service import ValueAddedService
from services.catalog.queries import sold as queries
from services.catalog.queries.pricing import Priced, price
from services.catalog.store import Services
from services.catalog.wire.modules import state_from
from services.catalog.wire.sold import service_from, service_message, services_message
from shared.caller import Caller
from shared.paging import Page
from shared.rpc import SIGNED_IN, Servicer, command, query


class ValueAddedServiceRpcs(Servicer):
    """What the vendor does on top of orders."""

    @query(answer=services_message, allow=SIGNED_IN)
    def ListValueAddedServices(
        self, request: pb.ListValueAddedServicesRequest, tx: Session, caller: Caller
    ) -> Page[Priced[ValueAddedService]]:
        return queries.list_services(
            tx,
            caller=caller,
            module=request.module,
            state=state_from(request.state, Message.State),
            size=request.page_size,
            token=request.page_token,
        )

    @query(answer=service_message, allow=SIGNED_IN)
    def GetValueAddedService(
        self, request: pb.GetValueAddedServiceRequest, tx: Session, caller: Caller
    ) -> Priced[ValueAddedService]:
        return price(tx, caller, Services(tx).get(request.name))

    @command(answer=service_message, allow=PROJECT_MANAGER)
    def CreateValueAddedService(
        self, request: pb.CreateValueAddedServiceRequest, tx: Session, caller: Caller
    ) -> Priced[ValueAddedService]:
        return Priced(
            commands.create_value_added_service(
                tx,
                service_id=request.value_added_service_id,
                **service_from(request.value_added_service),
            )
        )

    @command(answer=service_message, allow=PROJECT_MANAGER)
    def UpdateValueAddedService(
        self, request: pb.UpdateValueAddedServiceRequest, tx: Session, caller: Caller
    ) -> Priced[ValueAddedService]:
        wanted = request.value_added_service
        new = service_from(wanted, request.update_mask)
        changed = commands.update_value_added_service(tx, name=wanted.name, etag=wanted.etag, **new)
        return price(tx, caller, changed)

    @command(answer=service_message, allow=PROJECT_MANAGER)
    def RetireValueAddedService(
        self, request: pb.RetireValueAddedServiceRequest, tx: Session, caller: Caller
    ) -> Priced[ValueAddedService]:
        retired = commands.retire_value_added_service(tx, name=request.name, etag=request.etag)
        return price(tx, caller, retired)
