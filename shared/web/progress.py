"""How far an order is, as the steps on top of its page."""

from millrun.ordering.v1.order_pb2 import Family, Gate, Gates, Order

from shared.web.said import said
from shared.web.text import _

Step = dict[str, str]

STOPPED = {
    Order.REJECTED: _("Rejected"),
    Order.EXPIRED: _("Expired"),
    Order.CANCELLED: _("Cancelled"),
    Order.REPLACED: _("Replaced"),
}


def progress(order: Order) -> list[Step]:
    """Return each step, whether it is done, and which is next."""
    steps = list(_steps(order))
    done = [is_done for _label, is_done, _note in steps]
    now = done.index(False) if False in done else len(done)
    shown = [
        {"label": label, "state": _state(index, now, is_done), "note": note}
        for index, (label, is_done, note) in enumerate(steps)
    ]
    if order.state not in STOPPED:
        return shown
    return [*(s for s in shown if s["state"] == "done"), _end(order)]


def _steps(order: Order) -> list[tuple[str, bool, str]]:
    gates = order.gates
    reviewed = _met(gates.price) and _met(gates.software)
    return [
        (_("Submitted"), order.HasField("submit_time"), ""),
        (_("Confirmed"), reviewed, _review(order)),
        *_if_needed(gates.contract, _("Contract signed"), _met(gates.contract)),
        *_if_needed(gates.deposit, _("Deposit paid"), _met(gates.deposit), _deposit(order)),
        *_made_and_paid(order),
        *(_of_codes(order) if order.family == Family.LICENSE else _of_goods(gates)),
        (_("Completed"), order.state == Order.COMPLETED, ""),
    ]


def _made_and_paid(order: Order) -> list[tuple[str, bool, str]]:
    """What has no deposit is paid in full before it is made (A8), all else before it is sent."""
    made = _if_needed(order.gates.production, _("Produced"), _made(order))
    paid = [(_("Paid in full"), _met(order.gates.balance), "")]
    return paid + made if order.gates.deposit == Gate.NOT_REQUIRED else made + paid


def _of_goods(gates: Gates) -> list[tuple[str, bool, str]]:
    return [
        *_if_needed(gates.shipment, _("Shipped"), _met(gates.shipment)),
        (_("Received"), _met(gates.receipt), ""),
    ]


def _of_codes(order: Order) -> list[tuple[str, bool, str]]:
    """Codes are issued and opened: nobody sends or receives anything."""
    return [
        (_("Codes issued"), _made(order), ""),
        (_("Codes opened"), _met(order.gates.receipt), ""),
    ]


def _if_needed(
    gate: "Gate.ValueType", label: str, done: bool, note: str = ""
) -> list[tuple[str, bool, str]]:
    """Return a step, or nothing where the order does not take it."""
    return [] if gate == Gate.NOT_REQUIRED else [(label, done, note)]


def _review(order: Order) -> str:
    if _met(order.gates.price) == _met(order.gates.software):
        return ""
    return _("price is confirmed") if _met(order.gates.price) else _("software is confirmed")


def _deposit(order: Order) -> str:
    percent = order.terms.deposit_percent
    return _("%(percent)s %% before production", percent=percent) if percent else ""


def _made(order: Order) -> bool:
    return all(line.finished_quantity >= line.quantity for line in order.lines)


def _met(gate: "Gate.ValueType") -> bool:
    return gate in (Gate.PASSED, Gate.NOT_REQUIRED)


def _state(index: int, now: int, is_done: bool) -> str:
    if is_done:
        return "done"
    return "now" if index == now else "next"


def _end(order: Order) -> Step:
    return {
        "label": _(STOPPED[order.state]),
        "state": "stopped",
        "note": said(order.close_reason),
    }
