"""What a buyer does with an order: cancel, replace, pay, confirm receipt, invoice."""

from pathlib import Path
from typing import Any

from millrun.fulfillment.v1.fulfillment_pb2 import ConfirmReceiptRequest
from millrun.fulfillment.v1.fulfillment_pb2_grpc import FulfillmentServiceStub
from millrun.ordering.v1.ordering_pb2 import CancelOrderRequest, ReplaceOrderRequest
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from millrun.payment.v1.money_pb2 import Instalment, Method
from millrun.payment.v1.payment_pb2 import (
    InstructPaymentRequest,
    RequestInvoiceRequest,
    VoidPaymentRequest,
)
from millrun.payment.v1.payment_pb2_grpc import PaymentServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.space import ORDERERS, PAYERS, from_path
from shared.web import Form, Pages, _, call, redirect
from shared.web.formats import last

pages = Pages(Path(__file__).parent)

PATH = "/orders/{order}"
METHODS = dict(Method.items())
INSTALMENTS = dict(Instalment.Kind.items())


@pages.post(PATH + "/cancel", roles=ORDERERS)
def cancel_order(request: Request, form: Form) -> Response:
    """Withdraw the order, with a reason (A15)."""
    asked = CancelOrderRequest(**_order(request, form), reason=form["reason"])
    call(request, OrderingServiceStub, "CancelOrder", asked)
    return redirect(request, _page(request), _("The order is cancelled."))


@pages.post(PATH + "/replace", roles=ORDERERS)
def replace_order(request: Request, form: Form) -> Response:
    """Put a new draft in its place, filled in like it (R63)."""
    asked = ReplaceOrderRequest(**_order(request, form))
    draft = call(request, OrderingServiceStub, "ReplaceOrder", asked)
    done = _("This order takes the place of the old one. Correct it, then submit it.")
    return redirect(request, f"/orders/{last(draft.name)}", done)


@pages.post(PATH + "/pay", roles=PAYERS)
def instruct_payment(request: Request, form: Form) -> Response:
    """Say how an instalment will be paid (R68-R72)."""
    asked = InstructPaymentRequest(
        name=from_path(request, "paymentPlans", "order"),
        method=METHODS.get(form["method"], Method.METHOD_UNSPECIFIED),
        instalment=INSTALMENTS.get(form["instalment"], Instalment.KIND_UNSPECIFIED),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    payment = call(request, PaymentServiceStub, "InstructPayment", asked)
    done = _("Thank you. Write the reference %(reference)s on it.", reference=payment.reference)
    return redirect(request, _page(request), done)


@pages.post(PATH + "/payments/{payment}/void", roles=PAYERS)
def void_payment(request: Request, form: Form) -> Response:
    """Withdraw what was said about paying."""
    asked = VoidPaymentRequest(
        name=from_path(request, "payments", "payment"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, PaymentServiceStub, "VoidPayment", asked)
    return redirect(request, _page(request), _("That payment is withdrawn."))


@pages.post(PATH + "/invoice", roles=PAYERS)
def request_invoice(request: Request, form: Form) -> Response:
    """Ask for the invoice (R74)."""
    asked = RequestInvoiceRequest(
        name=from_path(request, "paymentPlans", "order"), request_id=form["request_id"]
    )
    call(request, PaymentServiceStub, "RequestInvoice", asked)
    return redirect(request, _page(request), _("The invoice is asked for."))


@pages.post(PATH + "/shipments/{shipment}/receipt", roles=ORDERERS)
def confirm_receipt(request: Request, form: Form) -> Response:
    """Confirm that the goods are there."""
    asked = ConfirmReceiptRequest(
        name=from_path(request, "shipments", "shipment"),
        etag=form["etag"],
        request_id=form["request_id"],
    )
    call(request, FulfillmentServiceStub, "ConfirmReceipt", asked)
    return redirect(request, _page(request), _("Thank you, the receipt is confirmed."))


def _page(request: Request) -> str:
    return f"/orders/{request.path_params['order']}"


def _order(request: Request, form: Form) -> dict[str, Any]:
    return {
        "name": from_path(request, "orders", "order"),
        "etag": form["etag"],
        "request_id": form["request_id"],
    }
