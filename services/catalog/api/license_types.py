"""Licence types over gRPC."""

from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.license_type_pb2 import LicenseType as Message
from sqlalchemy.orm import Session

from services.catalog.api.roles import PROJECT_MANAGER
from services.catalog.commands import sold as commands
from services.catalog.domain.license_type import LicenseType
from services.catalog.queries import sold as queries
from services.catalog.queries.pricing import Priced, price
from services.catalog.store import LicenseTypes
from services.catalog.wire.masks import changes
from services.catalog.wire.modules import state_from
from services.catalog.wire.sold import (
    LICENSE_TYPE,
    license_type_from,
    license_type_message,
    license_types_message,
)
from shared.caller import Caller
from shared.paging import Page
from shared.rpc import SIGNED_IN, Servicer, command, query


class LicenseTypeRpcs(Servicer):
    """Which authorization codes are sold."""

    @query(answer=license_types_message, allow=SIGNED_IN)
    def ListLicenseTypes(
        self, request: pb.ListLicenseTypesRequest, tx: Session, caller: Caller
    ) -> Page[Priced[LicenseType]]:
        return queries.list_license_types(
            tx,
            caller=caller,
            module=request.module,
            state=state_from(request.state, Message.State),
            size=request.page_size,
            token=request.page_token,
        )

    @query(answer=license_type_message, allow=SIGNED_IN)
    def GetLicenseType(
        self, request: pb.GetLicenseTypeRequest, tx: Session, caller: Caller
    ) -> Priced[LicenseType]:
        return price(tx, caller, LicenseTypes(tx).get(request.name))

    @command(answer=license_type_message, allow=PROJECT_MANAGER)
    def CreateLicenseType(
        self, request: pb.CreateLicenseTypeRequest, tx: Session, caller: Caller
    ) -> Priced[LicenseType]:
        about = license_type_from(request.license_type)
        return Priced(commands.create_license_type(tx, sku=request.sku, **about))

    @command(answer=license_type_message, allow=PROJECT_MANAGER)
    def UpdateLicenseType(
        self, request: pb.UpdateLicenseTypeRequest, tx: Session, caller: Caller
    ) -> Priced[LicenseType]:
        wanted = request.license_type
        new = changes(wanted, request.update_mask, *LICENSE_TYPE)
        changed = commands.update_license_type(tx, name=wanted.name, etag=wanted.etag, **new)
        return price(tx, caller, changed)

    @command(answer=license_type_message, allow=PROJECT_MANAGER)
    def RetireLicenseType(
        self, request: pb.RetireLicenseTypeRequest, tx: Session, caller: Caller
    ) -> Priced[LicenseType]:
        retired = commands.retire_license_type(tx, name=request.name, etag=request.etag)
        return price(tx, caller, retired)
