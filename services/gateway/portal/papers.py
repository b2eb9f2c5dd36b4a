"""Files to take away: the test data (R26)."""

from pathlib import Path

from millrun.fulfillment.v1.fulfillment_pb2 import DownloadTestDataRequest
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import CUSTOMERS, from_path
from shared.web import Pages, call
from shared.web.files import file

pages = Pages(Path(__file__).parent)


@pages.get("/work-orders/{work_order}/test-data", roles=CUSTOMERS)
def download_test_data(request: Request) -> Response:
    """Return the test data of a batch."""
    batch = request.query_params.get("batch", "")
    asked = DownloadTestDataRequest(
        name=from_path(request, "workOrders", "work_order"), production_batch_no=batch
    )
    return file(call(request, FulfillmentServiceStub, "DownloadTestData", asked), batch)
