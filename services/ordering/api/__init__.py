"""Ordering over gRPC."""

import grpc
from millrun.ordering.v1 import ordering_pb2_grpc as pb_grpc

from services.ordering.api.address_book import AddressBookRpcs
from services.ordering.api.attaching import AttachingRpcs
from services.ordering.api.changing import ChangingRpcs
from services.ordering.api.ending import EndingRpcs
from services.ordering.api.explaining import WhyRpcs
from services.ordering.api.filling import FillingRpcs
from services.ordering.api.invoice_profiles import InvoiceProfileRpcs
from services.ordering.api.listing import ListRpcs
from services.ordering.api.orders import OrderRpcs
from services.ordering.api.passports import PassportRpcs
from services.ordering.api.reviewing import ReviewRpcs
from services.ordering.api.suggestions import SuggestionRpcs
from shared.service import Runtime


class OrderingService(
    OrderRpcs,
    ListRpcs,
    FillingRpcs,
    AttachingRpcs,
    ReviewRpcs,
    ChangingRpcs,
    EndingRpcs,
    PassportRpcs,
    WhyRpcs,
    AddressBookRpcs,
    InvoiceProfileRpcs,
    SuggestionRpcs,
    pb_grpc.OrderingServiceServicer,
):
    """Everything ordering can be asked: see `millrun/ordering/v1/ordering.proto`."""


def register(server: grpc.Server, runtime: Runtime) -> None:
    """Have `server` answer for ordering."""
    pb_grpc.add_OrderingServiceServicer_to_server(OrderingService(runtime), server)
