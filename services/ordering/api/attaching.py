"""Files of orders over gRPC."""

from typing import cast

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering import wire
from services.ordering.api.roles import BUSINESS, ORDERERS, TECHNICAL
from services.ordering.commands import attaching
from services.ordering.domain.attaching import (
    AttachmentIsActive,
    AttachmentNotAccepted,
    insist_room,
)
from services.ordering.domain.errors import NotYourOrder
from services.ordering.queries import Shown, show
from services.ordering.queries.attachments import download_attachment
from services.ordering.settings import OrderingSettings
from services.ordering.store import Orders
from shared.caller import CUSTOMER_ROLES, Caller
from shared.documents import Document
from shared.inspection import asking
from shared.rpc import Servicer, command, download, upload
from shared.storage import Scope

INSPECTION = "services.ordering.inspection"
ATTACHERS = ORDERERS | BUSINESS | TECHNICAL


class AttachingRpcs(Servicer):
    """What belongs to an order besides its lines and its form."""

    def _look_at(self, request: rpc.AttachFileRequest, caller: Caller) -> str:
        """Look at the file, in no transaction: it may be hostile, and it takes its time."""
        with self.database.transaction(Scope.of(caller), read_only=True) as tx:
            order = Orders(tx).read(request.name)
            if not caller.may_see(order.enterprise):
                raise NotYourOrder(order=order.order_no)
            order.insist_unchanged(request.etag)
            insist_room(order)
        settings = cast(OrderingSettings, self.settings)
        said = asking.ask(request.content, settings, inspection=INSPECTION)
        if what := said.get("active"):
            raise AttachmentIsActive(what=what)
        if not said["media_type"]:
            raise AttachmentNotAccepted
        return str(said["media_type"])

    @upload(answer=wire.order_message, allow=ATTACHERS, ask=_look_at)
    def AttachFile(
        self, request: rpc.AttachFileRequest, tx: Session, caller: Caller, media_type: str
    ) -> Shown:
        order = attaching.attach_file(
            tx,
            name=request.name,
            caller=caller,
            file_name=request.file_name,
            media_type=media_type,
            content=request.content,
            etag=request.etag,
        )
        return show(tx, caller, order)

    @download(allow=CUSTOMER_ROLES | BUSINESS | TECHNICAL)
    def DownloadAttachment(
        self, request: rpc.DownloadAttachmentRequest, tx: Session, caller: Caller
    ) -> Document:
        return download_attachment(tx, name=request.name, caller=caller, digest=request.digest)

    @command(answer=wire.order_message, allow=ATTACHERS)
    def RemoveAttachment(
        self, request: rpc.RemoveAttachmentRequest, tx: Session, caller: Caller
    ) -> Shown:
        order = attaching.remove_attachment(
            tx, name=request.name, caller=caller, digest=request.digest, etag=request.etag
        )
        return show(tx, caller, order)
