"""Fulfillment over gRPC."""

import grpc
from millrun.fulfillment.v1 import fulfillment_pb2 as pb
from millrun.fulfillment.v1 import fulfillment_pb2_grpc as pb_grpc
from sqlalchemy.orm import Session

from services.fulfillment import commands, queries, wire
from services.fulfillment.api.licenses import LicenseRpcs
from services.fulfillment.api.roles import BUYERS, PRODUCTION, PROJECT_MANAGERS, READERS
from services.fulfillment.domain.shipment import Shipment
from services.fulfillment.domain.work_order import WorkOrder
from services.fulfillment.store import WorkOrders
from shared.caller import Caller
from shared.documents import Document
from shared.paging import Page
from shared.rpc import command, download, query
from shared.service import Runtime


class FulfillmentService(LicenseRpcs, pb_grpc.FulfillmentServiceServicer):
    """Work orders, batches, shipments, and licences."""

    @query(answer=wire.work_order_message, allow=READERS)
    def GetWorkOrder(
        self, request: pb.GetWorkOrderRequest, tx: Session, caller: Caller
    ) -> WorkOrder:
        return WorkOrders(tx).get(request.name, caller)

    @query(answer=wire.work_orders_message, allow=READERS)
    def ListWorkOrders(
        self, request: pb.ListWorkOrdersRequest, tx: Session, caller: Caller
    ) -> Page[WorkOrder]:
        return queries.list_work_orders(
            tx,
            parent=request.parent,
            caller=caller,
            order=request.order,
            states=wire.states_from(request.states),
            to_ship_only=request.to_ship_only,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=wire.work_order_message, allow=PRODUCTION)
    def StartProduction(
        self, request: pb.StartProductionRequest, tx: Session, caller: Caller
    ) -> WorkOrder:
        return commands.start_production(tx, name=request.name, caller=caller, etag=request.etag)

    @command(answer=wire.work_order_message, allow=PRODUCTION)
    def StartBatch(self, request: pb.StartBatchRequest, tx: Session, caller: Caller) -> WorkOrder:
        return commands.start_batch(
            tx,
            name=request.name,
            caller=caller,
            production_batch_no=request.production_batch_no,
            quantity=request.quantity,
            etag=request.etag,
        )

    @command(answer=wire.work_order_message, allow=PRODUCTION)
    def RecordUnits(self, request: pb.RecordUnitsRequest, tx: Session, caller: Caller) -> WorkOrder:
        return commands.record_units(
            tx,
            name=request.name,
            caller=caller,
            production_batch_no=request.production_batch_no,
            results=wire.results_from(request.units),
        )

    @command(answer=wire.work_order_message, allow=PROJECT_MANAGERS)
    def ResumeBatch(self, request: pb.ResumeBatchRequest, tx: Session, caller: Caller) -> WorkOrder:
        return commands.resume_batch(
            tx,
            name=request.name,
            caller=caller,
            production_batch_no=request.production_batch_no,
            reason=request.reason,
            etag=request.etag,
        )

    @command(answer=wire.work_order_message, allow=PRODUCTION)
    def WithdrawBatch(
        self, request: pb.WithdrawBatchRequest, tx: Session, caller: Caller
    ) -> WorkOrder:
        return commands.withdraw_batch(
            tx,
            name=request.name,
            caller=caller,
            production_batch_no=request.production_batch_no,
            reason=request.reason,
            etag=request.etag,
        )

    @command(answer=wire.work_order_message, allow=PRODUCTION)
    def AttachTestData(
        self, request: pb.AttachTestDataRequest, tx: Session, caller: Caller
    ) -> WorkOrder:
        return commands.attach_test_data(
            tx,
            name=request.name,
            caller=caller,
            production_batch_no=request.production_batch_no,
            media_type=request.media_type,
            content=request.content,
        )

    @command(answer=wire.work_order_message, allow=PRODUCTION)
    def CompleteBatch(
        self, request: pb.CompleteBatchRequest, tx: Session, caller: Caller
    ) -> WorkOrder:
        return commands.complete_batch(
            tx,
            name=request.name,
            caller=caller,
            production_batch_no=request.production_batch_no,
            etag=request.etag,
        )

    @download(allow=READERS)
    def DownloadTestData(
        self, request: pb.DownloadTestDataRequest, tx: Session, caller: Caller
    ) -> Document:
        return queries.batch_test_data(
            tx,
            name=request.name,
            caller=caller,
            production_batch_no=request.production_batch_no,
        )

    @command(answer=wire.shipment_message, allow=PRODUCTION)
    def DispatchShipment(
        self, request: pb.DispatchShipmentRequest, tx: Session, caller: Caller
    ) -> Shipment:
        return commands.dispatch_shipment(
            tx,
            parent=request.parent,
            caller=caller,
            order=request.shipment.order,
            items=wire.items_from(request.shipment.items),
            carrier=request.shipment.carrier,
            tracking_no=request.shipment.tracking_no,
            labelled=wire.address_from(request.shipment),
        )

    @command(answer=wire.shipment_message, allow=BUYERS)
    def ConfirmReceipt(
        self, request: pb.ConfirmReceiptRequest, tx: Session, caller: Caller
    ) -> Shipment:
        return commands.confirm_receipt(tx, name=request.name, caller=caller, etag=request.etag)

    @query(answer=wire.shipments_message, allow=READERS)
    def ListShipments(
        self, request: pb.ListShipmentsRequest, tx: Session, caller: Caller
    ) -> Page[Shipment]:
        return queries.list_shipments(
            tx,
            parent=request.parent,
            caller=caller,
            order=request.order,
            size=request.page_size,
            token=request.page_token,
        )


def register(server: grpc.Server, runtime: Runtime) -> None:
    """Have `server` answer for fulfillment."""
    pb_grpc.add_FulfillmentServiceServicer_to_server(FulfillmentService(runtime), server)
