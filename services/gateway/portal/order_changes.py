"""What a buyer changes after submitting, agrees to, or asks to end."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from millrun.ordering.v1.amending_pb2 import Amendment
from millrun.ordering.v1.invoice_profile_pb2 import InvoiceProfile
from millrun.ordering.v1.order_pb2 import Family, Order, OrderLine, Purpose
from millrun.ordering.v1.ordering_pb2 import (
    AcceptAmendmentRequest,
    AmendOrderRequest,
    DeclineAmendmentRequest,
    GetLiabilityRequest,
    LineServices,
    OrderChange,
    RequestCancellationRequest,
    WithdrawCancellationRequest,
)
from millrun.ordering.v1.ordering_pb2_grpc import OrderingServiceStub
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.portal.invoice_titles import titles_of
from services.gateway.portal.on_top import choices, sold_for
from services.gateway.portal.reading import order_of
from services.gateway.portal.space import ORDERERS, from_path
from shared.web import Form, Pages, _, call, page, redirect, together
from shared.web.addresses import address_in, countries
from shared.web.changeable import parts_of
from shared.web.formats import last

pages = Pages(Path(__file__).parent)

PATH = "/orders/{order}"


@pages.get(PATH + "/change", roles=ORDERERS)
def show_change(request: Request) -> Response:
    """Ask what is to be different."""
    return _page_of_change(request, order_of(request))


@pages.post(PATH + "/change", roles=ORDERERS, again=show_change)
def change_order(request: Request, form: Form) -> Response:
    """Change the order or ask for it, or only show what that means (a dry run)."""
    before = order_of(request)
    asked = AmendOrderRequest(
        **_asked(request, form),
        changes=_changes(before, form, _titles(request)),
        reason=form["reason"],
        validate_only=bool(form["preview"]),
    )
    order: Order = call(request, OrderingServiceStub, "AmendOrder", asked)
    if asked.validate_only:
        request.state.form = form
        return _page_of_change(request, before, order.amendment)
    waits = _("Your change is proposed; the order says who has to agree.")
    done = waits if order.amendment.awaits else _("The order is changed.")
    return redirect(request, _page(request), done)


@pages.post(PATH + "/amendment/accept", roles=ORDERERS)
def accept_amendment(request: Request, form: Form) -> Response:
    """Agree to what the vendor asked for."""
    call(
        request,
        OrderingServiceStub,
        "AcceptAmendment",
        AcceptAmendmentRequest(**_asked(request, form)),
    )
    return redirect(request, _page(request), _("You agreed to the change."))


@pages.post(PATH + "/amendment/decline", roles=ORDERERS)
def decline_amendment(request: Request, form: Form) -> Response:
    """Turn a change down, or take it back."""
    asked = DeclineAmendmentRequest(**_asked(request, form), reason=form["reason"])
    call(request, OrderingServiceStub, "DeclineAmendment", asked)
    return redirect(request, _page(request), _("The order stays as it was."))


@pages.get(PATH + "/end", roles=ORDERERS)
def show_end(request: Request) -> Response:
    """Show what ending the order costs, before it is asked for."""
    order = order_of(request)
    asked = GetLiabilityRequest(name=order.name)
    owed = call(request, OrderingServiceStub, "GetLiability", asked)
    return page(request, "order_end.html", order=order, owed=owed)


@pages.post(PATH + "/end", roles=ORDERERS, again=show_end)
def request_cancellation(request: Request, form: Form) -> Response:
    """Ask to end the order."""
    asked = RequestCancellationRequest(**_asked(request, form), reason=form["reason"])
    call(request, OrderingServiceStub, "RequestCancellation", asked)
    done = _("Your business manager decides about it and tells you.")
    return redirect(request, _page(request), done)


@pages.post(PATH + "/end/withdraw", roles=ORDERERS)
def withdraw_cancellation(request: Request, form: Form) -> Response:
    """Keep the order after all."""
    asked = WithdrawCancellationRequest(**_asked(request, form))
    call(request, OrderingServiceStub, "WithdrawCancellation", asked)
    return redirect(request, _page(request), _("The order goes on."))


def _changes(
    order: Order, form: Form, titles: Mapping[str, InvoiceProfile]
) -> Iterator[OrderChange]:
    """Yield what differs from the order as it is."""
    for line in order.lines:
        asked = f"quantity_{line.line_no}"
        quantity = form.number(asked) if asked in form else line.quantity
        if form[f"remove_{line.line_no}"]:
            yield OrderChange(line_no=line.line_no, remove_line=True)
        elif quantity != line.quantity:
            yield OrderChange(line_no=line.line_no, quantity=quantity)
        yield from _other_services(line, form)
    if (day := form["delivery_date"]) and day != order.form.requested_delivery_date:
        yield OrderChange(delivery_date=day)
    address = address_in(form)
    asked_where = order.family != Family.LICENSE and "street" in form
    if asked_where and address != order.form.delivery_address:
        yield OrderChange(delivery_address=address)
    if profile := titles.get(form["invoice_profile"]):
        yield OrderChange(invoice_title=profile.invoice_title)


def _other_services(line: OrderLine, form: Form) -> Iterator[OrderChange]:
    """Yield the services a line is to have, if they could be chosen and are others than now."""
    wanted, number = form.all(f"services_{line.line_no}"), line.line_no
    offered = form[f"offered_{number}"] and not form[f"remove_{number}"]
    if offered and {*wanted} != {each.service for each in line.services}:
        yield OrderChange(line_no=number, services=LineServices(services=wanted))


def _page_of_change(request: Request, order: Order, preview: Amendment | None = None) -> Response:
    """Show what can be different; the page stands without the catalogue, too."""
    sold = together(request, sold=sold_for())["sold"].answer if _serviced(order) else None
    form: Form = request.state.form or Form()
    offered = {
        line.line_no: choices(sold.value_added_services, order, line, _chosen(line, form))
        if sold
        else []
        for line in order.lines
    }
    return page(
        request,
        "order_change.html",
        order=order,
        preview=preview,
        offered=offered,
        titles=_titles(request).items(),
        countries=countries(),
        fixed=parts_of(order),
    )


def _titles(request: Request) -> dict[str, InvoiceProfile]:
    """Return the invoice titles to choose from, by the last part of their names."""
    return {last(each.name): each for each in titles_of(request)}


def _serviced(order: Order) -> bool:
    return order.purpose in {Purpose.TRIAL_PRODUCTION, Purpose.MASS_PRODUCTION} and (
        order.family != Family.LICENSE
    )


def _chosen(line: OrderLine, form: Form) -> set[str]:
    if form[f"offered_{line.line_no}"]:
        return {*form.all(f"services_{line.line_no}")}
    return {each.service for each in line.services}


def _page(request: Request) -> str:
    return f"/orders/{request.path_params['order']}"


def _asked(request: Request, form: Form) -> dict[str, Any]:
    return {
        "name": from_path(request, "orders", "order"),
        "etag": form["etag"],
        "request_id": form["request_id"],
    }
