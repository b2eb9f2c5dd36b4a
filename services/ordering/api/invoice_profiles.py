"""The invoice titles of an enterprise over gRPC."""

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering.api.address_book import KEEPERS, UNSAID
from services.ordering.commands import invoice_profiles as commands
from services.ordering.domain.invoice_profile import InvoiceProfile
from services.ordering.queries.invoice_profiles import list_invoice_profiles
from services.ordering.store import InvoiceProfiles
from services.ordering.wire.address_book import nothing
from services.ordering.wire.invoice_profiles import (
    profile_from,
    profile_message,
    profiles_message,
)
from shared.caller import CUSTOMER_ROLES, Caller
from shared.paging import Page
from shared.rpc import Servicer, command, query


class InvoiceProfileRpcs(Servicer):
    """Invoice titles an enterprise keeps."""

    @command(answer=profile_message, allow=KEEPERS)
    def CreateInvoiceProfile(
        self, request: rpc.CreateInvoiceProfileRequest, tx: Session, caller: Caller
    ) -> InvoiceProfile:
        said = profile_from(request.invoice_profile)
        return commands.create_invoice_profile(tx, parent=request.parent, caller=caller, **said)

    @query(answer=profile_message, allow=CUSTOMER_ROLES)
    def GetInvoiceProfile(
        self, request: rpc.GetInvoiceProfileRequest, tx: Session, caller: Caller
    ) -> InvoiceProfile:
        return InvoiceProfiles(tx).get(request.name)

    @query(answer=profiles_message, allow=CUSTOMER_ROLES)
    def ListInvoiceProfiles(
        self, request: rpc.ListInvoiceProfilesRequest, tx: Session, caller: Caller
    ) -> Page[InvoiceProfile]:
        return list_invoice_profiles(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=profile_message, allow=KEEPERS)
    def UpdateInvoiceProfile(
        self, request: rpc.UpdateInvoiceProfileRequest, tx: Session, caller: Caller
    ) -> InvoiceProfile:
        entry = request.invoice_profile
        return commands.update_invoice_profile(
            tx,
            name=entry.name,
            etag=entry.etag,
            fields=set(request.update_mask.paths) - UNSAID,
            **profile_from(entry),
        )

    @command(answer=nothing, allow=KEEPERS)
    def DeleteInvoiceProfile(
        self, request: rpc.DeleteInvoiceProfileRequest, tx: Session, caller: Caller
    ) -> None:
        return commands.delete_invoice_profile(tx, name=request.name, etag=request.etag)
