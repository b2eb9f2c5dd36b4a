"""Files to take away: the contract and the test data (R26, R66)."""

from pathlib import Path

from millrun.contract.v1.contract_pb2 import DownloadContractRequest
from millrun.contract.v1.contract_pb2_grpc import ContractServiceStub
from millrun.fulfillment.v1.fulfillment_pb2 import DownloadTestDataRequest
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import CUSTOMERS, from_path
from shared.web import Pages, call
from shared.web.files import file

pages = Pages(Path(__file__).parent)


@pages.get("/contracts/{contract}/document", roles=CUSTOMERS)
def download_contract(request: Request) -> Response:
    """Return the contract's document."""
    asked = DownloadContractRequest(name=from_path(request, "contracts", "contract"))
    called = request.query_params.get("as", "contract")
    return file(call(request, ContractServiceStub, "DownloadContract", asked), called)


@pages.get("/work-orders/{work_order}/test-data", roles=CUSTOMERS)
def download_test_data(request: Request) -> Response:
    """Return the test data of a batch."""
    batch = request.query_params.get("batch", "")
    asked = DownloadTestDataRequest(
        name=from_path(request, "workOrders", "work_order"), production_batch_no=batch
    )
    return file(call(request, FulfillmentServiceStub, "DownloadTestData", asked), batch)
