"""The vendor's modules over gRPC."""

from millrun.catalog.v1 import catalog_pb2 as pb
from sqlalchemy.orm import Session

from services.catalog.api.roles import PROJECT_MANAGER
from services.catalog.commands import modules as commands
from services.catalog.domain.module import Module
from services.catalog.queries import modules as queries
from services.catalog.store import Modules
from services.catalog.wire.modules import module_message, modules_message, tiers_from
from shared.caller import Caller
from shared.paging import Page
from shared.rpc import SIGNED_IN, Servicer, command, query


class ModuleRpcs(Servicer):
    """Which modules there are."""

    @query(answer=modules_message, allow=SIGNED_IN)
    def ListModules(
        self, request: pb.ListModulesRequest, tx: Session, caller: Caller
    ) -> Page[Module]:
        return queries.list_modules(tx, size=request.page_size, token=request.page_token)

    @query(answer=module_message, allow=SIGNED_IN)
    def GetModule(self, request: pb.GetModuleRequest, tx: Session, caller: Caller) -> Module:
        return Modules(tx).get(request.name)

    @command(answer=module_message, allow=PROJECT_MANAGER)
    def CreateModule(self, request: pb.CreateModuleRequest, tx: Session, caller: Caller) -> Module:
        return commands.create_module(
            tx,
            module_id=request.module_id,
            display_name=request.module.display_name,
            description=request.module.description,
            price_tiers=tiers_from(request.module.price_tiers),
            minimum_quantity=request.module.minimum_quantity,
            packing_unit=request.module.packing_unit,
            lead_time_days=request.module.lead_time_days,
        )
