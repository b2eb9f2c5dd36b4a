"""The vendor's modules over gRPC."""

from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.module_pb2 import Module as Message
from sqlalchemy.orm import Session

from services.catalog.api.roles import PROJECT_MANAGER
from services.catalog.commands import modules as commands
from services.catalog.domain.module import Module
from services.catalog.queries import modules as queries
from services.catalog.queries.pricing import Priced, price
from services.catalog.store import Modules
from services.catalog.wire.masks import changes
from services.catalog.wire.modules import (
    CHANGEABLE,
    module_from,
    module_message,
    modules_message,
    state_from,
)
from shared.caller import Caller
from shared.paging import Page
from shared.rpc import SIGNED_IN, Servicer, command, query


class ModuleRpcs(Servicer):
    """Which modules there are."""

    @query(answer=modules_message, allow=SIGNED_IN)
    def ListModules(
        self, request: pb.ListModulesRequest, tx: Session, caller: Caller
    ) -> Page[Priced[Module]]:
        return queries.list_modules(
            tx,
            caller=caller,
            series=request.series,
            state=state_from(request.state, Message.State),
            size=request.page_size,
            token=request.page_token,
        )

    @query(answer=module_message, allow=SIGNED_IN)
    def GetModule(
        self, request: pb.GetModuleRequest, tx: Session, caller: Caller
    ) -> Priced[Module]:
        return price(tx, caller, Modules(tx).get(request.name))

    @command(answer=module_message, allow=PROJECT_MANAGER)
    def CreateModule(
        self, request: pb.CreateModuleRequest, tx: Session, caller: Caller
    ) -> Priced[Module]:
        about = module_from(request.module)
        return Priced(commands.create_module(tx, module_id=request.module_id, **about))

    @command(answer=module_message, allow=PROJECT_MANAGER)
    def UpdateModule(
        self, request: pb.UpdateModuleRequest, tx: Session, caller: Caller
    ) -> Priced[Module]:
        wanted = request.module
        new = changes(wanted, request.update_mask, *CHANGEABLE)
        module = commands.update_module(tx, name=wanted.name, etag=wanted.etag, **new)
        return price(tx, caller, module)

    @command(answer=module_message, allow=PROJECT_MANAGER)
    def RetireModule(
        self, request: pb.RetireModuleRequest, tx: Session, caller: Caller
    ) -> Priced[Module]:
        module = commands.retire_module(tx, name=request.name, etag=request.etag)
        return price(tx, caller, module)
